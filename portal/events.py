"""What parties do: whatever a dispute's `actions` allow, and 'nothing more' (rules 5 and 7)."""

import datetime as dt
import hashlib
import json

from flask import Response, abort
from flask_openapi.blueprint import APIBlueprint
from sqlalchemy import Connection

from core.desk import clicks, documents, evidence, party_acts
from core.desk.answers import Answer, Refused
from core.workflow.model import Document
from portal.access import source
from portal.disputes import known, shown
from portal.door import Door
from portal.problems import problem, refused
from portal.shapes_in import DisputePath, EventHeader, EventIn
from portal.shapes_out import DisputeOut
from portal.spec import PROBLEMS, told_in

NOTHING_MORE = "nothing_more"  # ends a party's part of a round; a decision of no document
KEY_REUSED = Refused("key_reused")


def routes(door: Door, api: APIBlueprint) -> None:
    """Adds the route of events."""

    @api.post(
        "/disputes/<string:number>/events",
        responses={200: DisputeOut, **PROBLEMS},
        **told_in("report_event"),
    )
    def report_event(path: DisputePath, header: EventHeader, body: EventIn) -> Response:
        dispute_id = known(door, path.number)
        click = _click(header.idempotency_key)
        answer, document = door.database.transact(_act, dispute_id, body, click)
        if answer is KEY_REUSED:
            abort(problem(422, KEY_REUSED.key))
        if isinstance(answer, Refused):
            abort(refused(answer, document))
        return shown(door, dispute_id)


def _click(key: str | None) -> str | None:
    """The caller's key as a click's key: of this source alone, and of one length."""
    if key is None:
        return None
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
    return f"api:{source()}:{digest}"


def _act(
    connection: Connection, dispute_id: int, event: EventIn, click: str | None, *, now: dt.datetime
) -> tuple[Answer, Document | None]:
    if click is not None:
        content = json.dumps([dispute_id, event.model_dump()], sort_keys=True)
        digest = hashlib.sha256(content.encode()).hexdigest()
        if not clicks.same_content(connection, click, digest, now=now):
            return KEY_REUSED, None
    if event.decision == NOTHING_MORE:
        answer = evidence.nothing_more(connection, dispute_id, event.party, now=now, click=click)
    else:
        answer = party_acts.act(
            connection,
            dispute_id,
            event.party,
            event.decision,
            event.fields,
            now=now,
            click=click,
        )
    named = answer.document_id if isinstance(answer, Refused) else None
    return answer, documents.load(connection, named) if named else None
