"""The desk's roles: what each is called, and which rights of the closed list it gives (X2)."""

from collections.abc import Sequence
from typing import Any

from flask import g
from sqlalchemy import Row
from wtforms import ValidationError

from admin.base import me
from admin.form import PanelForm, keyed, many, offer, text
from admin.keyed import KeyedView
from admin.sheets import Cell
from core.desk import changes, roles, roster
from core.desk.actor import Right
from core.desk.answers import Refused
from core.desk.roles import KEY, RoleInfo
from core.tables import Role
from web.desk import reading, transact
from web.language import locale, say


class RoleForm(PanelForm):
    """What a role is called, and what whoever has it may do."""

    key = text("panel.label.key", 40, hint="panel.hint.role_key", needed=True)
    label_zh = text("panel.label.label_zh", 40, needed=True)
    label_en = text("panel.label.label_en", 40, needed=True)
    rights = many("panel.label.rights", hint="panel.hint.rights")

    def validate_key(self, field: Any) -> None:
        """A key like those of documents."""
        if not KEY.fullmatch(field.data):
            raise ValidationError(say("panel.error.key"))

    def offer(self) -> None:
        """Sets the choices."""
        offer(self.rights, keyed(Right, "right"))

    def info(self) -> RoleInfo:
        """What is to be saved."""
        return RoleInfo(self.label_zh.data, self.label_en.data, self.rights.data)


class Roles(KeyedView):
    """What each role gives, and who has it."""

    title = "panel.nav.roles"
    add = "panel.add.role"
    model = Role
    form = RoleForm
    column_list = ("role", "rights", "had_by")
    exported_columns = column_list
    kind = changes.ROLE
    remove_words = "panel.remove.role"

    def __init__(self) -> None:
        super().__init__("roles")
        self.column_formatters = {
            "role": lambda _v, _c, row, _n: label(row.key),
            "rights": lambda _v, _c, row, _n: _rights(row) or "–",
            "had_by": lambda _v, _c, row, _n: _had_by(row.key) or "–",
        }

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """A role as the list shows it."""
        return (label(row.key), _rights(row), _had_by(row.key))

    def rows(self) -> list[Row[Any]]:
        """All roles."""
        return roles.everything(reading())

    def called(self, row: Row[Any]) -> str:
        """What a row is called in headings."""
        return label(row.key)

    def create_model(self, form: RoleForm) -> Row[Any] | bool:
        """Adds a role."""
        answer = transact(roles.add, me(), form.key.data, form.info())
        if isinstance(answer, Refused):
            self.refuse(form, answer)
            return False
        return self.get_one(answer)

    def update_model(self, form: RoleForm, model: Row[Any]) -> bool:
        """Saves a role."""
        return self.save(form, model, roles.change, model.key)

    def removal(self) -> Any:
        """A role goes only where nobody has it."""
        return roles.remove


def labels() -> dict[str, str]:
    """What every role is called, by its key, in the reader's language."""
    if "role_labels" not in g:
        g.role_labels = {
            row.key: row.label_zh if locale() == "zh_CN" else row.label_en
            for row in roles.everything(reading())
        }
    found: dict[str, str] = g.role_labels
    return found


def label(key: str) -> str:
    """What a role is called; its key where it is gone."""
    return labels().get(key, key)


def _rights(row: Row[Any]) -> str:
    return say("word.comma").join(say(f"right.{right}") for right in row.rights)


def _had_by(key: str) -> str:
    """Who has a role now."""
    if "roster" not in g:
        g.roster = roster.everyone(reading())
    return say("word.comma").join(p.name for p in g.roster if p.active and key in p.roles)
