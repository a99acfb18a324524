"""The payment system's reports: evidence for an agent's click (W14)."""

from flask import Response, abort
from flask_openapi.blueprint import APIBlueprint

from core.desk.answers import Refused
from core.desk.payments import reported
from portal.access import source
from portal.disputes import shown
from portal.door import Door
from portal.problems import Wrong, problem, refused
from portal.shapes_in import PaymentIn, PaymentPath
from portal.shapes_out import DisputeOut
from portal.spec import PROBLEMS, told_in


def routes(door: Door, api: APIBlueprint) -> None:
    """Adds the route of payments."""

    @api.post(
        "/payments/<string:reference>",
        responses={200: DisputeOut, **PROBLEMS},
        **told_in("report_payment"),
    )
    def report_payment(path: PaymentPath, body: PaymentIn) -> Response:
        wrong = _incomplete(body)
        if wrong:
            abort(problem(422, "invalid", wrong))
        answer = door.database.transact(
            reported,
            path.reference,
            paid=body.amount if body.outcome == "paid" else None,
            currency=body.currency or "",
            source=source(),
        )
        if isinstance(answer, Refused):
            abort(refused(answer, None))
        return shown(door, answer.dispute_id)


def _incomplete(body: PaymentIn) -> list[Wrong]:
    """A payment that was made names its amount and currency."""
    if body.outcome != "paid":
        return []
    return [
        Wrong(f"/{name}", "missing")
        for name in ("amount", "currency")
        if getattr(body, name) is None
    ]
