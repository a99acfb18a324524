"""Public holidays by country and year, with names and make-up working days (G7)."""

import datetime as dt

import pytest

from core.clocks.calendar import Shift
from core.desk import public_holidays
from core.desk.special import LONGEST_NAME

WORK = (Shift(540, 1080),)


def test_china_s_make_up_weekends_are_worked_and_its_bridge_days_are_not() -> None:
    days = {day.date: day for day in public_holidays.of("CN", (2025,), WORK)}
    assert days[dt.date(2025, 1, 29)].label_zh == "春节"
    assert "Spring Festival" in days[dt.date(2025, 1, 29)].label_en
    sunday = days[dt.date(2025, 1, 26)]
    assert (sunday.shifts, sunday.label_zh, sunday.label_en) == (
        WORK,
        "调休上班",
        "Make-up working day",
    )
    assert days[dt.date(2025, 2, 3)].shifts == ()
    assert {day.year for day in days} == {2025}


def test_years_come_together_in_the_order_of_their_days() -> None:
    found = public_holidays.of("CN", (2024, 2025), WORK)
    assert [day.date for day in found] == sorted(day.date for day in found)
    assert {day.date.year for day in found} == {2024, 2025}


def test_country_without_chinese_names_has_english_ones() -> None:
    unity = {day.date: day for day in public_holidays.of("DE", (2026,), WORK)}
    assert unity[dt.date(2026, 10, 3)].label_en == "German Unity Day"
    assert unity[dt.date(2026, 10, 3)].label_zh == ""


def test_year_whose_make_up_days_are_not_announced_is_named() -> None:
    announced = public_holidays.of("CN", (2025,), WORK)
    assert public_holidays.unannounced("CN", (2025, 2026), announced) == [2026]
    assert public_holidays.unannounced("CN", (2025,), announced) == []
    assert public_holidays.unannounced("DE", (2025,), []) == []


def test_every_country_on_offer_has_holidays_with_names() -> None:
    for country in public_holidays.countries():
        for day in public_holidays.of(country, (2026,), WORK):
            assert day.called("en"), (country, day)
            assert len(day.label_en) <= LONGEST_NAME


@pytest.mark.parametrize(("country", "year"), [("XX", 2026), ("CN", 1999), ("CN", 2101)])
def test_country_or_year_out_of_reach_is_not_guessed(country: str, year: int) -> None:
    with pytest.raises(LookupError):
        public_holidays.of(country, (year,), WORK)
