"""A client of the control API: act as people, and run the bench, from Python.

``Sandbox(url).act_as("U1").click("C1", ts, "take")``. One HTTP request an act, over kept-alive
connections, safe to use from several threads.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Self

import httpx

Json = dict[str, Any]


class CannotActError(Exception):
    """The person cannot do that; `code` says why in a word, the message in a sentence."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code


class Sandbox:
    """A running sandbox at `url`."""

    def __init__(self, url: str, timeout: float = 70.0) -> None:
        self.url = url.rstrip("/")
        self._http = httpx.Client(
            base_url=self.url,
            timeout=timeout,
            trust_env=False,
            limits=httpx.Limits(keepalive_expiry=2.0),
        )

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _send(self, method: str, path: str, **options: Any) -> Json:
        answer = self._http.request(method, f"/sandbox/{path}", **options)
        body: Json = answer.json()
        if answer.is_error:
            raise CannotActError(body.get("error", "error"), body.get("detail", ""))
        return body

    def get(self, path: str, /, **query: Any) -> Json:
        """Read ``/sandbox/PATH``."""
        params = {name: value for name, value in query.items() if value is not None}
        return self._send("GET", path, params=params)

    def set(self, path: str, /, **body: Any) -> Json:
        """Write ``/sandbox/PATH``."""
        return self._send("POST", path, json=body)

    def act_as(self, person: str) -> "Acting":
        """Act as a person, by id or name."""
        return Acting(self, person)

    def state(self) -> Json:
        """Everything in the workspace, messages with their metadata included."""
        return self.get("state")

    def messages(self, channel: str) -> list[Json]:
        """All messages of a channel, replies included, as they are stored, oldest first."""
        found = [c for c in self.state()["channels"] if channel in {c["id"], c["name"]}]
        if not found:
            raise CannotActError("no_such_channel", channel)
        messages: list[Json] = found[0]["messages"]
        return messages

    def traffic(self, since: int = 0, limit: int = 200) -> list[Json]:
        """The last exchanges with apps, both ways."""
        exchanges: list[Json] = self.get("traffic", since=since, limit=limit)["exchanges"]
        return exchanges

    def rates(self, mode: str) -> None:
        """Switch the limits: ``off``, ``posts`` or ``all``."""
        self.set("rates", mode=mode)

    def fault(self, kind: str, **fields: Any) -> Json:
        """Script a fault; the fields are those of `sandbox.faults.Fault`."""
        return self.set("faults", kind=kind, **fields)

    def faults(self) -> list[Json]:
        """The faults scripted so far, with how often each struck."""
        found: list[Json] = self.get("faults")["faults"]
        return found

    def heal(self) -> None:
        """Take all faults away."""
        self._send("DELETE", "faults")

    @contextmanager
    def broken(self, kind: str, **fields: Any) -> Iterator[None]:
        """A fault for as long as the block lasts."""
        self.fault(kind, **{"times": None, **fields})
        try:
            yield
        finally:
            self.heal()

    def clock(self, **change: Any) -> float:
        """Move (``move=60``), hold (``hold=True``) or set (``at=``) the clock; returns its now."""
        now: float = (self.set("clock", **change) if change else self.get("clock"))["now"]
        return now

    def snapshot(self) -> Json:
        """Everything there is, as one document; `put_back` takes it."""
        return self.get("snapshot")

    def put_back(self, snapshot: Json) -> None:
        """Make the workspace what it was."""
        self.set("snapshot", **snapshot)

    def play(self, scene: str | Json) -> str:
        """Let a scene begin (TOML, YAML or JSON text, or an object); returns its id."""
        begun: str = self.set("scenes", scene=scene)["id"]
        return begun

    def score(self, scene_id: str, person: str) -> Json:
        """What somebody chose in a scene, and whether it was right."""
        return self.get(f"scenes/{scene_id}/score", person=person)

    def replay(self, n: int) -> Json:
        """Do exchange number `n` once more."""
        return self.set(f"traffic/{n}/replay")

    def add_person(self, **fields: Any) -> str:
        """Let somebody join the workspace; returns the id."""
        person: str = self.set("people", **fields)["id"]
        return person

    def add_channel(self, **fields: Any) -> str:
        """Open a channel; returns the id."""
        channel: str = self.set("channels", **fields)["id"]
        return channel

    def change_channel(self, channel: str, **fields: Any) -> None:
        """Archive or rename a channel, or change who is in it (``join``, ``leave``)."""
        self.set(f"channels/{channel}", **fields)

    def change_app(self, app: str, **fields: Any) -> None:
        """Point an app elsewhere (``url``), or change ``subscribed`` or ``scopes``."""
        self.set(f"apps/{app}", **fields)


class Acting:
    """One person's hands and eyes. Every act returns what the person saw (see `outcome`)."""

    def __init__(self, sandbox: Sandbox, person: str) -> None:
        self.sandbox = sandbox
        self.person = person

    def _act(self, what: str, /, **act: Any) -> Json:
        body = {key: value for key, value in act.items() if value is not ...}
        return self.sandbox.set(f"as/{self.person}/{what}", **body)

    def click(
        self,
        channel: str,
        ts: str,
        action_id: str,
        value: Any = ...,
        *,
        block_id: str | None = None,
        state: Json | None = None,
    ) -> Json:
        """Click a button of a message, or choose `value` in one of its menus.

        `state` is put into other elements first, ``{action_id: value}`` or by block, without a
        request for each.
        """
        return self._act(
            "click", channel=channel, ts=ts, action_id=action_id, value=value, block_id=block_id,
            state=state,
        )  # fmt: skip

    def click_view(
        self,
        action_id: str,
        value: Any = ...,
        *,
        view_id: str | None = None,
        block_id: str | None = None,
        state: Json | None = None,
    ) -> Json:
        """The same in the modal in front, or in `view_id`."""
        return self._act(
            "click", view_id=view_id, action_id=action_id, value=value, block_id=block_id,
            state=state,
        )  # fmt: skip

    def click_home(
        self,
        action_id: str,
        value: Any = ...,
        *,
        app: str,
        block_id: str | None = None,
        state: Json | None = None,
    ) -> Json:
        """The same in an app's Home."""
        return self._act(
            "click", home=app, action_id=action_id, value=value, block_id=block_id, state=state
        )

    def input(self, state: Json, **place: Any) -> Json:
        """Put values into elements without telling the app; `place` as channel and ts, view_id."""
        return self._act("input", state=state, **place)

    def options(self, action_id: str, query: str = "", **place: Any) -> Json:
        """What an external select offers for `query`."""
        return self._act("options", action_id=action_id, query=query, **place)

    def submit(self, state: Json | None = None, view_id: str | None = None) -> Json:
        """Submit the modal in front; ``errors`` in the outcome are the fields refused."""
        return self._act("submit", state=state, view_id=view_id)

    def close(self, *, everything: bool = False) -> Json:
        """Close the modal in front, or all of them."""
        return self._act("close", all=everything)

    def post(self, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """Say something; ``ts`` in the outcome is the message's."""
        return self._act("post", channel=channel, text=text, thread_ts=thread_ts)

    def command(self, channel: str, text: str) -> Json:
        """Type a slash command."""
        return self._act("command", channel=channel, text=text)

    def shortcut(self, callback_id: str, channel: str | None = None, ts: str | None = None) -> Json:
        """Use a global shortcut, or one on a message."""
        return self._act("shortcut", callback_id=callback_id, channel=channel, ts=ts)

    def home(self, app: str | None = None) -> Json:
        """Open an app's Home; ``view`` in the outcome is what it shows."""
        return self._act("home", app=app)

    def react(self, channel: str, ts: str, name: str) -> Json:
        """Give a reaction, or take it back."""
        return self._act("react", channel=channel, ts=ts, name=name)

    def read(self, channel: str, ts: str | None = None) -> Json:
        """Mark a channel as read."""
        return self._act("read", channel=channel, ts=ts)

    def look(self) -> Json:
        """Channels with unread counts, people, apps with their commands, modals."""
        return self.sandbox.get(f"as/{self.person}")

    def messages(
        self,
        channel: str,
        *,
        thread_ts: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
    ) -> list[Json]:
        """What this person sees in a channel or thread, own ephemerals included, oldest first."""
        found: list[Json] = self.sandbox.get(
            f"as/{self.person}/messages", channel=channel, thread_ts=thread_ts, limit=limit,
            cursor=cursor,
        )["messages"]  # fmt: skip
        return found

    def modals(self) -> list[Json]:
        """The stack of open modals, the one in front last."""
        found: list[Json] = self.sandbox.get(f"as/{self.person}/modals")["modals"]
        return found

    def seen(self, since: int, wait: float = 0.0, kind: str | None = None) -> list[Json]:
        """The changes this person saw after number `since`; waits up to `wait` seconds for one."""
        found: list[Json] = self.sandbox.get(
            f"as/{self.person}/seen", since=since, wait=wait, kind=kind
        )["changes"]
        return found
