"""People and channels: live rows, guarded by their version."""

import re
from typing import Any
from zoneinfo import available_timezones

from flask import abort, flash, request, url_for
from flask_admin.helpers import get_form_data
from flask_admin.model import BaseModelView
from sqlalchemy import Row
from wtforms import ValidationError

from admin.base import RowsView, me, refusal, row_id, tell_refusal, version_read
from admin.form import PanelForm, keyed, offer, one, text, yes
from admin.form import many as several
from core.desk import documents, roster
from core.desk.actor import RIGHTS, Right
from core.desk.answers import Refused, Stale
from core.desk.draft_edit import KEY
from core.desk.roster import ChannelInfo, PersonInfo
from core.tables import Channel, Person
from core.wording import stage_label
from core.workflow.model import LOCALES
from core.workflow.terms import Kind
from web.desk import reading, transact
from web.language import locale, say

SLACK_ID = re.compile(r"[A-Z0-9]{2,32}")


def slack_like(_form: Any, field: Any) -> None:
    """Slack's ids are capital letters and digits; an empty one is none."""
    if field.data and not SLACK_ID.fullmatch(field.data):
        raise ValidationError(say("panel.error.slack_id"))


class PersonForm(PanelForm):
    """Somebody who works at the desk."""

    name = text("panel.label.name", 80, needed=True)
    roles = several("panel.label.roles", hint="panel.hint.roles")
    home_stage = one("panel.label.home_stage", hint="panel.hint.home_stage")
    slack_id = text("panel.label.slack_id", 32, hint="panel.hint.slack_id")
    team = text("panel.label.team", 80, hint="panel.hint.team")
    locale = one("panel.label.locale")
    zone = one("panel.label.zone")
    active = yes("panel.label.active", hint="panel.hint.active", default=True)

    def validate_slack_id(self, field: Any) -> None:
        """See `slack_like`."""
        slack_like(self, field)

    def offer(self) -> None:
        """Sets the choices."""
        offer(self.roles, keyed(RIGHTS, "panel.role"))
        offer(self.home_stage, _work_stages(), none=say("panel.none"))
        offer(self.locale, keyed(LOCALES, "web.language"))
        offer(self.zone, [(name, name) for name in sorted(available_timezones())])

    def info(self) -> PersonInfo:
        """What is to be saved."""
        return PersonInfo(
            self.name.data,
            sorted(self.roles.data),
            self.slack_id.data or None,
            self.home_stage.data,
            self.team.data,
            self.locale.data,
            self.zone.data,
            self.active.data,
        )


class ChannelForm(PanelForm):
    """Where a channel that documents name is in Slack."""

    key = text("panel.label.key", 60, hint="panel.hint.channel_key", needed=True)
    name = text("panel.label.channel_name", 80, hint="panel.hint.channel_name")
    slack_id = text("panel.label.slack_id", 32, hint="panel.hint.channel_slack_id")
    locale = one("panel.label.locale", hint="panel.hint.channel_locale")

    def validate_key(self, field: Any) -> None:
        """A key like those of documents."""
        if not KEY.fullmatch(field.data):
            raise ValidationError(say("panel.error.key"))

    def validate_slack_id(self, field: Any) -> None:
        """See `slack_like`."""
        slack_like(self, field)

    def offer(self) -> None:
        """Sets the choices."""
        offer(self.locale, keyed(LOCALES, "web.language"))

    def info(self) -> ChannelInfo:
        """What is to be saved."""
        return ChannelInfo(self.slack_id.data, self.name.data, self.locale.data)


class RosterView(RowsView):
    """What people and channels have in common: short lists, one form, a version."""

    right = Right.PEOPLE
    group = "panel.nav.desk"
    can_create = can_edit = True
    create_view = BaseModelView.create_view
    edit_view = BaseModelView.edit_view
    add = ""

    def row_url(self, row: Row[Any]) -> str:
        """The page of a row."""
        return url_for(".edit_view", id=self.get_pk_value(row))

    def create_form(self, obj: Any = None) -> Any:
        """An empty form."""
        form = self.form(get_form_data())
        form.offer()
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """The row's form, with the version that was read."""
        form = self.form(get_form_data(), data=dict(obj._mapping))
        form.offer()
        if request.method == "GET":
            form.read.data = str(obj.version)
        return form

    def get_list(self, page: int, *_: Any, **__: Any) -> tuple[int, list[Row[Any]]]:
        """A page of the rows."""
        rows = self.rows()
        start = max(page, 0) * self.page_size
        return len(rows), rows[start : start + self.page_size]

    def save(self, form: Any, model: Row[Any], use_case: Any, *key: Any) -> bool:
        """Saves a row that was read, or says beside the form why not."""
        try:
            refused = transact(use_case, me(), *key, version_read("read"), form.info())
        except Stale:
            flash(say("panel.stale"), "danger")
            now = self.get_one(self.get_pk_value(model))
            saved = self.form(data=dict(now._mapping))
            saved.offer()
            form.show_difference(saved)
            form.read.data = str(now.version)
            return False
        if refused is not None:
            self.refuse(form, refused)
        return refused is None

    @staticmethod
    def refuse(form: Any, refused: Refused) -> None:
        """Says why nothing was saved, beside the field where one is meant."""
        if refused.key == "slack_id_taken":
            form.refuse(form.slack_id, refusal(refused))
        elif refused.key == "key_taken":
            form.refuse(form.key, refusal(refused))
        else:
            tell_refusal(refused)

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        """Saving leads back to the list."""
        return url_for(".index_view")

    def render(self, template: str, **kwargs: Any) -> str:
        """Adds a form's heading and the way back."""
        if "form" in kwargs:
            model = kwargs.get("model")
            index = url_for(".index_view")
            kwargs |= {
                "heading": self.called(model) if model is not None else say(self.add),
                "crumbs": [(say(self.title), index)],
                "back": index,
            }
        return str(super().render(template, **kwargs))


class People(RosterView):
    """Who works at the desk, as what, and where."""

    title = "panel.nav.people"
    add = "panel.add.person"
    model = Person
    form = PersonForm
    column_list = ("name", "roles", "home_stage", "team", "locale", "zone", "slack_id")

    def __init__(self) -> None:
        super().__init__("people")
        self.column_formatters = {
            "roles": lambda _v, _c, row, _n: _roles(row),
            "home_stage": lambda _v, _c, row, _n: _home(row),
            "locale": lambda _v, _c, row, _n: say(f"web.language.{row.locale}"),
            "team": lambda _v, _c, row, _n: row.team or "–",
            "slack_id": lambda _v, _c, row, _n: row.slack_id or "–",
        }

    def rows(self) -> list[Row[Any]]:
        """Everybody, those who have left last."""
        return roster.everyone(reading())

    def faded(self, row: Row[Any]) -> bool:
        """Whoever has left is shown in the background."""
        return not row.active

    def called(self, row: Row[Any]) -> str:
        """What a row is called in headings."""
        return str(row.name)

    def get_pk_value(self, model: Row[Any]) -> str:
        """A person is addressed by number."""
        return str(model.id)

    def get_one(self, id: str | None) -> Row[Any]:  # noqa: A002  Flask-Admin's own name
        """The person; 404 where there is none."""
        return roster.person(reading(), row_id(id)) or abort(404)

    def create_model(self, form: PersonForm) -> Row[Any] | bool:
        """Adds a person."""
        answer = transact(roster.add_person, me(), form.info())
        if isinstance(answer, Refused):
            self.refuse(form, answer)
            return False
        return self.get_one(str(answer))

    def update_model(self, form: PersonForm, model: Row[Any]) -> bool:
        """Saves a person."""
        return self.save(form, model, roster.change_person, model.id)


class Channels(RosterView):
    """Where the desk's channels are in Slack."""

    title = "panel.nav.channels"
    add = "panel.add.channel"
    model = Channel
    form = ChannelForm
    column_list = ("key", "name", "slack_id", "locale", "used_by")

    def __init__(self) -> None:
        super().__init__("channels")
        self.column_formatters = {
            "name": lambda _v, _c, row, _n: f"#{row.name}" if row.name else "–",
            "slack_id": lambda _v, _c, row, _n: row.slack_id or say("panel.channel.unset"),
            "locale": lambda _v, _c, row, _n: say(f"web.language.{row.locale}"),
            "used_by": lambda _v, _c, row, _n: _users(row.key),
        }

    def rows(self) -> list[Row[Any]]:
        """All channels."""
        return roster.channels(reading())

    def called(self, row: Row[Any]) -> str:
        """What a row is called in headings."""
        return str(row.key)

    def get_pk_value(self, model: Row[Any]) -> str:
        """A channel is addressed by its key."""
        return str(model.key)

    def get_one(self, id: str | None) -> Row[Any]:  # noqa: A002  Flask-Admin's own name
        """The channel; 404 where there is none."""
        return next((row for row in self.rows() if row.key == id), None) or abort(404)

    def edit_form(self, obj: Any = None) -> ChannelForm:
        """A channel keeps its key."""
        form: ChannelForm = super().edit_form(obj)
        del form.key
        return form

    def create_model(self, form: ChannelForm) -> Row[Any] | bool:
        """Adds a channel."""
        answer = transact(roster.add_channel, me(), form.key.data, form.info())
        if isinstance(answer, Refused):
            self.refuse(form, answer)
            return False
        return self.get_one(answer)

    def update_model(self, form: ChannelForm, model: Row[Any]) -> bool:
        """Saves a channel."""
        return self.save(form, model, roster.change_channel, model.key)


def _work_stages() -> list[tuple[str, str]]:
    """The stages that can be somebody's home: those at which agents decide."""
    return [
        (stage.key, stage.label.text(locale()))
        for workflow in documents.active(reading()).workflows
        for stage in workflow.stages
        if stage.kind == Kind.WORK
    ]


def _roles(row: Row[Any]) -> str:
    words = say("word.comma").join(say(f"panel.role.{role}") for role in row.roles)
    return words if row.active else say("panel.person.left", roles=words)


def _home(row: Row[Any]) -> str:
    document = documents.active(reading())
    return stage_label(document, row.home_stage, locale()) if row.home_stage else "–"


def _users(key: str) -> str:
    """Which stages of the published document post to a channel."""
    users: list[str] = []
    for workflow in documents.active(reading()).workflows:
        users += [s.label.text(locale()) for s in workflow.stages if s.channel == key]
        if workflow.escalation == key:
            users.append(say("panel.aspect.escalation"))
    return say("word.comma").join(users) or "–"
