"""What no document may say, however it comes in."""

from dataclasses import replace

import pytest

from core.migrate import standard
from core.workflow.problems import problems
from core.workflow.text import TextError, from_toml


@pytest.mark.parametrize("number", [2**53 + 1, -(2**60), 10**40])
def test_number_that_no_database_holds_is_refused_with_its_place(number: int) -> None:
    text = f"""format = 1
[[workflows]]
key = "w"
label = {{ zh_CN = "w", en = "w" }}
start = "s"
first = "s"
preferred_minutes = {number}
"""
    with pytest.raises(TextError) as error:
        from_toml(text)
    assert error.value.place == "workflows[w].preferred_minutes"


@pytest.mark.parametrize("text", ["x = " + "[" * 50_000, "x = " + "{ a = " * 50_000])
def test_text_nested_too_deeply_is_refused(text: str) -> None:
    with pytest.raises(TextError, match="nested too deeply"):
        from_toml(text)


def test_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(TextError, match="not TOML"):
        from_toml("x = " + "9" * 5_000)


def test_times_beyond_every_calendar_forbid_publishing() -> None:
    document = standard()
    workflow = document.workflows[0]
    level = replace(workflow.service_levels[0], minutes=10**9)
    stage = replace(workflow.stages[1], hold_minutes=-1)
    changed = replace(
        workflow,
        preferred_minutes=10**9,
        service_levels=(level, *workflow.service_levels[1:]),
        stages=(workflow.stages[0], stage, *workflow.stages[2:]),
    )
    found = [p.key for p in problems(replace(document, workflows=(changed,)))]
    assert sorted(found) == ["bad_hold_minutes", "bad_hold_minutes", "bad_minutes"]
