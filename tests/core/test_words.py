"""Everything that a person reads exists in both languages, and names the same things."""

import re
import string

from core.desk.answers import Refused
from core.i18n import catalogue, money, say
from core.migrate import standard
from core.wording import refusal_text

KEYS = re.compile(r'Refus(?:ed|al)\(\s*"(\w+)"|\.refused\(\s*"(\w+)"')


def _names(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_have_the_same_sentences_with_the_same_names() -> None:
    english, chinese = catalogue("en"), catalogue("zh_CN")
    assert english.keys() == chinese.keys()
    assert [k for k, v in english.items() if not v.strip() or not chinese[k].strip()] == []
    assert [k for k, v in english.items() if _names(v) != _names(chinese[k])] == []


def test_every_refusal_of_the_core_has_a_sentence() -> None:
    from pathlib import Path

    import core

    folder = Path(core.__file__).parent
    texts = [path.read_text() for path in folder.rglob("*.py")]
    keys = {a or b for text in texts for a, b in KEYS.findall(text)}
    assert len(keys) > 20
    assert {key for key in keys if f"refusal.{key}" not in catalogue("en")} == set()


def test_refusal_names_fields_and_stages_by_their_labels() -> None:
    refused = Refused("missing", {"number": "X", "stage": "triage"}, fields=("category", "state"))
    assert (
        refusal_text(refused, standard(), "zh-CN") == "请先选择：商品品类、现状。尚未作出任何决定。"
    )
    assert "Product category, State" in refusal_text(refused, standard(), "en")


def test_a_space_parts_chinese_from_the_latin_names_in_it() -> None:
    assert say("card.held", "zh_CN", who="Tom") == "Tom 处理中"
    assert say("card.held", "zh_CN", who="孙伟") == "孙伟处理中"
    told = say("direct.assigned", "zh_CN", who="Sun Wei", number="7F3-K2M-XYZ", stage="判责")
    assert told == "Sun Wei 将纠纷单 7F3-K2M-XYZ 分派给你，判责。"
    assert say("card.asked.answered", "zh_CN", party="Tom") == "Tom：已举证"


def test_nothing_that_is_filled_in_is_filled_in_again() -> None:
    for locale in ("en", "zh_CN"):
        assert "{who}" in say("card.held", locale, who="{who}")


def test_no_sentence_asks_for_a_format_of_its_own() -> None:
    texts = [*catalogue("en").values(), *catalogue("zh_CN").values()]
    parsed = [part for text in texts for part in string.Formatter().parse(text)]
    assert [p for p in parsed if p[2] or p[3]] == []


def test_system_moves_are_not_blamed_on_a_person() -> None:
    params = {"number": "X", "stage": "finished", "who": "", "decision": "evidence_timeout"}
    text = refusal_text(Refused("too_late", params), standard(), "en")
    assert "moved on by itself" in text


def test_amounts_follow_the_currency_s_own_exponent() -> None:
    assert money(12_345, "JPY", "en") == "¥12,345"
    assert money(12_345, "CNY", "zh_CN") == "¥123.45"
    assert say("refusal.busy", "zh")
