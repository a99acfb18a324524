"""What the pages of people and of channels share: live rows, guarded by their version."""

import re
from typing import Any

from flask import flash, request, url_for
from flask_admin.helpers import get_form_data
from flask_admin.model import BaseModelView
from sqlalchemy import Row
from wtforms import ValidationError

from admin.base import RowsView, me, refusal, tell_done, tell_refusal, version_read
from admin.exports import ExportView
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from web.desk import transact
from web.language import say

SLACK_ID = re.compile(r"[A-Z0-9]{2,32}")


def slack_like(_form: Any, field: Any) -> None:
    """Slack's ids are capital letters and digits; an empty one is none."""
    if field.data and not SLACK_ID.fullmatch(field.data):
        raise ValidationError(say("panel.error.slack_id"))


class RosterView(ExportView, RowsView):
    """What people and channels have in common: short lists, one form, a version."""

    right = Right.PEOPLE
    group = "panel.nav.crew"
    can_create = can_edit = True
    create_view = BaseModelView.create_view
    edit_view = BaseModelView.edit_view
    add = ""

    def row_url(self, row: Row[Any]) -> str:
        """The page of a row."""
        return url_for(".edit_view", id=self.get_pk_value(row))

    def filled(self, row: Row[Any]) -> dict[str, Any]:
        """What a row's form is filled with."""
        return dict(row._mapping)

    def create_form(self, obj: Any = None) -> Any:
        """An empty form."""
        form = self.form(get_form_data())
        form.offer()
        return form

    def edit_form(self, obj: Any = None) -> Any:
        """The row's form, with the version that was read."""
        form = self.form(get_form_data(), data=self.filled(obj))
        form.offer()
        if request.method == "GET":
            form.read.data = str(obj.version)
        return form

    def get_list(self, page: int, *_: Any, **__: Any) -> tuple[int, list[Row[Any]]]:
        """A page of the rows."""
        rows = self.rows()
        start = max(page, 0) * self.page_size
        return len(rows), rows[start : start + self.page_size]

    def exported(self) -> list[Row[Any]]:
        """All rows."""
        return list(self.rows())

    def save(self, form: Any, model: Row[Any], use_case: Any, *key: Any) -> bool:
        """Saves a row that was read, or says beside the form why not."""
        try:
            refused = transact(use_case, me(), *key, version_read("read"), form.info())
        except Stale:
            flash(say("panel.stale"), "danger")
            now = self.get_one(self.get_pk_value(model))
            saved = self.form(data=self.filled(now))
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
        tell_done("panel.done.saved.live")
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
