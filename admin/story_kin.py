"""What of a dispute's story comes from others or stands elsewhere: kin, cards, notes (K2)."""

from typing import Any

from core.desk import outbox
from core.desk.delivery import SENT
from core.desk.dossier import Dossier
from core.desk.linking import relation_label
from core.desk.numbers import shown
from core.wording import stage_label
from web.language import locale

Told = list[dict[str, Any]]


def origin(dossier: Dossier, dispute_id: int) -> str:
    """The number of the other dispute that a row came to; empty where it is this one's own."""
    if dispute_id == dossier.dispute.id:
        return ""
    return next(shown(member.number) for member in dossier.kin if member.id == dispute_id)


def belonging(dossier: Dossier) -> dict[str, Any]:
    """Which disputes it belongs with, each as people read its number."""
    head = dossier.dispute.id
    return {
        "merged_into": shown(dossier.merged_into.number) if dossier.merged_into else "",
        "merged": [shown(m.number) for m in dossier.kin if m.id != head and not m.origin],
        "split_from": next((shown(m.number) for m in dossier.kin if m.origin), ""),
        "split_off": [shown(number) for number in dossier.split_off],
        "links": [
            {
                "number": shown(one.number),
                "relation": relation_label(dossier.document, one.relation, locale()),
                "at": one.made_at,
            }
            for one in dossier.links
        ],
        "others": [shown(number) for number in dossier.others_on_order],
        "incident": dossier.incident,
    }


def notes(dossier: Dossier) -> Told:
    """Internal notes, for members."""
    return [
        {"who": note.who, "at": note.at, "text": note.text.for_members()} for note in dossier.notes
    ]


def cards(dossier: Dossier) -> Told:
    """The card of each visit that has one: when it came up, how often it was redrawn, and now."""
    stand = {card.visit_id: card for card in dossier.cards}
    told = []
    for visit in (visit for visit in dossier.visits if visit.channel):
        sent = [m for m in dossier.messages if m.visit_id == visit.id and m.state == SENT]
        drawn = [m for m in sent if m.kind == outbox.REDRAW]
        posted = [m for m in sent if m.kind == outbox.CARD]
        card = stand.get(visit.id)
        if card is not None:
            state = "live" if card.live else "shrunk"
        else:
            state = "removed" if posted else "waiting" if visit.left_at is None else "never"
        told.append(
            {
                "stage": stage_label(dossier.documents[visit.document_id], visit.stage, locale()),
                "channel": visit.channel,
                "posted_at": card.posted_at if card else posted[0].finished_at if posted else None,
                "times": len(drawn),
                "drawn_at": drawn[-1].finished_at if drawn else None,
                "state": state,
            }
        )
    return told
