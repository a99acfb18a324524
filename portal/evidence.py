"""Evidence: a file with its kind, or a kind alone; the sender's own id makes it one piece (E3)."""

import datetime as dt
from typing import Any

from flask import Response, abort, jsonify, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import ValidationError
from sqlalchemy import Connection, select

from core import files
from core.desk import evidence
from core.desk.answers import Refused
from core.desk.evidence import Piece
from core.secrets import Vault
from core.tables import Evidence, StoredFile
from portal.disputes import known
from portal.door import Door
from portal.problems import Wrong, invalid, problem, refused
from portal.reading import unfit
from portal.shapes_in import DisputePath, EvidenceIn
from portal.shapes_out import EvidenceOut, FileOut
from portal.spec import PROBLEMS, told_in

MULTIPART = "multipart/form-data"
FORM_ROOM = 100_000  # bytes of a form beside its file
_FILE = {"type": "string", "format": "binary", "description": "api.field.file"}
_PLAIN = EvidenceIn.model_json_schema()
SHAPES: dict[str, dict[str, Any]] = {
    "EvidenceIn": _PLAIN,
    "EvidenceForm": {**_PLAIN, "properties": {**_PLAIN["properties"], "file": _FILE}},
}
_TAKES = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/EvidenceIn"}},
        MULTIPART: {"schema": {"$ref": "#/components/schemas/EvidenceForm"}},
    },
}


def room(door: Door, limit: int) -> int:
    """How many bytes this request may have."""
    upload = request.endpoint == "v1.give_evidence" and request.mimetype == MULTIPART
    return door.file_limit + FORM_ROOM if upload else limit


def routes(door: Door, api: APIBlueprint) -> None:
    """Adds the route of evidence."""

    @api.post(
        "/disputes/<string:number>/evidence",
        responses={201: EvidenceOut, 200: EvidenceOut, **PROBLEMS},
        request_body=_TAKES,
        **told_in("give_evidence"),
    )
    def give_evidence(path: DisputePath) -> Response:
        dispute_id = known(door, path.number)
        said = _said()
        piece = Piece(said.party, said.kind, said.external_id, note=said.note, **_kept(door))
        answer, told = door.database.transact(_receive, dispute_id, piece, door.vault)
        if told is None:
            abort(refused(answer, None))
        response = jsonify(told.model_dump(mode="json"))
        response.status_code = 201 if answer.params["created"] else 200
        return response


def _said() -> EvidenceIn:
    """What the request says beside its file, as JSON or as a form."""
    if request.mimetype != MULTIPART:
        data = request.get_json()
    else:
        data = request.form.to_dict()
        wrong = list(unfit(data))
        strange = [name for name in request.files if name != "file"]
        wrong += [Wrong(f"/{name}", "unknown") for name in strange]
        if wrong:
            abort(problem(422, "invalid", wrong))
    try:
        return EvidenceIn.model_validate(data)
    except ValidationError as error:
        abort(invalid(error))


def _kept(door: Door) -> dict[str, Any]:
    """Stores the file, if one was sent: on the disk first, its row with the evidence."""
    upload = request.files.get("file") if request.mimetype == MULTIPART else None
    if upload is None:
        return {}
    try:
        kept = files.keep(door.files, upload.stream, door.file_limit)
    except files.TooLarge:
        abort(problem(413, "file_too_large", limit=door.file_limit))
    except files.UnknownType:
        abort(problem(415, "file_type"))
    return {"file_digest": kept.digest, "size": kept.size, "media_type": kept.media_type}


def _receive(
    connection: Connection, dispute_id: int, piece: Piece, vault: Vault, *, now: dt.datetime
) -> tuple[Any, EvidenceOut | None]:
    answer = evidence.receive(connection, dispute_id, piece, vault, now=now)
    if isinstance(answer, Refused):
        return answer, None
    row = connection.execute(
        select(
            Evidence.id,
            Evidence.party,
            Evidence.kind,
            Evidence.received_at,
            StoredFile.digest,
            StoredFile.size,
            StoredFile.media_type,
        )
        .outerjoin(StoredFile, StoredFile.digest == Evidence.file_digest)
        .where(Evidence.id == answer.params["evidence"])
    ).one()
    file = None
    if row.digest is not None:
        file = FileOut(sha256=row.digest, size=row.size, media_type=row.media_type)
    return answer, EvidenceOut(
        id=row.id,
        party=row.party,
        kind=row.kind,
        received_at=row.received_at,
        file=file,
    )
