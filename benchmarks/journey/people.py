"""Who works at the journey's desk: several agents per stage, a supervisor, somebody who watches."""

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import Connection, insert

from core.tables import Channel, Person

STAGES = ("triage", "evidence_review", "adjudication", "verification")
CHANNELS = ("intake", *STAGES, "escalation")
PER_STAGE = 4
TEAM, BOT = "T0JOURNEY", "U0BOT"


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody at the desk, and the stage whose cards they work on."""

    slack_id: str
    name: str
    role: str
    home: str = ""


AGENTS = tuple(
    Worker(f"U0{stage[:3].upper()}{n}", f"{stage.title().replace('_', '')}-{n}", "agent", stage)
    for stage in STAGES
    for n in range(1, PER_STAGE + 1)
)
SUPERVISOR = Worker("U0SUPER", "Supervisor-1", "supervisor")
WATCHER = Worker("U0WATCH", "Watcher-1", "trainee")
WORKERS = (*AGENTS, SUPERVISOR, WATCHER)


def populate(connection: Connection, *, now: dt.datetime) -> dict[str, int]:
    """Adds the people and channels; returns the people's ids by Slack id."""
    del now
    ids = connection.execute(
        insert(Person).returning(Person.id, sort_by_parameter_order=True),
        [
            {
                "name": worker.name,
                "slack_id": worker.slack_id,
                "roles": [worker.role],
                "home_stage": worker.home,
                "team": "",
                "locale": "en",
                "zone": "UTC",
                "active": True,
                "version": 1,
            }
            for worker in WORKERS
        ],
    ).scalars()
    connection.execute(
        insert(Channel),
        [
            {
                "key": key,
                "slack_id": channel_id(key),
                "name": key.replace("_", "-"),
                "locale": "en",
                "version": 1,
            }
            for key in CHANNELS
        ],
    )
    return dict(zip((worker.slack_id for worker in WORKERS), ids, strict=True))


def channel_id(key: str) -> str:
    """Slack's id of a channel."""
    return "C0" + key.replace("_", "").upper()


def workspace(app_url: str, token: str, secret: str) -> dict[str, object]:
    """The workspace file of the sandbox: the same people and channels, and the desk's app."""
    everybody = [worker.slack_id for worker in WORKERS]
    return {
        "team": {"id": TEAM, "name": "Journey", "domain": "journey"},
        "people": [
            {"id": w.slack_id, "name": w.slack_id[2:].lower(), "real_name": w.name} for w in WORKERS
        ],
        "channels": [
            {"id": channel_id(key), "name": key.replace("_", "-"), "members": [*everybody, BOT]}
            for key in CHANNELS
        ],
        "apps": [
            {
                "id": "A0REDRESS",
                "name": "Redress",
                "bot_user_id": BOT,
                "bot_id": "B0BOT",
                "bot_token": token,
                "signing_secret": secret,
                "interactivity": {"url": app_url},
                "events": {"url": app_url, "subscribed": ["app_home_opened"]},
            }
        ],
    }
