"""Who works at the demonstration's desk, and where: two languages, every stage, every role."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, insert

from core.tables import Channel, Person

TEAM, APP = "T0DEMO", "A0REDRESS"
ZONES = {"zh_CN": "Asia/Shanghai", "en": "Europe/Berlin"}


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody at the desk; `home` is the position of their stage among all work stages."""

    slack_id: str
    name: str
    role: str
    locale: str
    home: int | None = None


WORKERS = (
    Worker("U0TANG", "唐丽", "agent", "zh_CN", 0),
    Worker("U0TOM", "Tom Baker", "agent", "en", 0),
    Worker("U0ZHOU", "周航", "agent", "zh_CN", 1),
    Worker("U0EVA", "Eva König", "agent", "en", 1),
    Worker("U0LIN", "林悦", "agent", "zh_CN", 2),
    Worker("U0ADA", "Ada Byrne", "agent", "en", 2),
    Worker("U0CHEN", "陈默", "agent", "zh_CN", 3),
    Worker("U0VERA", "Vera Novak", "agent", "en", 3),
    Worker("U0HAN", "韩冰", "agent", "zh_CN", 4),
    Worker("U0INES", "Ines Costa", "agent", "en", 4),
    Worker("U0LUO", "罗敏", "agent", "zh_CN", 5),
    Worker("U0PAUL", "Paul Meyer", "agent", "en", 5),
    Worker("U0SUN", "孙伟", "supervisor", "zh_CN"),
    Worker("U0GRACE", "Grace Hall", "supervisor", "en"),
    Worker("U0HE", "何静", "operator", "zh_CN"),
    Worker("U0OLGA", "Olga Ivanova", "operator", "en"),
)


def at_home(stage: str, stages: list[str]) -> list[Worker]:
    """Who is at home at a stage; `stages` are all at which people are, in their order."""
    place = stages.index(stage)
    return [worker for worker in WORKERS if worker.home == place]


_NEW = {
    "en": ("Nora Lind", "Max Weber", "Lea Roth", "Sam Hill", "Mia Berg", "Jan Wolf"),
    "zh_CN": ("许安", "宋晴", "江帆", "叶青", "沈洁", "范宁"),
}


def newcomer(home: int, locale: str) -> Worker:
    """Somebody whose first day it is, at the work stage in this position."""
    slack_id = f"U0NEW{home}{locale[:2].upper()}"
    return Worker(slack_id, _NEW[locale][home % len(_NEW[locale])], "agent", locale, home)


def populate(
    connection: Connection,
    stages: list[str],
    channels: list[str],
    locale: str = "en",
    *,
    now: dt.datetime,
) -> dict[str, int]:
    """Adds the people and channels, whose cards speak `locale`; returns the ids by Slack id.

    Whose stage is not among `stages` does not work here.
    """
    here = [worker for worker in WORKERS if worker.home is None or worker.home < len(stages)]
    ids = connection.execute(
        insert(Person).returning(Person.id, sort_by_parameter_order=True),
        [
            {
                "name": worker.name,
                "slack_id": worker.slack_id,
                "roles": [worker.role],
                "home_stage": "" if worker.home is None else stages[worker.home],
                "team": "",
                "locale": worker.locale,
                "zone": ZONES[worker.locale],
                "active": True,
                "practised_at": None if worker.home is None else now,  # they are not new
                "version": 1,
            }
            for worker in here
        ],
    ).scalars()
    connection.execute(
        insert(Channel),
        [
            {
                "key": key,
                "slack_id": channel_id(key),
                "name": key.replace("_", "-"),
                "locale": locale,
                "version": 1,
            }
            for key in channels
        ],
    )
    return dict(zip((worker.slack_id for worker in here), ids, strict=True))


def channel_id(key: str) -> str:
    """The Slack id that the demonstration's workspace gives a channel."""
    return "C0" + key.replace("_", "").upper()


def workspace(channels: list[str], app_url: str, token: str, secret: str) -> dict[str, Any]:
    """The workspace file of the sandbox: the same people and channels, and the desk's app."""
    everybody = [worker.slack_id for worker in WORKERS]
    return {
        "team": {"id": TEAM, "name": "Redress", "domain": "redress"},
        "people": [
            {
                "id": worker.slack_id,
                "name": worker.slack_id[2:].lower(),
                "real_name": worker.name,
                "tz": ZONES[worker.locale],
                "locale": worker.locale.replace("_", "-"),
            }
            for worker in WORKERS
        ],
        "channels": [
            {"id": channel_id(key), "name": key.replace("_", "-"), "members": [*everybody, "U0BOT"]}
            for key in channels
        ],
        "apps": [
            {
                "id": APP,
                "name": "Redress",
                "bot_user_id": "U0BOT",
                "bot_id": "B0BOT",
                "bot_token": token,
                "signing_secret": secret,
                "interactivity": {"url": app_url},
                "commands": [
                    {
                        "name": "/dispute",
                        "url": app_url,
                        "description": "Disputes · 纠纷单",
                        "usage_hint": "next | NUMBER | new | duty | page NUMBER",
                    }
                ],
                "shortcuts": [
                    {
                        "name": "Open a dispute · 新建纠纷",
                        "callback_id": "open_dispute",
                        "kind": "message",
                    },
                    {"name": "New dispute · 新建纠纷", "callback_id": "new_dispute"},
                ],
                "unfurl_domains": [urlsplit(app_url).hostname],
                "events": {
                    "url": app_url,
                    "subscribed": ["app_home_opened", "link_shared", "user_change"],
                },
            }
        ],
    }
