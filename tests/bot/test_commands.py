"""What can be typed, what Home shows, and how a dispute is opened from Slack."""

from sqlalchemy import select

from core.desk.numbers import shown
from core.tables import Dispute, Fact
from tests.bot.office import Office
from tests.bot.sights import number, wait_modal


def said(office: Office, who: str, text: str) -> str:
    """What the command answers, to its typer only."""
    outcome = office.person(who).command("C0001", f"/dispute {text}".strip())
    assert outcome["ok"], outcome
    return "\n".join(message["text"] for message in outcome["ephemerals"])


def test_next_hands_out_the_most_urgent_dispute_of_the_home_stage(at_work: Office) -> None:
    desk = at_work.desk
    late, later = desk.open(), None
    desk.pass_time(minutes=30)
    later = desk.open()
    at_work.settle()
    assert shown(number(at_work, late)) in said(at_work, "Tom", "next")
    assert desk.at(late).row.holder_id == desk.people["Tom"]
    assert shown(number(at_work, late)) in said(at_work, "Tom", "")  # what one holds comes first
    assert shown(number(at_work, later)) in said(at_work, "Tang Li", "next")
    assert "Nothing waits for you" in said(at_work, "Eva", "next")


def test_number_shows_any_dispute_however_it_is_typed(at_work: Office) -> None:
    dispute = at_work.desk.at_stage("awaiting_evidence")
    typed = number(at_work, dispute).lower()
    answer = said(at_work, "Sun Wei", f"#{typed[:3]}-{typed[3:]}")
    assert "待补充凭证" in answer


def test_mistyped_number_is_pointed_out_with_the_usage(at_work: Office) -> None:
    typed = number(at_work, at_work.desk.open())
    wrong = ("Z" if typed[0] != "Z" else "Y") + typed[1:]
    assert "is no dispute number" in said(at_work, "Tom", wrong)
    assert "is no dispute number" in said(at_work, "Tom", "<!channel> *bold*")


def test_help_says_what_can_be_typed_and_blames_nobody(at_work: Office) -> None:
    assert "`/dispute next`" in said(at_work, "Tom", "help")
    assert "is no dispute number" not in said(at_work, "Tom", "help")


def test_stranger_is_told_whom_to_ask_in_both_languages(at_work: Office) -> None:
    at_work.sandbox.add_person(id="U9999", name="stranger", real_name="Stranger")
    at_work.sandbox.change_channel("C0001", join=["U9999"])
    outcome = at_work.sandbox.act_as("U9999").command("C0001", "/dispute next")
    text = outcome["ephemerals"][0]["text"]
    assert "U9999" in text
    assert "主管" in text


def test_dispute_is_opened_from_a_form(at_work: Office) -> None:
    at_work.person("Tom").command("C0001", "/dispute new")
    modal = wait_modal(at_work, "Tom")
    assert modal["title"]["text"] == "New dispute"
    form = {
        "order": "order-77",
        "buyer": "buyer-77",
        "story": "It never came.",
        "field.reason": "lost",
    }
    outcome = at_work.person("Tom").submit(form)
    assert "is open and waits at Intake" in str(outcome["modal"]["blocks"])
    rows = at_work.desk.rows(select(Dispute.source, Dispute.channel))
    assert rows == [("desk", "desk")]
    facts = dict(at_work.desk.rows(select(Fact.key, Fact.text)))
    assert facts == {
        "reason": "lost",
        "entered": "unsettled",
        "state": "unsettled",
        "grade": "B",
    }


def test_form_refuses_beside_the_field(at_work: Office) -> None:
    at_work.person("Tom").command("C0001", "/dispute new")
    wait_modal(at_work, "Tom")
    outcome = at_work.person("Tom").submit({"order": " ", "buyer": "b", "story": "It never came."})
    assert outcome["errors"] == {"order": "is required, and at most 200 characters long"}
    assert at_work.desk.rows(select(Dispute.id)) == []


def test_home_shows_mine_overdue_and_next_in_the_reader_s_language(at_work: Office) -> None:
    desk = at_work.desk
    mine, waiting = desk.open(), desk.open()
    desk.take(mine, "Tang Li")
    desk.pass_time(hours=3)
    at_work.settle()
    at_work.person("Tang Li").home()
    view = at_work.person("Tang Li").seen(0, wait=3.0, kind="home")[-1]
    text = str(at_work.person("Tang Li").home()["view"] or view)
    assert "我正在处理" in text
    assert shown(number(at_work, mine)) in text
    assert shown(number(at_work, waiting)) in text


def test_open_shows_the_details_and_holds_a_free_visit(at_work: Office) -> None:
    desk, dispute = at_work.desk, at_work.desk.at_stage("evidence_review")
    at_work.settle()
    outcome = at_work.person("Eva").command("C0001", f"/dispute {number(at_work, dispute)}")
    message = outcome["ephemerals"][0]
    at_work.person("Eva").click("C0001", message["ts"], "open")
    assert wait_modal(at_work, "Eva")["callback_id"] == "details"
    assert desk.at(dispute).row.holder_id == desk.people["Eva"]
