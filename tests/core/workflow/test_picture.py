"""A workflow as a picture: every way is there once, and none lies on another (W18)."""

from itertools import combinations

from core.workflow.picture import Way, picture
from tests.core.workflow.asked import FLOW


def rows(way: Way) -> tuple[int, int]:
    first, last = sorted((way.start_row, way.end_row))
    return first, last


def test_every_route_of_every_stage_is_a_way_and_nothing_else_is() -> None:
    drawn = {(way.start, way.end): set(way.decisions) for way in picture(FLOW).ways}
    routed: dict[tuple[str, str], set[str]] = {(FLOW.start, FLOW.first): set()}
    for stage in FLOW.stages:
        for decision in stage.decisions:
            for route in decision.routes:
                routed.setdefault((stage.key, route.to), set()).add(decision.key)
    assert drawn == routed


def test_stages_stand_in_their_order() -> None:
    assert picture(FLOW).stages == tuple(stage.key for stage in FLOW.stages)


def test_no_two_ways_of_a_side_run_in_one_lane_beside_the_same_rows() -> None:
    found = picture(FLOW)
    for one, other in combinations([way for way in found.ways if way.lane], 2):
        if (one.back, one.lane) == (other.back, other.lane):
            (first, last), (above, below) = rows(one), rows(other)
            assert last <= above or first >= below, (one, other)
    assert {way.lane for way in found.ways if not way.back} == set(range(found.right + 1))
    assert {way.lane for way in found.ways if way.back} == set(range(1, found.left + 1))


def test_ways_straight_to_the_next_stage_need_no_lane() -> None:
    found = {(way.start, way.end): way for way in picture(FLOW).ways}
    assert found["triage", "awaiting_evidence"].lane == 0
    assert found["triage", "adjudication"].lane > 0
    assert found["adjudication", "evidence_review"].back
