"""Who may come in: sessions and login links of the panel, keys of the API. Digests, no secrets."""

import datetime as dt

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.tables.base import Base


class WebSession(Base):
    """A signed-in browser; rotated at sign-in, with an idle and an absolute end."""

    __tablename__ = "web_sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[dt.datetime]
    seen_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    browser: Mapped[str] = mapped_column(default="")  # what it says of itself, cut short


class LoginLink(Base):
    """A one-time way into the panel, for emergencies and the demo."""

    __tablename__ = "login_links"

    digest: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]


class ApiKey(Base):
    """A key of the marketplace's API; it speaks for one source."""

    __tablename__ = "api_keys"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(unique=True)
    source: Mapped[str]
    name: Mapped[str]
    created_at: Mapped[dt.datetime]
    active: Mapped[bool] = mapped_column(default=True)
