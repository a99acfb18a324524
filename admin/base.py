"""What every view of the panel is: closed, unless it says which right opens it (fault 36)."""

from collections.abc import Callable
from typing import Any, ClassVar, NoReturn, TypeVar

from flask import abort, flash, redirect, request, session
from flask_admin import base
from flask_admin.base import BaseView
from flask_admin.model import BaseModelView

from core.desk import documents
from core.desk.actor import Actor, Right, agent
from core.desk.answers import Refused
from core.wording import refusal_text
from web import sessions
from web.desk import reading
from web.language import locale, say, zone

MOST_DIGITS = 18  # of an id or a version; both databases hold them
Page = TypeVar("Page", bound=Callable[..., Any])

# Gives a method of a view its address; Flask-Admin's own brings no types.
expose: Callable[..., Callable[[Page], Page]] = base.expose


class PanelView(BaseView):  # type: ignore[misc]  # Flask-Admin brings no types
    """A view of the panel. Without a right it is open to nobody."""

    right: ClassVar[Right | None] = None
    title = ""  # a message key
    group: str | None = None  # the menu's group, a message key

    def __init__(self, endpoint: str) -> None:
        super().__init__(name=self.title, category=self.group, endpoint=endpoint)

    @property
    def menu_endpoint(self) -> str:
        """The page of the menu that this one belongs to."""
        return str(self.endpoint)

    def is_accessible(self) -> bool:
        """Whether whoever is signed in holds the right at this moment."""
        return holds(self.right)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> NoReturn:
        """Answers 403: whoever is not signed in never comes this far."""
        abort(403)


class RowsView(PanelView, BaseModelView):  # type: ignore[misc]
    """A table of the panel, on Flask-Admin's model views without its SQLAlchemy part.

    Rows are read and saved by the desk's use cases, so there is no session that could commit, and
    no query that a look-up by id could get around. Whatever Flask-Admin would add by itself is
    taken off: an attribute that is None has no address.
    """

    action_view = ajax_lookup = ajax_update = details_view = export = None
    create_view: Any = None  # a view that can edit says so
    edit_view: Any = None
    delete_view: Any = None
    can_create = can_edit = can_delete = can_export = False
    list_template = "panel/list.html"
    edit_template = create_template = "panel/form.html"
    save_words = "panel.save.live"
    remove_words, remove_yes = "panel.remove.what", "panel.remove.yes"
    page_size = 20
    model: Any = None

    def __init__(self, endpoint: str) -> None:
        BaseModelView.__init__(
            self, self.model, name=self.title, category=self.group, endpoint=endpoint
        )

    # What the list's template asks of a view.

    def filters(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """What the list is narrowed by: each name with its choices."""
        return []

    def kept(self) -> list[tuple[str, str, str]]:
        """What else it is narrowed by: its name, its value, and what it is in words."""
        return []

    def faded(self, _row: Any) -> bool:
        """Whether a row is shown in the background."""
        return False

    def counted(self, count: int) -> str:
        """How many rows there are, in words."""
        return say("panel.count", number=count)

    def stay_within(self, page: int, count: int) -> None:
        """Leads whoever asks for a page after the last to the last."""
        last = max(count - 1, 0) // self.page_size
        if page > last:
            asked = self._get_list_extra_args()
            asked.page = last
            abort(redirect(self._get_list_url(asked)))

    def render(self, template: str, **kwargs: Any) -> str:
        """A form that was refused says so itself; Flask-Admin's note is in English only."""
        if "form" in kwargs and kwargs["form"].errors:
            session.pop("_flashes", None)
        return str(super().render(template, **kwargs))

    # What Flask-Admin asks of a view.

    def is_action_allowed(self, name: str) -> bool:
        """No action works on many rows at once."""
        return False

    def scaffold_list_columns(self) -> list[str]:
        """The columns are named by each view."""
        return []

    def scaffold_sortable_columns(self) -> dict[str, str]:
        """Only what a view names, and what an index serves, is sorted by."""
        return {}

    def scaffold_form(self) -> Any:
        """No form is made of a table: each has its own, with the fields it names."""
        return self.form_base_class

    def init_search(self) -> bool:
        """Whether the list is searched."""
        return False


def holds(right: Right | None) -> bool:
    """Whether whoever is signed in holds a right; nobody holds the right that is not named."""
    person = sessions.person()
    return person is not None and right is not None and right in person.rights


def me() -> Actor:
    """Whoever is signed in, as an actor."""
    person = sessions.person()
    if person is None:
        abort(401)
    return agent(person.id)


def row_id(text: str | None) -> int:
    """The id in an address; anything else is not found."""
    number = _number(text)
    return number if number is not None else abort(404)


def version_read(name: str = "version") -> int:
    """The version that a form was read at; one that never was where it says none."""
    number = _number(request.form.get(name))
    return number if number is not None else -1


def _number(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > MOST_DIGITS:
        return None
    return int(text)


def tell_done(key: str) -> None:
    """Says at the next page what was done, in place of Flask-Admin's note in English."""
    session.pop("_flashes", None)
    flash(say(key), "success")


def tell_refusal(refused: Refused) -> None:
    """Says at the next page why nothing was done."""
    flash(refusal(refused), "danger")


def refusal(refused: Refused) -> str:
    """A refusal in words."""
    document = (
        documents.load(reading(), refused.document_id) if refused.document_id is not None else None
    )
    return refusal_text(refused, document, locale(), zone())
