"""The virtual world: the same seed always gives the same, in both languages and currencies."""

import ast
import io
from pathlib import Path

import puremagic
import pytest

import demo.marketplace
from core.currency import known
from core.market.wire import OrderShape
from demo.marketplace import papers, world
from portal.shapes_in import DisputeIn


def test_same_seed_and_number_give_the_same_order() -> None:
    assert world.order(3, "V12") == world.order(3, "V12")
    assert world.order(3, "V12") != world.order(4, "V12")
    assert world.dispute(3, 12) == world.dispute(3, 12)


@pytest.mark.parametrize("number", ["", "12", "V", "V-1", "V1.5", "V12x", "V0123456789"])
def test_other_numbers_are_no_orders(number: str) -> None:
    assert world.order(3, number) is None


def test_orders_and_disputes_are_what_the_desk_takes() -> None:
    languages, short = set(), 0
    for n in range(300):
        order = world.order(1, f"V{n}")
        assert order is not None
        shape = OrderShape.model_validate(world.told(order))
        assert shape.currency in known()
        goods = sum(line.unit_price * line.quantity for line in shape.lines)
        assert shape.paid == goods + shape.freight
        body = DisputeIn.model_validate(world.dispute(1, n))
        assert body.order_number == order.number
        assert "{" not in body.story
        languages.add((body.locale, order.currency))
        short += order.held == 0
    assert languages == {("zh-CN", "CNY"), ("en", "EUR")}
    assert 30 < short < 120


def test_papers_are_what_they_say_and_no_two_alike() -> None:
    pictures = {papers.made("png", n) for n in range(50)}
    documents = {papers.made("pdf", n) for n in range(50)}
    assert len(pictures) == len(documents) == 50
    assert {puremagic.from_string(p, mime=True) for p in pictures} == {"image/png"}
    assert {puremagic.from_string(d, mime=True) for d in documents} == {"application/pdf"}
    assert io.BytesIO(documents.pop()).read().endswith(b"%%EOF\n")


def test_marketplace_knows_the_desk_by_http_alone() -> None:
    folder = Path(demo.marketplace.__file__).parent
    imported = set()
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                imported.add(node.module.split(".")[0])
    assert imported & {"core", "bot", "admin", "portal", "web", "sandbox", "app"} == set()


def test_agent_who_reads_a_story_knows_its_category_and_reason() -> None:
    from core.migrate import standard

    sets = standard().options_by_set
    for n in range(1, 200):
        facts = world.plain_facts(world.dispute(7, n))
        assert facts.keys() == {"category", "reason", "state"}
        assert all(facts[key] in sets[key] for key in facts)
        assert facts["reason"] != "faulty" or facts["category"] in (
            "appliance",
            "digital",
            "computer",
        )
