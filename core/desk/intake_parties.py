"""The buyers, merchants and orders that a batch of intakes names: found, or stored once."""

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, bindparam, delete, select, update

from core.desk.batches import found, insert_all, insert_rows
from core.secrets import Vault
from core.tables import Order, Party, PartyTag, PersonKey

if TYPE_CHECKING:
    from core.desk.intake import Intake, OrderInfo

Key = tuple[str, str]  # source, and the source's own id
Said = tuple[str, ...]  # a buyer's tags; a merchant's standing alone
_BUYERS = (
    select(Party.source, Party.reference, Party.id, Party.tags, PersonKey.wrapped)
    .join(PersonKey, PersonKey.id == Party.key_id)
    .where(Party.kind == "buyer")
)
_MERCHANTS = select(Party.source, Party.reference, Party.id, Party.tags).where(
    Party.kind == "merchant"
)
_ORDERS = select(Order.source, Order.number, Order.id, Order.known_at)


def ensure(
    connection: Connection, intakes: Sequence["Intake"], vault: Vault, *, now: dt.datetime
) -> tuple[dict[Key, int], dict[Key, bytes], dict[Key, int], dict[Key, int], dict[int, Said]]:
    """Ids of buyers, their keys, ids of merchants, ids of orders, each by source and reference.

    Last what is known of buyers and merchants, by their ids: what the source said of them, at any
    time.
    """
    buyers, keys, tags = _buyers(connection, intakes, vault, now=now)
    merchants, standings = _merchants(connection, intakes)
    orders = _orders(connection, intakes, merchants, now=now)
    return buyers, keys, merchants, orders, tags | standings


def _buyers(
    connection: Connection, intakes: Sequence["Intake"], vault: Vault, *, now: dt.datetime
) -> tuple[dict[Key, int], dict[Key, bytes], dict[int, Said]]:
    wanted = {(intake.source, intake.buyer): intake for intake in intakes}
    rows = found(connection, _BUYERS, Party.source, Party.reference, wanted)
    ids = {(row.source, row.reference): int(row.id) for row in rows}
    # An erased buyer who comes back gets no new key here: what is sealed for them stays unreadable.
    keys = {(r.source, r.reference): r.wrapped or vault.new_person_key() for r in rows}
    tags = _retag(connection, rows, {key: wanted[key].buyer_tags for key in ids}, index=True)
    fresh = [key for key in wanted if key not in ids]
    if fresh:
        wrapped = [vault.new_person_key() for _ in fresh]
        key_ids = insert_all(
            connection, PersonKey, [{"wrapped": w, "created_at": now} for w in wrapped]
        )
        party_rows = [
            _buyer_row(wanted[key], key_id, w, vault)
            for key, key_id, w in zip(fresh, key_ids, wrapped, strict=True)
        ]
        party_ids = insert_all(connection, Party, party_rows)
        _index_tags(connection, party_ids, [row["tags"] for row in party_rows])
        tags |= {one: tuple(row["tags"]) for one, row in zip(party_ids, party_rows, strict=True)}
        ids |= dict(zip(fresh, party_ids, strict=True))
        keys |= dict(zip(fresh, wrapped, strict=True))
    return ids, keys, tags


def _retag(
    connection: Connection, rows: Sequence[Any], said: dict[Key, Said], *, index: bool
) -> dict[int, Said]:
    """What the source says of somebody now takes the place of what it said before."""
    changed = [
        {"row": row.id, "tags": sorted(tags)}
        for row in rows
        if (tags := said[row.source, row.reference]) and sorted(tags) != row.tags
    ]
    if changed:
        connection.execute(_RETAG, changed)
    if changed and index:
        changed_ids = [row["row"] for row in changed]
        connection.execute(delete(PartyTag).where(PartyTag.party_id.in_(changed_ids)))
        _index_tags(connection, changed_ids, [row["tags"] for row in changed])
    known = {row.id: tuple(row.tags) for row in rows}
    return known | {row["row"]: tuple(row["tags"]) for row in changed}


def _index_tags(
    connection: Connection, party_ids: Sequence[int], tags: Sequence[Sequence[str]]
) -> None:
    """Makes buyers findable by their tags."""
    pairs = [(tag, one) for one, its in zip(party_ids, tags, strict=True) for tag in set(its)]
    insert_rows(connection, PartyTag, [{"tag": tag, "party_id": one} for tag, one in pairs])


def _buyer_row(intake: "Intake", key_id: int, wrapped: bytes, vault: Vault) -> dict[str, Any]:
    place = f"{intake.source}:buyer:{intake.buyer}"
    return {
        "source": intake.source,
        "kind": "buyer",
        "reference": intake.buyer,
        "key_id": key_id,
        "name": vault.seal(wrapped, intake.buyer_name, f"parties.name:{place}")
        if intake.buyer_name
        else None,
        "contact": vault.seal(wrapped, intake.buyer_contact, f"parties.contact:{place}")
        if intake.buyer_contact
        else None,
        "contact_index": vault.blind(intake.buyer_contact) if intake.buyer_contact else None,
        "tags": sorted(intake.buyer_tags),
    }


def _merchants(
    connection: Connection, intakes: Sequence["Intake"]
) -> tuple[dict[Key, int], dict[int, Said]]:
    wanted: dict[Key, Said] = {}
    for intake in intakes:  # of several the last that says anything
        if intake.merchant:
            said = (intake.merchant_standing,) if intake.merchant_standing else ()
            key = (intake.source, intake.merchant)
            wanted[key] = said or wanted.get(key, ())
    rows = found(connection, _MERCHANTS, Party.source, Party.reference, wanted)
    ids = {(row.source, row.reference): int(row.id) for row in rows}
    standings = _retag(connection, rows, wanted, index=False)
    fresh = [key for key in wanted if key not in ids]
    if fresh:
        fresh_ids = insert_all(
            connection,
            Party,
            [
                {"source": s, "kind": "merchant", "reference": r, "tags": list(wanted[s, r])}
                for s, r in fresh
            ],
        )
        ids |= dict(zip(fresh, fresh_ids, strict=True))
        standings |= {one: wanted[key] for one, key in zip(fresh_ids, fresh, strict=True)}
    return ids, standings


def _orders(
    connection: Connection,
    intakes: Sequence["Intake"],
    merchants: dict[Key, int],
    *,
    now: dt.datetime,
) -> dict[Key, int]:
    wanted: dict[Key, Intake] = {}
    for intake in intakes:  # the one that says most about an order speaks for it
        key = (intake.source, intake.order_number)
        if key not in wanted or wanted[key].order is None:
            wanted[key] = intake
    rows = found(connection, _ORDERS, Order.source, Order.number, wanted)
    ids = {(row.source, row.number): int(row.id) for row in rows}
    learnt = [
        {"row": row.id, **order_values(order, now=now)}
        for row in rows
        if row.known_at is None and (order := wanted[row.source, row.number].order) is not None
    ]
    if learnt:
        connection.execute(_LEARN, learnt)
    fresh = [key for key in wanted if key not in ids]
    if fresh:
        fresh_ids = insert_all(
            connection,
            Order,
            [
                {
                    "source": source,
                    "number": number,
                    "merchant_id": merchants.get((source, wanted[source, number].merchant)),
                    **order_values(wanted[source, number].order, now=now),
                }
                for source, number in fresh
            ],
        )
        ids |= dict(zip(fresh, fresh_ids, strict=True))
    return ids


def order_values(order: "OrderInfo | None", *, now: dt.datetime) -> dict[str, Any]:
    """The columns of an order that say what is known of it; amounts in minor units."""
    if order is None:
        return {
            "currency": "",
            "paid": 0,
            "refunded": 0,
            "freight": 0,
            "lines": [],
            "purchased_at": None,
            "known_at": None,
        }
    return {
        "currency": order.currency,
        "paid": order.paid,
        "refunded": order.refunded,
        "freight": order.freight,
        "lines": [dict(line) for line in order.lines],
        "purchased_at": order.purchased_at,
        "known_at": now,
    }


_RETAG = update(Party).where(Party.id == bindparam("row")).values(tags=bindparam("tags"))
_LEARN = (
    update(Order)
    .where(Order.id == bindparam("row"), Order.known_at.is_(None))
    .values(
        **{
            name: bindparam(name)
            for name in (
                "currency",
                "paid",
                "refunded",
                "freight",
                "lines",
                "purchased_at",
                "known_at",
            )
        }
    )
)
