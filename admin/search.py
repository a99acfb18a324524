"""The search on top of every page: one dispute by number, order, merchant, tag or exact contact.

What is typed travels in the body of a form, and a contact as its fingerprint only: neither stands
in an address, a browser's history or a log.
"""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from admin.acting import reading_as
from admin.base import PanelView, expose, me
from core import i18n
from core.desk import finding, looks
from core.desk.actor import Right
from core.desk.finding import Hit
from core.desk.intake import TAGS
from core.desk.numbers import has_slip
from core.i18n import LOCALES
from web.desk import door, transact

MOST = 100  # characters
WAYS = ("number", "order", "merchant", "tag", "contact")


class Search(PanelView):
    """Leads to the dispute that is meant, or to the list of those that are."""

    right = Right.SEE
    title = "panel.nav.search"

    def __init__(self) -> None:
        super().__init__("search")

    def is_visible(self) -> bool:
        """It stands on top of every page, not in the menu."""
        return False

    @expose("/", methods=("GET", "POST"))
    def index(self) -> ResponseReturnValue:
        """What can be searched for; with a text, where it leads."""
        text = request.form.get("text", "").strip()[:MOST]
        tag = tag_of(text)
        if tag:
            return redirect(url_for("disputes.index_view", tag=tag), 303)
        if text:
            contact = door().settings.vault.blind(text)
            hit: Hit = reading_as(finding.find, text, contact)
            if hit.by_contact:
                transact(looks.contact_found, me(), hit.number)
            if hit.number:
                return redirect(url_for("disputes.story", number=hit.number), 303)
            if hit.several and hit.by_contact:
                return redirect(url_for("disputes.index_view", contact=contact.hex()), 303)
            if hit.several:
                return redirect(url_for("disputes.index_view", search=text), 303)
        return str(
            self.render(
                "panel/search.html", searched=text, slip=has_slip(text), ways=WAYS, tags=TAGS
            )
        )


def tag_of(text: str) -> str:
    """The tag that is called so in either language; empty where none is."""
    for tag in TAGS:
        names = {tag, *(i18n.say(f"card.tag.{tag}", locale) for locale in LOCALES)}
        if text.casefold() in {name.casefold() for name in names}:
            return tag
    return ""
