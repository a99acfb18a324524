"""The benchmark of the sweep still compares like with like: both sides write the same rows."""

import json

import pytest

from benchmarks import sweep


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_sweep_and_its_floor_write_the_same_rows(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep.main(["--due", "20", "--running", "200", "--database", kind])
    (line,) = capsys.readouterr().out.splitlines()
    assert json.loads(line)["name"] == f"sweep/{kind}"


def test_other_rows_than_the_floor_s_stop_the_benchmark(monkeypatch: pytest.MonkeyPatch) -> None:
    *told, _sent, moved = sweep.sweep_floor.SQLITE
    monkeypatch.setattr(sweep.sweep_floor, "SQLITE", (*told, moved))
    with pytest.raises(SystemExit, match="rows of outbox"):
        sweep.main(["--due", "20", "--running", "200", "--database", "sqlite"])
