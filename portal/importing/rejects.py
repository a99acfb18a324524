"""The reject file: each bad row with its line, the reason in words, and the row as it stood.

For CSV it is CSV again, `line` and `reason` in front of the row's own text, so that a person mends
it and imports it by the same mapping. For JSON Lines it is JSON Lines.
"""

import csv
import io
import json
import os
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from core.i18n import say
from portal.importing.mapping import Mapping
from portal.importing.rows import Row, Source


@dataclass(frozen=True, slots=True)
class Why:
    """Why a row was rejected: the place in the mapping, a message key, its names."""

    place: str
    key: str
    names: dict[str, Any]

    def text(self, locale: str) -> str:
        """The reason in words."""
        reason = say(f"import.row.{self.key}", locale, **self.names)
        return f"{self.place}: {reason}" if self.place else reason


class Rejects:
    """The reject file; it is made with the first bad row, and readable to its owner alone (X1)."""

    def __init__(self, path: Path | None, source: Source, mapping: Mapping, locale: str) -> None:
        self._path = path
        self._source = source
        self._delimiter = mapping.delimiter
        self._encoding = mapping.encoding
        self._locale = locale
        self._file: IO[str] | None = None

    def add(self, row: Row, why: Why) -> None:
        """Writes a bad row down."""
        if self._path is None:
            return
        file = self._file or self._open(self._path)
        reason = why.text(self._locale)
        if self._source.is_csv:
            file.write(self._front(str(row.line), reason) + _ended(row.raw))
        else:
            said = {"line": row.line, "reason": reason, "row": row.raw.rstrip("\r\n")}
            file.write(json.dumps(said, ensure_ascii=False) + "\n")

    def __enter__(self) -> "Rejects":
        if self._path is not None:
            self._path.unlink(missing_ok=True)  # of an earlier run
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    def _open(self, path: Path) -> IO[str]:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        # What could not be decoded goes out as the very bytes that came in.
        self._file = os.fdopen(
            descriptor, "w", encoding=self._encoding, errors="surrogateescape", newline=""
        )
        if self._source.is_csv:
            self._file.write(self._front("line", "reason") + _ended(self._source.header))
        return self._file

    def _front(self, line: str, reason: str) -> str:
        """Two cells and a delimiter."""
        cells = io.StringIO()
        csv.writer(cells, delimiter=self._delimiter, lineterminator="").writerow([line, reason])
        return cells.getvalue() + self._delimiter


def _ended(raw: str) -> str:
    return raw if raw.endswith(("\n", "\r")) else raw + "\n"
