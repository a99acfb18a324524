"""The pages of the panel that are timed, and the supervisor who opens them."""

import time
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select

from benchmarks.panel.filling import Filled
from core.db import Database
from core.desk import home, people
from core.tables import Person
from tests.factories import VAULT
from tests.panel import Panel, Visitor

DEEPEST = 499  # the last page that can be asked for; where there are fewer, the last there is
LIST = "/disputes/"
RECKONED = frozenset(
    f"{page}{period}" for page in ("staffing", "option use") for period in ("", " 90 days")
)


@dataclass(slots=True)
class Reader:
    """A supervisor's browser at a desk's panel, in this process: no network, the whole WSGI app."""

    database: Database
    filled: Filled
    visitor: Visitor = field(init=False)
    token: str = field(init=False)
    rows: dict[str, int] = field(default_factory=dict)  # by path: how much its page showed

    def __post_init__(self) -> None:
        desk: Any = SimpleNamespace(db=self.database, people={"Grace": self.filled.supervisor})
        self.visitor = Panel(desk).visitor("Grace")
        self.token = self.visitor.token()

    def time(self, path: str) -> float:
        """Opens a page; how long its server took, in seconds."""
        if path.startswith("slack:"):
            return self._in_slack(path.removeprefix("slack:"))
        began = time.perf_counter()
        if path.startswith("search:"):
            form = {"csrf_token": self.token, "text": path.removeprefix("search:")}
            answer = self.visitor.client.post("/panel/search/", data=form)
        elif "/export." in path:
            return self._first_bytes(path)
        else:
            answer = self.visitor.get(path)
        took = time.perf_counter() - began
        if answer.status_code not in (200, 303):
            raise SystemExit(f"{path} answered {answer.status_code}")
        self.rows[path] = answer.data.count(b"<tr")
        return took

    def _in_slack(self, stage: str) -> float:
        """What Home in Slack shows those whose home the stage is, read but not drawn."""
        theirs = select(Person.slack_id).where(Person.home_stage == stage, Person.active)
        ids = self.database.read(lambda connection, **_: connection.scalars(theirs).all())
        members = [self.database.read(people.by_slack_id, one) for one in ids if one]
        began = time.perf_counter()
        for member in members:
            self.database.read(home.home, member)
        return time.perf_counter() - began

    def _first_bytes(self, path: str) -> float:
        began = time.perf_counter()
        answer = self.visitor.get(path, buffered=False)
        first = next(iter(answer.response))
        took = time.perf_counter() - began
        self.rows[path] = first.count(b"\n")
        answer.close()
        return took


def lists(filled: Filled) -> dict[str, str]:
    """Every way of narrowing, ordering and paging the list of disputes, by name."""
    contact = VAULT.blind(filled.contact).hex()
    last = max(min(DEEPEST, filled.disputes // 20 - 1), 0)
    asked = {
        "all": "",
        "oldest": "sort=4",
        "due": "sort=3",
        "due last": "sort=3&desc=1",
        "due deep": f"sort=3&page={last}",
        "due last deep": f"sort=3&desc=1&page={last}",
        "open due": "state=open&sort=3",
        "overdue due": "state=overdue&sort=3",
        "merchant due": f"search={filled.merchant}&sort=3",
        "page 3": "page=2",
        "deep": f"page={last}",
        "open": "state=open",
        "finished": "state=finished",
        "overdue": "state=overdue",
        "hidden": "state=hidden",
        "stage": "stage=adjudication",
        "ended stage": "stage=finished",
        "open oldest": "state=open&sort=4",
        "overdue at stage": "state=overdue&stage=triage",
        "finished deep": f"state=finished&page={last // 3}",
        "tag": "tag=high_value",
        "tag open": "tag=high_value&state=open",
        "contact": f"contact={contact}",
        "number": f"search={filled.number}",
        "order": f"search={filled.order}",
        "merchant": f"search={filled.merchant}",
        "nothing found": "search=nothing-is-called-so",
        "workflow": "workflow=dispute",
        "workflow open": "workflow=dispute&state=open",
        "nobody": "holder=nobody",
        "holder": "holder=3&state=open",
        "team": "team=north&state=open",
        "young": "age=1",
        "of a day": "age=2&state=open",
        "of a day all": "age=2",
    }
    return {f"list {name}": f"{LIST}?{query}" for name, query in asked.items()}


def others(filled: Filled) -> dict[str, str]:
    """The other pages that read what grows."""
    return {
        "home": "/",
        "home in Slack at triage": "slack:triage",
        "home in Slack at verification": "slack:verification",
        "board": "/board/",
        "dispute": f"{LIST}{filled.number}/",
        "flow": "/flow/",
        "staffing": "/staffing/?days=7",
        "staffing 90 days": "/staffing/?days=90",
        "option use": "/option_use/?days=7",
        "option use 90 days": "/option_use/?days=90",
        "changes": "/changes/",
        "changes of a kind": "/changes/?kind=person",
        "changes of a day": "/changes/?since=2026-01-01&until=2026-12-01",
        "changes that contain": "/changes/?text=nobody",
        "looks": "/looks/",
        "looks at one": f"/looks/?number={filled.number}",
        "looks of a day": "/looks/?since=2026-01-01&until=2026-12-01",
        "messages": "/messages/",
        "deadlines": "/deadlines/",
        "people": "/people/",
        "absences": "/absences/",
        "search number": f"search:{filled.number}",
        "search order": f"search:{filled.order}",
        "search merchant": f"search:{filled.merchant}",
        "search contact": f"search:{filled.contact}",
        "search nothing": "search:nothing-is-called-so",
        "export begins": f"{LIST}export.csv",
        "export of open begins": f"{LIST}export.csv?state=open",
        "export of a tag begins": f"{LIST}export.csv?tag=high_value",
        "export by due begins": f"{LIST}export.csv?sort=3",
        "export of finished begins": f"{LIST}export.csv?state=finished&sort=4",
    }
