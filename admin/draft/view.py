"""A page of the draft: a row's form, the rows that belong to it, and every change to them."""

from functools import partial
from typing import Any

from flask import abort, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_admin.helpers import get_form_data
from flask_admin.model import BaseModelView
from sqlalchemy import Row

from admin import foretold
from admin.base import RowsView, expose, me, refusal, row_id, tell_done, tell_refusal
from admin.draft import anew, cards, together
from admin.draft.cards import Draw
from admin.draft.exporting import PartsView
from admin.draft.forms import DraftForm
from admin.draft.kinds import BY_KIND, Page
from admin.draft.ordering import save_order
from admin.draft.parts import part_list
from admin.draft.sketch import Sketch
from admin.draft.together import name_of
from admin.picture import drawing
from core.desk import draft_edit, draft_order, draft_rows
from core.desk.actor import Right
from core.desk.answers import Refused, Stale
from core.desk.draft_rows import KINDS, Owner
from web.desk import reading, transact
from web.language import say


class DraftView(PartsView, RowsView):
    """The pages of one kind of row."""

    right = Right.SHAPE
    can_create = can_edit = can_delete = True
    save_words = "panel.save"

    def __init__(self, page: Page, draw: Draw) -> None:
        self.page = page
        self.draw = draw
        self.model = KINDS[page.kind].table
        self.title = f"panel.nav.{page.endpoint}" if page.top else f"panel.add.{page.kind}"
        self.group = "panel.nav.draft"
        self.form = page.form
        super().__init__(page.endpoint)

    @property
    def menu_endpoint(self) -> str:
        """The list in which the outermost owner of these rows stands."""
        return _top_of(self.page.kind)

    def is_visible(self) -> bool:
        """Only what belongs to the draft itself is in the menu."""
        return self.page.top

    @expose("/")
    def index_view(self) -> ResponseReturnValue:
        """The rows that belong to the draft itself; all others are listed with their owner."""
        if not self.page.top:
            return redirect(url_for(f"{self.menu_endpoint}.index_view"))
        sketch = Sketch(self.page.kind, None)
        return self.render("panel/parts.html", part_list=part_list(self.page.kind, sketch))

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> ResponseReturnValue:
        """A form for a fresh row, after the choice of what its form depends on."""
        form = self.page.form
        if form.asked_first:
            choices = form.choices_asked_first(self._fresh())
            if request.args.get(form.asked_first) not in {value for value, _ in choices}:
                return self.render(
                    "panel/choose.html",
                    name=form.asked_first,
                    choices=choices,
                    kept=request.args,
                    crumbs=self.crumbs(self._fresh()),
                )
        return BaseModelView.create_view(self)  # type: ignore[no-any-return]

    @expose("/edit/", methods=("GET", "POST"))
    def edit_view(self) -> ResponseReturnValue:
        """A row's form; of one that is gone by now what was typed is kept, to be added anew."""
        kind, here = self.page.kind, row_id(request.args.get("id"))
        if request.method == "GET" or draft_rows.find(reading(), kind, here) is not None:
            return BaseModelView.edit_view(self)  # type: ignore[no-any-return]
        anew.take_over(kind, self.page.form.asked_first)
        form = self.create_form()
        if "key" in form:
            form.key.data = request.form.get(anew.KEY, "")
        anew.tell(kind, request.form.get(anew.PLACE, ""))
        return self.render("panel/form.html", form=form, sent_to=anew.there())

    @expose("/delete/", methods=("POST",))
    def delete_view(self) -> ResponseReturnValue:
        """Removes a row, and says so in the reader's language."""
        answer = BaseModelView.delete_view(self)
        if any(category == "success" for category, _ in session.get("_flashes", ())):
            tell_done("panel.done.removed")
        return answer  # type: ignore[no-any-return]

    @expose("/card/", methods=("POST",))
    def card_view(self) -> ResponseReturnValue:
        """The cards of a stage as they would be, were this form saved (S4)."""
        row = self.get_one(request.args["id"]) if "id" in request.args else None
        form = self.create_form() if row is None else self.edit_form(row)
        if request.form.get("unchanged") != "yes" and not form.validate():
            return {"problem": say("panel.card.mend")}
        sketch = self._fresh() if row is None else Sketch.of(self.page.kind, row)
        return cards.answer(sketch, self._edit(form, row), self.draw)

    def _edit(self, form: DraftForm, row: Row[Any] | None) -> cards.Edit | None:
        """What saving the form would do; None where the page was only opened."""
        kind, values = self.page.kind, form.values
        if request.form.get("unchanged") == "yes":
            return None
        if row is None:
            key = form.key.data if "key" in form else ""
            return partial(draft_edit.add, kind=kind, owner=self.owner(), values=values(), key=key)
        read = draft_rows.mark(kind, row)  # whatever stands there now: nothing is saved
        return partial(draft_edit.change, kind=kind, row_id=row.id, read=read, values=values())

    @expose("/move/", methods=("POST",))
    def move_view(self) -> ResponseReturnValue:
        """Moves a row one place up or down."""
        row = self.get_one(request.form.get("id"))
        up = request.form.get("direction") == "up"
        try:
            refused = transact(draft_order.move, me(), self.page.kind, row.id, up)
        except Stale:
            refused = None
            flash(say("panel.stale.removed"), "danger")
        if refused is not None:
            tell_refusal(refused)
        return redirect(self.page_of_owner(row))

    @expose("/order/", methods=("POST",))
    def order_view(self) -> ResponseReturnValue:
        """Puts the rows of an owner into the order that was dragged or moved by keys (S1)."""
        if not self.page.ordered:
            abort(404)
        return save_order(self.page.kind, self.owner())

    @expose("/here/", methods=("POST",))
    def here_view(self) -> ResponseReturnValue:
        """Notes that this page is open, and answers who else is at the draft (S3)."""
        return together.here(self.page.kind, self.get_one(request.args.get("id")))

    # What Flask-Admin's pages ask of a view.

    def get_one(self, id: str | None) -> Row[Any]:  # noqa: A002  Flask-Admin's own name
        """The row with this id; 404 where there is none of this kind."""
        row = draft_rows.find(reading(), self.page.kind, row_id(id))
        return row if row is not None else abort(404)

    def create_form(self, obj: Any = None) -> DraftForm:
        """An empty form with the choices that the owner allows."""
        form = self.page.form(get_form_data())
        form.offer(self._fresh())
        return form

    def edit_form(self, obj: Any = None) -> DraftForm:
        """The row's form, with the mark of what it was read as."""
        form = self.page.form(get_form_data(), data=self.page.form.data_of(obj))
        form.offer(Sketch.of(self.page.kind, obj))
        if request.method == "GET":
            form.read.data = draft_rows.mark(self.page.kind, obj)
        return form

    def create_model(self, form: DraftForm) -> Row[Any] | bool:
        """Adds the row to its owner in the draft."""
        key = form.key.data if "key" in form else ""
        answer = transact(
            draft_edit.add, me(), self.page.kind, self.owner(), form.values(), key=key
        )
        if isinstance(answer, Refused):
            self._refuse(form, answer)
            return False
        return self.get_one(str(answer))

    def update_model(self, form: DraftForm, model: Row[Any]) -> bool:
        """Saves the row, unless somebody changed it since it was shown."""
        read = form.read.data or ""
        try:
            refused = transact(
                draft_edit.change, me(), self.page.kind, model.id, read, form.values()
            )
        except Stale:
            together.show_stale(self.page, form, model.id)
            return False
        if refused is not None:
            self._refuse(form, refused)
        return refused is None

    def delete_model(self, model: Row[Any]) -> bool:
        """Removes the row with all that belongs to it."""
        read = request.form.get("read", "")
        try:
            refused = transact(draft_edit.remove, me(), self.page.kind, model.id, read)
        except Stale:
            flash(say("panel.stale.remove"), "danger")
            return False
        if refused is not None:
            tell_refusal(refused)
        return refused is None

    def get_save_return_url(self, model: Any, is_created: bool = False) -> str:
        """Where saving leads: to the row where it has parts to go on with, else to its owner."""
        tell_done("panel.done.saved")
        if self.page.parts:
            return url_for(f"{self.page.endpoint}.edit_view", id=model.id)
        return self.page_of_owner(model)

    def render(self, template: str, **kwargs: Any) -> str:
        """Adds to the form of a row what stands around it."""
        row = kwargs.get("model")
        if row is not None:
            sketch = Sketch.of(self.page.kind, row)
            kwargs |= {
                "heading": kwargs["form"].about(sketch) or name_of(self.page.kind, row),
                "crumbs": self.crumbs(sketch),
                "part_lists": [part_list(kind, sketch) for kind in self.page.parts],
                "mark": draft_rows.mark(self.page.kind, row),
                "carried": anew.carried(self.page.kind, kwargs["form"], row),
                "here_url": url_for(f"{self.page.endpoint}.here_view", id=row.id),
                "others": together.others(self.page.kind, row),
                "back": self.page_of_owner(row),
                "card_url": self._card_url(id=row.id),
                "foretold_url": foretold.address(self.page.kind, sketch, row),
                "drawn": drawing(sketch.workflow) if self.page.kind == "workflow" else None,
            }
        elif "form" in kwargs:
            sketch = self._fresh()
            kwargs |= {
                "heading": _joined(
                    say(f"panel.add.{self.page.kind}"), kwargs["form"].about(sketch)
                ),
                "crumbs": self.crumbs(sketch),
                "back": self._back(sketch.owner),
                "card_url": self._card_url(**anew.given()),
            }
        return str(super().render(template, **kwargs))

    def _card_url(self, **arguments: Any) -> str:
        """Where the card beside the form is asked for; empty where no card shows such rows."""
        if self.page.kind in cards.UNSEEN:
            return ""
        return url_for(f"{self.page.endpoint}.card_view", **arguments)

    def crumbs(self, sketch: Sketch) -> list[tuple[str, str]]:
        """The way from the list of what all belongs to, down to the row's owner."""
        outermost = sketch.lineage[0][0] if sketch.lineage else self.page.kind
        top = BY_KIND[outermost].endpoint
        return [
            (say(f"panel.nav.{top}"), url_for(f"{top}.index_view")),
            *(
                (name_of(kind, row), url_for(f"{BY_KIND[kind].endpoint}.edit_view", id=row.id))
                for kind, row in sketch.lineage
            ),
        ]

    def page_of_owner(self, row: Row[Any]) -> str:
        """The page on which the row is listed, at the row."""
        return f"{self._back(KINDS[self.page.kind].owner_of(row))}#{self.page.kind}-{row.id}"

    def _back(self, owner: Owner | None) -> str:
        if owner is None:
            return url_for(f"{self.page.endpoint}.index_view")
        return url_for(f"{BY_KIND[owner.kind].endpoint}.edit_view", id=owner.id)

    def _fresh(self) -> Sketch:
        """The surroundings of a row that is to be added; 404 where there is no such owner."""
        sketch = Sketch(self.page.kind, self.owner())
        sketch.first = anew.given().get(self.page.form.asked_first, "")
        sketch.group = anew.given().get("group", type=int)
        return sketch

    def _refuse(self, form: DraftForm, refused: Refused) -> None:
        if "key" in form and refused.key in ("key_taken", "bad_key"):
            form.refuse(form.key, refusal(refused))
        else:
            tell_refusal(refused)


def _joined(what: str, about: str) -> str:
    return say("panel.about", what=what, about=about) if about else what


def _top_of(kind: str) -> str:
    """The endpoint of the list in which a kind's outermost owner stands."""
    while KINDS[kind].owners:
        kind = list(KINDS[kind].owners)[-1]
    return BY_KIND[kind].endpoint
