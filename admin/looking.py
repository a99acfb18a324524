"""Personal data whole: why comes first, and the look is kept before anything leaves (X1).

A look is at one dispute and lasts a while; its files of evidence open meanwhile, each a look too.
"""

from mimetypes import guess_extension
from typing import Any

from flask import Response, abort, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from admin import beside
from admin.base import PanelView, expose, me, refusal, row_id
from admin.labels import number_label
from core import files, i18n, pictures
from core.desk import looks, originals, pieces
from core.desk.answers import Refused
from core.desk.looks import Reason
from web.desk import door, now, reading, transact
from web.language import locale, say, zone

SHOWN = 20  # looks on a dispute's own page
# What stands for a picture that is still to be made, or that nothing can read.
TILE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 120"><rect width="160" height="120" '
    b'fill="#8a959e33"/><path d="M50 80l22-26 16 18 10-11 14 19z" fill="#8a959e"/></svg>'
)


class LookingView(PanelView):
    """The addresses below a dispute's that show what is personal."""

    @expose("/<number>/evidence/<int:evidence_id>")
    def evidence(self, number: str, evidence_id: int) -> ResponseReturnValue:
        """The file of a piece of evidence, as it was given: to be kept, never run here (E3)."""
        found = transact(originals.opened, me(), number, evidence_id)
        if isinstance(found, Refused):
            return self._refused(found, number, evidence_id)
        path = files.path_of(door().settings.files.resolve(), found.digest)
        if not path.exists():
            abort(404)
        name = f"{number}-{found.kind}-{evidence_id}{guess_extension(found.media_type) or ''}"
        return send_file(path, found.media_type, as_attachment=True, download_name=name)

    @expose("/<number>/evidence/<int:evidence_id>/small")
    def small(self, number: str, evidence_id: int) -> ResponseReturnValue:
        """The blurred picture of a piece, as cards show it; a plain tile while there is none."""
        made = pieces.small(reading(), me(), number, evidence_id)
        if isinstance(made, Refused):
            abort(404 if made.key == "unknown_dispute" else 403)
        return Response(made or TILE, mimetype="image/jpeg" if made else "image/svg+xml")

    @expose("/<number>/evidence/<int:evidence_id>/picture")
    def picture(self, number: str, evidence_id: int) -> ResponseReturnValue:
        """A picture large enough to judge by, made anew without what hides in files; a look."""
        found = transact(originals.opened, me(), number, evidence_id)
        if isinstance(found, Refused):
            return self._refused(found, number, evidence_id)
        path = files.path_of(door().settings.files.resolve(), found.digest)
        made = pictures.large(path) if path.exists() else None
        return Response(made, mimetype="image/jpeg") if made else abort(404)

    @expose("/<number>/look", methods=("POST",))
    def look(self, number: str) -> ResponseReturnValue:
        """Shows a dispute's personal data whole for a while, to whoever says why (X1)."""
        refused = transact(looks.look, me(), number, request.form.get("reason", ""))
        evidence = request.form.get("evidence", "")
        if refused is not None:
            return self._refused(refused, number, row_id(evidence) if evidence else None)
        if evidence:
            url = url_for(".evidence", number=number, evidence_id=row_id(evidence))
            return redirect(url, 303)
        return redirect(url_for(".story", number=number, _anchor="words"), 303)

    def _refused(
        self, refused: Refused, number: str, evidence_id: int | None
    ) -> ResponseReturnValue:
        """Why nothing is shown whole; who may look is asked why."""
        if refused.key in ("unknown_dispute", "no_right", "inactive"):
            abort(404 if refused.key == "unknown_dispute" else 403)
        if refused.key == "look_first" or (refused.key == "no_reason" and evidence_id):
            return _ask_why(self, number, evidence_id, refused)
        beside.refuse("look", refused, {})
        return redirect(url_for(".story", number=number, _anchor="look"), 303)


def _reasons() -> list[tuple[str, str]]:
    """Why somebody may look, in words."""
    return [(str(reason), say(f"look.reason.{reason}")) for reason in Reason]


def shown_whole(dispute_id: int) -> dict[str, Any]:
    """What a dispute's page shows of personal data: all of it to whoever looks now, and who did."""
    found = looks.whole(reading(), me(), dispute_id, door().settings.vault, now=now())
    whole, lasting = found if found is not None else (None, None)
    return {
        "whole": whole,
        "lasting": lasting,
        "until": i18n.moment(lasting.until, locale(), zone()) if lasting else "",
        "may_look": looks.refusal(reading(), me(), now=now()) is None,
        "reasons": _reasons(),
        "looked": looks.latest(reading(), dispute_id=dispute_id, most=SHOWN),
    }


def _ask_why(
    view: PanelView, number: str, evidence_id: int | None, refused: Refused
) -> ResponseReturnValue:
    """The page that asks why somebody wants to see a file; again, where no reason was chosen."""
    unsaid = refusal(refused) if refused.key == "no_reason" else ""
    return str(
        view.render(
            "panel/look.html",
            number=number_label(number),
            evidence_id=evidence_id,
            reasons=_reasons(),
            beside=beside.Beside("look", refused=unsaid),
        )
    )
