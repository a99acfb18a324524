"""The wall towards the outside: no agent, no decision of theirs, no word of another party (X5)."""

import re

import flask
import pytest

from core.desk.answers import Refused
from core.migrate import standard
from portal.problems import refused
from tests.factories import REFUND, SOUND
from tests.files import png
from tests.portal.conftest import Api


@pytest.mark.parametrize("key", ["too_late", "held", "try_again", "unknown_visit"])
def test_refusals_meant_for_agents_name_nobody_to_a_party(key: str) -> None:
    params = {"number": "X", "stage": "triage", "who": "Tang Li", "decision": "rule_merchant"}
    app = flask.Flask(__name__)
    with app.test_request_context(headers={"Accept-Language": "en"}):
        answer = refused(Refused(key, {**params, "until": ""}), standard())
    told = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert [word for word in ("Tang", "Merchant liable", "rule_merchant") if word in told] == []


def test_whole_way_of_a_dispute_tells_no_party_what_the_other_said(small_api: Api) -> None:
    client, desk = small_api.client(), small_api.desk
    dispute = desk.at_stage("awaiting_evidence")
    number = desk.at(dispute).row.number
    heard = []

    def look() -> None:
        heard.append(client.get(f"/disputes/{number}").text)

    look()
    for party, kind in (("buyer", "photos"), ("merchant", "outbound")):
        said = {"party": party, "kind": kind, "note": f"{party} says secret-{party}"}
        files = {"file": ("a.png", png())}
        heard.append(client.post(f"/disputes/{number}/evidence", data=said, files=files).text)
        done = {"party": party, "decision": "nothing_more"}
        heard.append(client.post(f"/disputes/{number}/events", json=done).text)
    for decision, chosen in (
        ("enough", SOUND),
        ("rule_merchant", {"quality": "evidence_overlooked"}),
        ("pay_offline", REFUND),
    ):
        desk.must(dispute, decision, chosen)
        look()
    words = ("secret-", "overlooked", "漏看", "The kettle", "story")
    assert [word for word in words if word in " ".join(heard)] == []
    people = re.compile("|".join(rf"\b{name}\b" for name in desk.people))
    assert people.search(" ".join(heard)) is None
