"""The documents that were published: rolling back, and the draft as text (S3, S6)."""

from collections.abc import Sequence
from typing import Any

from flask import Response, abort, flash, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from admin.base import expose, me, row_id, tell_refusal, version_read
from admin.exports import ExportView
from admin.sheets import Cell
from core.desk import documents, draft
from core.desk.actor import Right
from core.desk.answers import Stale
from core.workflow.model import Document
from core.workflow.text import TextError, from_toml, to_toml
from web.desk import reading, transact
from web.language import say


class Documents(ExportView):
    """Every document that was published, latest first."""

    right = Right.SHAPE
    title = "panel.nav.documents"
    group = "panel.nav.judge"
    exported_columns = ("number", "published", "publisher", "note")
    moments = frozenset({"published"})

    def __init__(self) -> None:
        super().__init__("documents")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The list, and the ways in and out as text."""
        return self._page()

    @expose("/load", methods=("POST",))
    def load(self) -> ResponseReturnValue:
        """Puts a published document into the draft; publishing it then rolls back."""
        document_id = row_id(request.form.get("id"))
        self._replace(self._document(document_id), document_id)
        return redirect(url_for("publish.index"))

    @expose("/import", methods=("POST",))
    def upload(self) -> ResponseReturnValue:
        """Puts a document from a file into the draft, or says where the file is wrong."""
        file = request.files.get("file")
        content = file.read() if file is not None else b""
        try:
            self._replace(from_toml(content.decode("utf-8-sig")), None)
        except UnicodeDecodeError:
            return self._page(say("panel.import.not_text")), 422
        except TextError as error:
            place = error.place or say("panel.import.file")
            return self._page(say("panel.import.wrong", place=place, what=error.problem)), 422
        return redirect(url_for("publish.index"))

    @expose("/draft.toml")
    def export_draft(self) -> Response:
        """The draft as text, whatever its problems."""
        return _toml(draft.document(reading()), "draft.toml")

    @expose("/<number>.toml")
    def export(self, number: str) -> Response:
        """A published document as text."""
        return _toml(self._document(row_id(number)), f"document-{int(number)}.toml")

    def exported(self) -> list[Row[Any]]:
        """Every document that was published."""
        return documents.published(reading())

    def cells(self, row: Row[Any]) -> Sequence[Cell]:
        """A document as the list shows it."""
        return (row.id, row.published_at, row.publisher, row.note)

    def _page(self, error: str = "") -> str:
        connection = reading()
        return str(
            self.render(
                "panel/documents.html",
                rows=documents.published(connection),
                active_id=documents.active_id(connection),
                version=draft.version(connection),
                error=error,
            )
        )

    def _document(self, document_id: int) -> Document:
        return documents.stored(reading(), document_id) or abort(404)

    def _replace(self, document: Document, document_id: int | None) -> None:
        try:
            refused = transact(
                draft.replace, me(), version_read(), document, document_id=document_id
            )
        except Stale:
            flash(say("panel.stale.draft"), "danger")
            return
        if refused is not None:
            tell_refusal(refused)
        else:
            flash(say("panel.import.done"), "success")


def _toml(document: Document, name: str) -> Response:
    response = make_response(to_toml(document))
    response.headers["Content-Type"] = "application/toml; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
