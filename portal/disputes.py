"""Disputes: opened once however often they are sent (I1, I4), and read."""

import datetime as dt

from flask import Response, abort, jsonify, request
from flask_openapi.blueprint import APIBlueprint
from sqlalchemy import Connection

from core.desk import opening
from core.desk.intake import BadIntake, Intake, Opened
from core.desk.numbers import read_number
from core.desk.orders import MARKET
from core.desk.party_view import PartyView, find, party_view
from core.secrets import Vault
from portal.access import source
from portal.door import Door
from portal.problems import Wrong, pointer, problem
from portal.shapes_in import DisputeIn, DisputePath
from portal.shapes_out import DisputeOut, dispute_out
from portal.spec import PROBLEMS, told_in

# Where the body holds what the desk calls otherwise.
_PLACES = {"buyer": pointer("buyer", "id"), "source": ""}


def routes(door: Door, api: APIBlueprint) -> None:
    """Adds the routes of disputes."""

    @api.post(
        "/disputes",
        responses={201: DisputeOut, 200: DisputeOut, **PROBLEMS},
        **told_in("open_dispute"),
    )
    def open_dispute(body: DisputeIn) -> Response:
        try:
            opened, view = door.database.transact(_open, body.intake(source()), door.vault)
        except BadIntake as error:
            place = _PLACES.get(error.place, pointer(*error.place.split(".")))
            abort(problem(422, "invalid", [Wrong(place, f"intake_{error.key}")]))
        answer = jsonify(dispute_out(view).model_dump(mode="json"))
        answer.status_code = 201 if opened.created else 200
        answer.headers["Location"] = f"{request.script_root}/v1/disputes/{opened.number}"
        return answer

    @api.get(
        "/disputes/<string:number>",
        responses={200: DisputeOut, **PROBLEMS},
        **told_in("read_dispute"),
    )
    def read_dispute(path: DisputePath) -> Response:
        return shown(door, known(door, path.number))


def known(door: Door, number: str) -> int:
    """The id of the caller's dispute with this number, dashes or not. Ends the request with 404."""
    plain = read_number(number)
    dispute_id = door.database.read(_find, plain, source()) if plain else None
    if dispute_id is None:
        abort(problem(404, "unknown_dispute"))
    return int(dispute_id)


def shown(door: Door, dispute_id: int, status: int = 200) -> Response:
    """A dispute as it stands now."""
    view = door.database.read(_view, dispute_id)
    answer = jsonify(dispute_out(view).model_dump(mode="json"))
    answer.status_code = status
    return answer


def _find(connection: Connection, number: str, source: str, *, now: dt.datetime) -> int | None:
    del now
    return find(connection, number, source)


def _view(connection: Connection, dispute_id: int, *, now: dt.datetime) -> PartyView:
    view = party_view(connection, dispute_id, now=now)
    if view is None:
        raise LookupError(f"dispute {dispute_id} has no open visit")
    return view


def _open(
    connection: Connection, intake: Intake, vault: Vault, *, now: dt.datetime
) -> tuple[Opened, PartyView]:
    opened = opening.open_disputes(connection, [intake], MARKET, vault, now=now)[0]
    return opened, _view(connection, opened.dispute_id, now=now)
