"""On-duty rotas: who is on duty now, and what has been agreed for the time to come (K5, A2)."""

from collections.abc import Sequence
from typing import Any

from flask import abort, g, request, url_for
from markupsafe import Markup
from sqlalchemy import Row

from admin.base import holds, me, refusal
from admin.duty_days import ahead, standing
from admin.keyed import KeyedView
from admin.rota_forms import RotaForm, told
from admin.sheets import Cell
from core.clocks.rota import Rota, Turns
from core.desk import changes, rota_edit, rotas
from core.desk.actor import Right
from core.desk.answers import Refused
from core.tables import Rota as RotaRow
from web.desk import now, reading, transact
from web.language import locale, say

_CHANGING = frozenset({"create_view", "edit_view", "delete_view"})


class Rotas(KeyedView):
    """The rotas of the desk, for everybody; who looks after people shapes them."""

    right = Right.SEE
    title = "panel.nav.rotas"
    add = "panel.add.rota"
    model = RotaRow
    form = RotaForm
    kind = changes.ROTA
    column_list = ("rota", "on_duty", "turns", "people_in_turn")
    exported_columns = column_list
    edit_template = create_template = "panel/rota.html"
    remove_words = "panel.remove.rota"

    def __init__(self) -> None:
        super().__init__("rotas")
        self.column_formatters = {
            "rota": lambda _v, _c, row, _n: self.called(row),
            "on_duty": lambda _v, _c, row, _n: _standing(row),
            "turns": lambda _v, _c, row, _n: say(f"panel.turns.{row.turns}"),
            "people_in_turn": lambda _v, _c, row, _n: _people(row),
        }

    @property
    def can_create(self) -> bool:  # type: ignore[override]
        """Whether whoever is signed in may add one."""
        return holds(Right.PEOPLE)

    def _handle_view(self, name: str, **kwargs: Any) -> Any:
        """Shaping a rota needs more than seeing it."""
        if name in _CHANGING and not holds(Right.PEOPLE):
            abort(403)
        return super()._handle_view(name, **kwargs)

    def row_url(self, row: Row[Any]) -> str:
        """The page of a rota."""
        return url_for("duty.index", id=row.key)

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """A rota as the list shows it."""
        _, now_told = _now(row)
        return (self.called(row), now_told, say(f"panel.turns.{row.turns}"), _people(row))

    def rows(self) -> list[Row[Any]]:
        """All rotas."""
        return rotas.everything(reading())

    def called(self, row: Row[Any]) -> str:
        """What a row is called in headings."""
        return called(row)

    def filled(self, row: Row[Any]) -> dict[str, Any]:
        """A rota as its form shows it."""
        return told(row)

    def create_form(self, obj: Any = None) -> RotaForm:
        """A new rota starts with working days."""
        form: RotaForm = super().create_form(obj)
        if request.method == "GET":
            form.begin()
        return form

    def create_model(self, form: RotaForm) -> Row[Any] | bool:
        """Adds a rota, unless it is only to be looked at."""
        if _only_looked_at(form, None):
            return False
        answer = transact(rota_edit.add, me(), form.key.data, form.info())
        if isinstance(answer, Refused):
            self.refuse(form, answer)
            return False
        return self.get_one(answer)

    def update_model(self, form: RotaForm, model: Row[Any]) -> bool:
        """Saves a rota, unless it is only to be looked at."""
        if _only_looked_at(form, model):
            return False
        return self.save(form, model, rota_edit.change, model.key)

    def removal(self) -> Any:
        """A rota goes with its overrides and notes."""
        return rota_edit.remove

    @staticmethod
    def refuse(form: Any, refused: Refused) -> None:
        """What is missing is refused beside where it belongs."""
        if refused.key == "rota_no_shifts":
            form.refuse(form.days_1, refusal(refused))
        elif refused.key == "rota_nobody":
            fixed = form.turns.data == Turns.FIXED
            form.refuse(form.people_1 if fixed else form.person_1, refusal(refused))
        else:
            KeyedView.refuse(form, refused)

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        """Saving leads to the rota's page."""
        super().get_save_return_url(model, is_created)
        return url_for("duty.index", id=model.key)

    def render(self, template: str, **kwargs: Any) -> str:
        """Beneath a rota's form stand the days to come, as they were last looked at."""
        if "form" in kwargs:
            drawn: Rota | None = g.get("looked_at")
            names = rotas.names(reading(), drawn.everybody) if drawn is not None else {}
            kwargs |= {
                "looked_at": drawn is not None,
                "ahead": ahead(drawn, names) if drawn is not None else [],
            }
        return super().render(template, **kwargs)


def called(row: Row[Any]) -> str:
    """What a rota is called."""
    return str(row.label_zh if locale() == "zh_CN" else row.label_en)


def _only_looked_at(form: RotaForm, model: Row[Any] | None) -> bool:
    """Whether what was typed is to be drawn instead of saved."""
    if not request.form.get("look"):
        return False
    key = model.key if model is not None else ""
    g.looked_at = rotas.agreed(reading(), key, form.info().plan(), now=now())
    return True


def _now(row: Row[Any]) -> tuple[bool, str]:
    rota = rotas.built(reading(), row, now=now())
    return standing(rota, rotas.names(reading(), rota.everybody))


def _standing(row: Row[Any]) -> Markup:
    somebody, told_now = _now(row)
    kind = "good" if somebody else ""
    return Markup('<span class="tag {}">{}</span>').format(kind, told_now)


def _people(row: Row[Any]) -> str:
    """Everybody who is planned for it, in turn."""
    planned = rotas.duties(row.duties)
    ids = list(row.people)
    if row.turns == Turns.FIXED:
        ids = list(dict.fromkeys(one for duty in planned for one in duty.people))
    names = rotas.names(reading(), ids)
    return say("word.comma").join(names.get(one, "?") for one in ids)
