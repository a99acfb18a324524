"""The nouns of a workspace, as plain data.

Messages and views are kept as the very JSON objects that Slack shows to apps; everything else is a
small record. Only the modules of ``sandbox.state`` change them, and each change goes through the
feed: that is where pages, events to apps and the file store listen.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import Clock

Json = dict[str, Any]


@dataclass(slots=True)
class Person:
    """A member of the workspace; apps have one too, their bot user."""

    id: str
    name: str
    real_name: str
    tz: str = "UTC"
    locale: str = "en-US"
    email: str | None = None
    is_admin: bool = False
    app_id: str | None = None
    deleted: bool = False
    presence: str = "active"
    profile: Json = field(default_factory=dict)


@dataclass(slots=True)
class Command:
    """A slash command; `name` starts with the slash."""

    name: str
    url: str | None = None
    description: str = ""
    usage_hint: str = ""


@dataclass(slots=True)
class Shortcut:
    """A global or message shortcut; `kind` is ``global`` or ``message``."""

    name: str
    callback_id: str
    kind: str
    description: str = ""


@dataclass(slots=True)
class App:
    """An app: what it is called, where it listens, what it may do.

    `scopes` are those its bot was granted; None means that scopes are not checked. `socket_mode`
    True sends it everything through its sockets, False everything by HTTP, None through a socket
    while one is connected. `installed` False is an app that nobody has let in yet. `manifest` is
    what it was made from, where it was; `redirect_urls`, `wanted` and `wanted_of_users` are what
    that asks for.
    """

    id: str
    name: str
    bot_user_id: str
    bot_id: str
    signing_secret: str
    verification_token: str
    scopes: frozenset[str] | None = None
    interactivity_url: str | None = None
    options_url: str | None = None
    events_url: str | None = None
    subscribed: frozenset[str] = frozenset()
    subscribed_for_users: frozenset[str] = frozenset()
    commands: dict[str, Command] = field(default_factory=dict)
    shortcuts: dict[str, Shortcut] = field(default_factory=dict)
    profile: Json = field(default_factory=dict)
    client_id: str = ""
    client_secret: str = ""
    redirect_urls: list[str] = field(default_factory=list)
    wanted: list[str] = field(default_factory=list)
    wanted_of_users: list[str] = field(default_factory=list)
    socket_mode: bool | None = None
    rotation: bool = False
    pkce: bool = False
    installed: bool = True
    unfurl_domains: list[str] = field(default_factory=list)
    manifest: Json | None = None


@dataclass(slots=True)
class Token:
    """A token: whose it is and what it may do.

    `kind` is ``bot`` (xoxb), ``user`` (xoxp), ``app`` (xapp) or ``config`` (xoxe.xoxp).
    `person_id` is who acts with it: the bot user, or a person. `scopes` of None means those of the
    app. `ended` is the error it is refused with once it was revoked.
    """

    value: str
    kind: str
    app_id: str
    person_id: str
    scopes: frozenset[str] | None = None
    expires_at: float | None = None
    ended: str = ""
    refresh: str = ""


@dataclass(slots=True)
class Grant:
    """What a person agreed to on a consent page, until the app fetches its tokens with the code."""

    app_id: str
    person_id: str
    redirect_uri: str
    scopes: list[str]
    user_scopes: list[str]
    expires_at: float = 0.0
    asked_redirect: bool = False
    challenge: str = ""
    challenge_method: str = ""
    nonce: str = ""
    channel_id: str = ""
    used: bool = False


@dataclass(slots=True)
class Log:
    """A channel's messages: by timestamp, and in order, threads apart.

    `order` holds what the channel itself shows (replies only when broadcast), `threads` the
    replies of each parent. All lists are sorted, since timestamps only grow.
    """

    by_ts: dict[str, Json] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    threads: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Channel:
    """A conversation; `kind` is ``public``, ``private``, ``im`` or ``mpim``."""

    id: str
    name: str
    kind: str
    creator: str
    created: int
    members: dict[str, None] = field(default_factory=dict)
    topic: Json = field(default_factory=dict)
    purpose: Json = field(default_factory=dict)
    archived: bool = False
    log: Log = field(default_factory=Log)
    pins: list[Json] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    previous_names: list[str] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Trigger:
    """Leave to open one modal: for one person, once, within three seconds."""

    app_id: str
    person_id: str
    expires_at: float
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True)
class Surface:
    """A view on somebody's screen: a modal or an app's Home. `view` is Slack's JSON of it."""

    view: Json
    app_id: str
    person_id: str


@dataclass(slots=True)
class Reply:
    """What a response_url may still do: five uses within thirty minutes."""

    app_id: str
    person_id: str
    channel_id: str
    expires_at: float
    message_ts: str | None = None
    thread_ts: str | None = None
    uses_left: int = 5


@dataclass(slots=True)
class Change:
    """Something that happened: number, kind, and who may see it.

    `person_id` names the only reader; otherwise whoever may read `channel_id`; otherwise everybody.
    """

    n: int
    kind: str
    body: Json
    channel_id: str | None = None
    person_id: str | None = None


@dataclass(slots=True)
class Feed:
    """The changes, numbered; the last few thousand are kept for those who ask since when."""

    n: int = 0
    recent: deque[Change] = field(default_factory=lambda: deque(maxlen=20_000))
    listeners: list[Callable[[Change], None]] = field(default_factory=list)


@dataclass(slots=True)
class Workspace:
    """Everything there is. One event loop owns it, so nothing needs a lock."""

    team: Json
    public_url: str = ""
    clock: Clock = field(default_factory=Clock)
    feed: Feed = field(default_factory=Feed)
    people: dict[str, Person] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    directs: dict[frozenset[str], str] = field(default_factory=dict)
    apps: dict[str, App] = field(default_factory=dict)
    tokens: dict[str, Token] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    webhooks: dict[str, Json] = field(default_factory=dict)
    usergroups: list[Json] = field(default_factory=list)
    views: dict[str, Surface] = field(default_factory=dict)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[tuple[str, str], str] = field(default_factory=dict)
    inputs: dict[tuple[str, str], Json] = field(default_factory=dict)
    ephemerals: dict[str, dict[str, Json]] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    file_bytes: dict[str, bytes] = field(default_factory=dict)
    scheduled: dict[str, Json] = field(default_factory=dict)
    calls: dict[str, Json] = field(default_factory=dict)
    invites: dict[str, Json] = field(default_factory=dict)
    emoji: dict[str, str] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)
