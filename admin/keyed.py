"""Live rows under a key of their own: edited as others are, removed as read, and added anew."""

from typing import Any, ClassVar

from flask import abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_admin.model import BaseModelView
from sqlalchemy import Row

from admin.base import expose, me, tell_done, tell_refusal, version_read
from admin.draft import anew
from admin.roster import RosterView
from core.desk import changes
from core.desk.answers import Stale
from core.desk.draft_edit import KEY
from web.desk import reading, transact
from web.language import say


class KeyedView(RosterView):
    """What roles and calendars have in common."""

    can_delete = True
    remove_yes = "panel.remove.live"
    kind: ClassVar[str]  # as the record of changes calls such a row

    def removal(self) -> Any:
        """The use case that removes a row, as it was read."""
        raise NotImplementedError

    def get_pk_value(self, model: Row[Any]) -> str:
        """A row is addressed by its key."""
        return str(model.key)

    def get_one(self, id: str | None) -> Row[Any]:  # noqa: A002  Flask-Admin's own name
        """The row; 404 where there is none."""
        found: Row[Any] | None = next((row for row in self.rows() if row.key == id), None)
        return found if found is not None else abort(404)

    def edit_form(self, obj: Any = None) -> Any:
        """A row keeps its key."""
        form = super().edit_form(obj)
        del form.key
        return form

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """A row's form; of one that is gone by now what was typed is kept, to be added anew."""
        key = request.args.get("id", "")
        there = key in {row.key for row in self.rows()}
        was = KEY.fullmatch(key) and changes.removal(reading(), self.kind, key) is not None
        if request.method == "GET" or there or not was:
            return BaseModelView.edit_view(self)  # type: ignore[no-any-return]
        form = self.create_form()
        form.key.data = key
        anew.tell(self.kind, key)
        return self.render(self.create_template, form=form, sent_to=url_for(".create_view"))

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> ResponseReturnValue:
        """Removes a row that nothing holds on to; one that something does says what."""
        key = str(self.get_one(request.form.get("id")).key)
        try:
            refused = transact(self.removal(), me(), key, version_read("read"))
        except Stale:
            flash(say("panel.stale.remove"), "danger")
            return redirect(url_for(".edit_view", id=key), 303)
        if refused is not None:
            tell_refusal(refused)
            return redirect(url_for(".edit_view", id=key), 303)
        tell_done("panel.done.removed.live")
        return redirect(url_for(".index_view"), 303)

    def render(self, template: str, **kwargs: Any) -> str:
        """Beneath a row's form it can be removed, as it was read."""
        model = kwargs.get("model")
        if model is not None:
            kwargs |= {"mark": model.version, "removed": model.key}
        return super().render(template, **kwargs)
