"""Where the channels that documents name are in Slack."""

from collections.abc import Sequence
from typing import Any

from flask import abort
from sqlalchemy import Row
from wtforms import ValidationError

from admin.base import me
from admin.form import PanelForm, keyed, number, offer, one, text, yes
from admin.roster import RosterView, slack_like
from admin.sheets import Cell
from core.desk import documents, roster
from core.desk.answers import Refused
from core.desk.draft_edit import KEY
from core.desk.roster import MOST_CARDS, ChannelInfo
from core.tables import Channel
from core.workflow.model import LOCALES
from web.desk import reading, transact
from web.language import locale, say


class ChannelForm(PanelForm):
    """Where a channel that documents name is in Slack."""

    key = text("panel.label.key", 60, hint="panel.hint.channel_key", needed=True)
    name = text("panel.label.channel_name", 80, hint="panel.hint.channel_name")
    slack_id = text("panel.label.slack_id", 32, hint="panel.hint.channel_slack_id")
    locale = one("panel.label.locale", hint="panel.hint.channel_locale")
    most_cards = number(
        "panel.label.most_cards", 1, 1_000, hint="panel.hint.most_cards", default=MOST_CARDS
    )

    group_id = text("panel.label.group_id", 32, hint="panel.hint.group_id")
    counts_in_topic = yes(
        "panel.label.counts_in_topic", hint="panel.hint.counts_in_topic", default=True
    )

    def validate_group_id(self, field: Any) -> None:
        """See `slack_like`."""
        slack_like(self, field)

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
        return ChannelInfo(
            self.slack_id.data,
            self.name.data,
            self.locale.data,
            self.most_cards.data,
            self.group_id.data,
            self.counts_in_topic.data,
        )


class Channels(RosterView):
    """Where the desk's channels are in Slack."""

    title = "panel.nav.channels"
    add = "panel.add.channel"
    model = Channel
    form = ChannelForm
    column_list = ("key", "channel_name", "slack_id", "locale", "used_by")
    exported_columns = column_list

    def __init__(self) -> None:
        super().__init__("channels")
        self.column_formatters = {
            "channel_name": lambda _v, _c, row, _n: f"#{row.name}" if row.name else "–",
            "slack_id": lambda _v, _c, row, _n: row.slack_id or say("panel.channel.unset"),
            "locale": lambda _v, _c, row, _n: say(f"web.language.{row.locale}"),
            "used_by": lambda _v, _c, row, _n: _users(row.key),
        }

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """A channel as the list shows it."""
        language = say(f"web.language.{row.locale}")
        return (row.key, row.name, row.slack_id, language, _users(row.key))

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


def _users(key: str) -> str:
    """Which stages and ladders of the published document post to a channel."""
    active = documents.active(reading())
    users = [
        ladder.label.text(locale())
        for ladder in active.ladders
        if any(level.whom == key for level in ladder.levels)
    ]
    for workflow in active.workflows:
        users += [s.label.text(locale()) for s in workflow.stages if s.channel == key]
        if workflow.escalation == key:
            users.append(say("panel.aspect.escalation"))
    return say("word.comma").join(users) or "–"
