"""The acts of a replay: plain data, so that they travel to a process which does them."""

from typing import Any

import scheduler
from benchmarks.world import VAULT
from core.db import Database
from core.desk import assigning, choose, holding, linking, opening
from core.desk.actor import Actor, agent
from core.desk.intake import Intake, OrderInfo
from core.workflow.terms import By

Act = tuple[str, tuple[Any, ...]]
TICK: Act = ("tick", ())  # all that a scheduler does
SOURCE = "log"
CONTACTS = {"Phone": "hotline", "Email": "web"}
RELATION = "follows"


def opened(external_id: str, caller: str, contact: str, priority: str, workflow: str) -> Act:
    """A dispute comes in."""
    return "open", (external_id, caller, contact, priority, workflow)


def perform(database: Database, act: Act) -> Any:
    """Does an act, in one transaction of the desk; gives its answer."""
    name, given = act
    return _KNOWN[name](database, *given)


def _tick(database: Database) -> int:
    return scheduler.tick(database)


def _open(
    database: Database, external_id: str, caller: str, contact: str, priority: str, workflow: str
) -> Any:
    intake = Intake(
        SOURCE,
        external_id,
        f"order of {external_id}",
        caller,
        "A case of the log.",
        channel=CONTACTS.get(contact, "import"),
        order=OrderInfo("EUR", 0),
        facts={"priority": priority},
        workflow=workflow,
    )
    return database.transact(opening.open_disputes, [intake], Actor("import"), VAULT)[0]


def _take(database: Database, visit: int, person: int, click: str) -> Any:
    return database.transact(holding.take, visit, agent(person), click=click)


def _release(database: Database, visit: int, person: int, click: str) -> Any:
    return database.transact(holding.release, visit, agent(person), click=click)


def _assign(database: Database, visit: int, person: int, by: int, click: str) -> Any:
    return database.transact(assigning.assign, visit, person, agent(by), click=click)


def _choose(
    database: Database,
    visit: int,
    decision: str,
    chosen: dict[str, str],
    by: str,
    person: int | None,
    click: str,
) -> Any:
    who = agent(person) if by == By.AGENT and person is not None else Actor(by)
    return database.transact(choose.choose, visit, decision, chosen, who, click=click)


def _link(database: Database, dispute: int, number: str, by: int, click: str) -> Any:
    return database.transact(linking.link, dispute, number, RELATION, agent(by), click=click)


_KNOWN = {
    "tick": _tick,
    "open": _open,
    "take": _take,
    "release": _release,
    "assign": _assign,
    "choose": _choose,
    "link": _link,
}
