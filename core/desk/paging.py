"""Direct paging: somebody of the desk is called to a dispute at once and answers by a tap (K5).

It decides nothing and holds nothing. It comes whatever the quiet hours of whoever is called: that
is what it is for, and whoever pages is told what time it is there.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, insert, select, update

from core.desk import clicks, events, outbox, page_people, people, quiet, standing
from core.desk.actor import Actor, Right
from core.desk.answers import Answer, Applied, Refused
from core.desk.notes import buyer_key
from core.desk.page_messages import call, news, redrawn, thread
from core.desk.page_people import Whom
from core.desk.standing import Standing
from core.desk.standing_in import CONTACT
from core.secrets import Vault
from core.tables import Page, Paged, Visit
from core.workflow.terms import Kind, Meaning
from core.workflow.text import readable

PAGED, ANSWERED = "paged", "page_answered"
ON_IT, CANNOT, UNANSWERED, OVER = "on_it", "cannot", "unanswered", "over"
LONGEST_REMARK = 200  # characters; Slack's own message is where more is said
# After so long a page reminds, and after as long again it counts as unanswered. Whoever is on duty
# has agreed to be reached: five minutes. Anybody else may be talking to a party just now.
ON_DUTY, OTHERS = dt.timedelta(minutes=5), dt.timedelta(minutes=15)

_PAGE = select(Page).where(Page.id == bindparam("page"))
_CALLED = select(Paged).where(Paged.page_id == bindparam("page")).order_by(Paged.person_id)
_ANSWER = (
    update(Paged)
    .where(
        Paged.page_id == bindparam("page"),
        Paged.person_id == bindparam("person"),
        Paged.answer == "",
    )
    .values(answer=bindparam("said"), answered_at=bindparam("now"))
)
_CLOSE = (
    update(Page)
    .where(Page.id == bindparam("page"))
    .values(attend_at=None, closed_at=bindparam("now"), outcome=bindparam("how"))
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a page says: an option of the reasons, and a remark that may be empty.

    `anyway` calls somebody although they are away.
    """

    reason: str
    remark: str = ""
    anyway: bool = False


def page(
    connection: Connection,
    visit_id: int,
    whom: Whom,
    asked: Asked,
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
    click: str | None = None,
) -> Answer:
    """Calls a person, or whoever is on duty at a rota now, to the dispute of a visit (K5).

    Any agent may; it need not be their stage. Refused for whoever has an unanswered page of the
    same dispute, is not in Slack, or is away, unless they are meant all the same.
    """
    return clicks.once(
        connection,
        actor,
        Right.DECIDE,
        click,
        lambda actor: _page(connection, visit_id, whom, asked, actor, vault, now=now),
        now=now,
    )


def _page(
    connection: Connection,
    visit_id: int,
    whom: Whom,
    asked: Asked,
    actor: Actor,
    vault: Vault,
    *,
    now: dt.datetime,
) -> Answer:
    dispute_id = connection.scalar(select(Visit.dispute_id).where(Visit.id == visit_id))
    at = standing.of_dispute(connection, dispute_id) if dispute_id is not None else None
    if at is None or actor.person_id is None:
        return Refused("unknown_visit")
    row = at.row
    if row.kind == Kind.FINAL:
        return at.refused("page_finished")
    if asked.reason not in at.document.choices_of(Meaning.PAGE):
        return at.refused("unknown_preset")
    remark, wrapped = asked.remark.strip(), buyer_key(connection, row.dispute_id)
    refused = _unsaid(at, remark, wrapped)
    if refused is not None:
        return refused
    called = page_people.meant(connection, row.dispute_id, whom, asked.anyway, actor, now=now)
    if isinstance(called, Refused):
        return at.refused(called.key, **called.params)
    sealed = None
    if remark and wrapped is not None:
        sealed = vault.seal(wrapped, remark, place(row.number))
    pause = ON_DUTY if whom.rota else OTHERS
    values = {
        "dispute_id": row.dispute_id,
        "visit_id": row.visit_id,
        "by_id": actor.person_id,
        "rota": whom.rota,
        "reason": asked.reason,
        "remark": sealed,
        "paged_at": now,
        "attend_at": now + pause,
    }
    page_id = connection.execute(insert(Page).returning(Page.id), values).scalar_one()
    connection.execute(
        insert(Paged), [{"page_id": page_id, "person_id": one.id, "answer": ""} for one in called]
    )
    ids = [one.id for one in called]
    data = {"page": page_id, "people": ids, "rota": whom.rota, "reason": asked.reason}
    event_id = events.record(connection, row.dispute_id, row.visit_id, PAGED, actor, data, now=now)
    messages = [call(page_id, one, row.dispute_id, row.visit_id, now=now) for one in ids]
    outbox.put(connection, [*messages, *thread(row, event_id, now=now)])
    told = [{"name": one.name, **_there(one, now)} for one in called]
    minutes = int(pause.total_seconds()) // 60
    return Applied(
        "page",
        row.dispute_id,
        row.number,
        row.visit_id,
        stage=row.stage,
        params={"page": page_id, "people": told, "minutes": minutes},
    )


def _unsaid(at: Standing, remark: str, wrapped: bytes | None) -> Refused | None:
    """Why a remark cannot be sent: nothing personal goes to Slack, and nothing unsealed is kept."""
    if len(remark) > LONGEST_REMARK or not readable(remark):
        return at.refused("page_unreadable", limit=LONGEST_REMARK)
    if CONTACT.search(remark):
        return at.refused("page_contact")
    return at.refused("note_erased") if remark and wrapped is None else None


def _there(one: Any, now: dt.datetime) -> dict[str, Any]:
    """What time it is for somebody, and whether they wanted quiet."""
    rests = quiet.until(one.quiet_from, one.quiet_to, one.zone, now) is not None
    return {"clock": f"{now.astimezone(ZoneInfo(one.zone)):%H:%M}", "quiet": rests}


def answer(
    connection: Connection,
    page_id: int,
    said: str,
    actor: Actor,
    *,
    now: dt.datetime,
    click: str | None = None,
    reply_to: bytes | None = None,
) -> Answer:
    """Whoever is called says `on_it` or `cannot`; it may come late, as long as it is needed (K5).

    The first who is on it ends the call for the others. `reply_to` is the sealed response_url of
    the press. Raises ValueError for any other answer.
    """
    if said not in (ON_IT, CANNOT):
        raise ValueError(f"{said} answers no page")
    return clicks.once(
        connection,
        actor,
        Right.SEE,
        click,
        lambda actor: _answer(connection, page_id, said, actor, now=now, reply_to=reply_to),
        now=now,
    )


def _answer(
    connection: Connection,
    page_id: int,
    said: str,
    actor: Actor,
    *,
    now: dt.datetime,
    reply_to: bytes | None,
) -> Answer:
    dispute_id = connection.scalar(select(Page.dispute_id).where(Page.id == page_id))
    at = standing.of_dispute(connection, dispute_id) if dispute_id is not None else None
    if at is None:
        return Refused("page_not_yours")
    found = connection.execute(_PAGE.with_for_update(), {"page": page_id}).one()
    called = connection.execute(_CALLED, {"page": page_id}).all()
    refused = _idle(connection, at, found, called, actor)
    if refused is not None:
        return refused
    values = {"page": page_id, "person": actor.person_id, "said": said, "now": now}
    if connection.execute(_ANSWER, values).rowcount != 1:
        return at.refused("page_answered")
    others = [one for one in called if one.person_id != actor.person_id]
    if said == ON_IT or (found.closed_at is None and all(one.answer for one in others)):
        connection.execute(_CLOSE, {"page": page_id, "now": now, "how": said})
    # Others who have not answered need not any more.
    idle = [one.person_id for one in others if said == ON_IT and not one.answer]
    shown = [actor.person_id or 0, *idle]
    data = {"page": page_id, "answer": said}
    row = at.row
    event_id = events.record(
        connection, row.dispute_id, row.visit_id, ANSWERED, actor, data, now=now
    )
    outbox.put(
        connection,
        [
            *redrawn(connection, found, shown, event_id, now=now, reply_to=reply_to),
            news(found, event_id, now=now),
            *thread(row, event_id, now=now),
        ],
    )
    return Applied("page_answer", row.dispute_id, row.number, row.visit_id, stage=row.stage)


def _idle(
    connection: Connection, at: Standing, found: Any, called: Sequence[Any], actor: Actor
) -> Refused | None:
    """Why an answer is not this person's to give, or no longer needed."""
    own = next((one for one in called if one.person_id == actor.person_id), None)
    if own is None:
        return at.refused("page_not_yours")
    if own.answer:
        return at.refused("page_answered")
    if found.outcome == ON_IT:
        taker = next(one.person_id for one in called if one.answer == ON_IT)
        return at.refused("page_taken", who=people.name(connection, taker))
    if found.outcome == OVER or at.row.kind == Kind.FINAL:
        return at.refused("page_finished")
    return None


def close(connection: Connection, page_id: int, how: str, *, now: dt.datetime) -> None:
    """Ends a page: nothing of it is due any more."""
    connection.execute(_CLOSE, {"page": page_id, "now": now, "how": how})


def place(number: str) -> str:
    """What a remark's sealing is bound to."""
    return f"pages.remark:{number}"
