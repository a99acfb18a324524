"""Rows out of a file, one at a time: the cells that a mapping reads, and the row as it stood.

A row that cannot be read is given with what is wrong, and the ones behind it follow.
"""

import contextlib
import csv
import gzip
import io
import json
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import Any

from portal.importing.mapping import BadMapping, Mapping

LIST = "\x1f"  # stands between the entries of a JSON list of texts
LINE_LIMIT = 1_000_000  # characters of one line; a longer one is no row
_CUT = (EOFError, zlib.error, gzip.BadGzipFile)
_ESCAPED = re.compile(r"[\udc80-\udcff]")
_WIDE = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its first line, its text as it stood, and its cells, or what is wrong with it."""

    line: int
    raw: str
    cells: Sequence[str] = ()
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """A file being read: its header's text (empty for JSON Lines) and its rows."""

    header: str
    rows: Iterator[Row]
    is_csv: bool
    size: int
    position: Callable[[], int]  # bytes of the file on the disk that were read


@contextlib.contextmanager
def opened(path: Path, mapping: Mapping) -> Iterator[Source]:
    """A file, open for a mapping. Raises BadMapping where the two do not fit."""
    try:
        disk = path.open("rb")
    except OSError as error:
        raise BadMapping(path.name, "no_file", error=error.strerror) from None
    with disk:
        plain: Any = gzip.GzipFile(fileobj=disk) if path.suffix == ".gz" else disk
        lines = _Lines(_decoded(plain, mapping))
        is_csv = _is_csv(path, mapping)
        header, rows = _csv(lines, mapping) if is_csv else ("", _json_lines(lines, mapping))
        yield Source(header, rows, is_csv, path.stat().st_size, disk.tell)


class _Lines:
    """The lines of a text, remembering those that the current row has used."""

    def __init__(self, text: io.TextIOBase) -> None:
        self._text = text
        self.number = 0
        self.used: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(LINE_LIMIT)
        if not line:
            raise StopIteration
        self.number += 1
        self.used.append(line)
        return line

    def take(self) -> tuple[int, str]:
        """The first line's number and the text of the row that was just read."""
        first, raw = self.number - len(self.used) + 1, "".join(self.used)
        self.used.clear()
        return first, raw


def _decoded(plain: Any, mapping: Mapping) -> io.TextIOBase:
    """The text of a file, its byte order mark gone. Bytes of another encoding stay visible."""
    buffered = io.BufferedReader(plain)
    try:
        start = buffered.peek(4)[:4]
    except _CUT:
        start = b""
    encoding = mapping.encoding.lower().replace("_", "-")
    for mark, name in _WIDE:
        if start.startswith(mark) and not encoding.startswith("utf-16"):
            raise BadMapping("encoding", "other_encoding", encoding=name)
    if encoding == "utf-8":
        encoding = "utf-8-sig"
    return io.TextIOWrapper(buffered, encoding, errors="surrogateescape", newline="")


def _is_csv(path: Path, mapping: Mapping) -> bool:
    if mapping.format:
        return mapping.format == "csv"
    names = [suffix for suffix in path.suffixes if suffix != ".gz"]
    return not names or names[-1] not in (".jsonl", ".ndjson", ".json")


def _csv(lines: _Lines, mapping: Mapping) -> tuple[str, Iterator[Row]]:
    reader = csv.reader(lines, delimiter=mapping.delimiter, strict=True)
    try:
        header = next(reader, [])
    except (csv.Error, *_CUT) as error:
        raise BadMapping("line 1", "bad_header", error=str(error)) from None
    _, raw = lines.take()
    names = [name.strip() for name in header]
    if not any(names):
        raise BadMapping("line 1", "empty_file")
    for place, take in mapping.takes():
        for column in take.columns:
            if names.count(column) != 1:
                key = "column_twice" if column in names else "column_missing"
                raise BadMapping(place, key, column=column, columns=", ".join(names))
    return raw, _csv_rows(reader, lines, len(names), _picker(names, mapping.columns()))


def _picker(names: list[str], columns: tuple[str, ...]) -> Callable[[list[str]], Sequence[str]]:
    places = [names.index(column) for column in columns]
    if len(places) < 2:
        return lambda row: [row[place] for place in places]
    return itemgetter(*places)


def _csv_rows(
    reader: Any, lines: _Lines, width: int, pick: Callable[[list[str]], Sequence[str]]
) -> Iterator[Row]:
    while True:
        try:
            row = next(reader, None)
        except csv.Error:
            yield Row(*lines.take(), wrong="broken_csv")
            continue
        except _CUT:
            yield Row(*lines.take(), wrong="cut_off")
            return
        except UnicodeError:
            yield Row(*lines.take(), wrong="not_decodable")
            return
        if row is None:
            return
        first, raw = lines.take()
        if not row:  # an empty line
            continue
        if _undecoded(raw):
            yield Row(first, raw, wrong="not_decodable")
        elif len(row) != width:
            yield Row(first, raw, wrong="uneven")
        else:
            yield Row(first, raw, pick(row))


def _json_lines(lines: _Lines, mapping: Mapping) -> Iterator[Row]:
    columns = mapping.columns()
    while True:
        try:
            line = next(lines, None)
        except _CUT:
            yield Row(*lines.take(), wrong="cut_off")
            return
        except UnicodeError:
            yield Row(*lines.take(), wrong="not_decodable")
            return
        if line is None:
            return
        first, raw = lines.take()
        if not line.strip():
            continue
        if _undecoded(raw):
            yield Row(first, raw, wrong="not_decodable")
            continue
        try:
            found = json.loads(line, parse_float=str, parse_int=str)
        except (ValueError, RecursionError):
            yield Row(first, raw, wrong="broken_json")
            continue
        if not isinstance(found, dict):
            yield Row(first, raw, wrong="no_object")
            continue
        yield Row(first, raw, [_text(found.get(column)) for column in columns])


def _undecoded(raw: str) -> bool:
    """Whether bytes of another encoding are in the text."""
    return not raw.isascii() and _ESCAPED.search(raw) is not None


def _text(value: object) -> str:
    """A JSON value as the text of a cell."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return LIST.join(value)
    return json.dumps(value, ensure_ascii=False)
