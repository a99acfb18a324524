"""The files among the evidence: blurred thumbnails that open in the panel, the rest as one line."""

from bot.cards.facts import kind_label
from bot.cards.parts import Block, context, cut, escaped, link, section, when
from core.desk.pieces import Piece
from core.desk.views import CardView
from core.i18n import moment, say

MOST = 3  # files that a card shows; the rest are counted
NAME_LIMIT = 80
ALT_LIMIT = 200


def evidence(view: CardView, locale: str) -> list[Block]:
    """The latest files, pictures first; none where no address leads to them.

    Nothing of a picture but its blurred form leaves the desk; the file opens behind sign-in.
    """
    shown = [piece for piece in view.pieces[:MOST] if piece.page]
    blocks = [_thumbnail(view, piece, locale) for piece in shown if piece.picture]
    named = [_named(view, piece, locale) for piece in shown if not piece.picture]
    more = len(view.pieces) - len(shown)
    if shown and more:
        named.append(say("card.pieces.more", locale, count=more))
    if named:
        blocks.append(context(" · ".join(named)))
    return blocks


def _thumbnail(view: CardView, piece: Piece, locale: str) -> Block:
    kind, party = _kind(view, piece, locale), say(f"card.party.{piece.party}", locale)
    alt = say(
        "card.piece.alt",
        locale,
        kind=kind,
        party=party,
        when=moment(piece.received_at, locale, "UTC"),
    )
    return section(
        f"*{link(piece.page, kind)}*\n{party} · {when(piece.received_at)}",
        accessory={"type": "image", "image_url": piece.picture, "alt_text": cut(alt, ALT_LIMIT)},
    )


def _named(view: CardView, piece: Piece, locale: str) -> str:
    return say(
        "card.piece",
        locale,
        kind=link(piece.page, _kind(view, piece, locale)),
        party=escaped(say(f"card.party.{piece.party}", locale)),
        when=when(piece.received_at),
    )


def _kind(view: CardView, piece: Piece, locale: str) -> str:
    return cut(kind_label(view, piece.kind, locale), NAME_LIMIT)
