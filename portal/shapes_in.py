"""What the API takes: its requests' bodies. Descriptions are message keys (portal/spec.py)."""

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from core.currency import MOST
from core.desk.evidence import NOTE_LIMIT, PARTIES
from core.desk.intake import KEY_LIMIT, STORY_LIMIT, TAGS, Intake
from core.market.wire import PRINTABLE, OrderShape
from core.workflow.facts import CHANNELS, DESK_FACTS, ENTERED, STANDINGS

STORY = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
Key = Annotated[str, Field(min_length=1, max_length=KEY_LIMIT, pattern=PRINTABLE)]
Line = Annotated[str, Field(max_length=KEY_LIMIT, pattern=PRINTABLE)]


def one_of(*values: str) -> Any:
    """A text out of a closed list, which the description tells."""

    def check(value: object) -> object:
        if value not in values:
            raise PydanticCustomError(
                "told", "not a choice", {"key": "choice", "choices": ", ".join(values)}
            )
        return value

    return Annotated[
        str, BeforeValidator(check), WithJsonSchema({"type": "string", "enum": list(values)})
    ]


def _choice(value: object) -> object:
    """A field's value: an option, a number, several options."""
    plain = isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))
    several = isinstance(value, list) and all(isinstance(item, str) for item in value)
    if not plain and not several:
        raise PydanticCustomError("told", "not a value", {"key": "value"})
    if isinstance(value, int) and abs(value) > MOST:
        raise PydanticCustomError("told", "not a value", {"key": "value"})
    if isinstance(value, str) and len(value) > KEY_LIMIT:
        raise PydanticCustomError("told", "not a value", {"key": "value"})
    return value


Value = Annotated[
    Any,
    BeforeValidator(_choice),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "maxLength": KEY_LIMIT},
                {"type": "integer", "minimum": -MOST, "maximum": MOST},
                {"type": "array", "items": {"type": "string"}},
            ]
        }
    ),
]
Values = Annotated[dict[str, Value], Field(max_length=50)]


class Body(BaseModel):
    """A body knows its names; a mistyped one is pointed out instead of ignored."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class BuyerIn(Body):
    """The buyer."""

    id: Key = Field(description="api.field.buyer_id")
    name: Line = Field("", description="api.field.buyer_name")
    contact: Line = Field("", description="api.field.buyer_contact")
    tags: Annotated[list[one_of(*TAGS)], Field(max_length=len(TAGS))] = Field(  # type: ignore[valid-type]
        [], description="api.field.buyer_tags"
    )


class DisputeIn(Body):
    """A dispute to be opened."""

    external_id: Key = Field(description="api.field.external_id")
    order_number: Key = Field(description="api.field.order_number")
    buyer: BuyerIn
    merchant: Line = Field("", description="api.field.merchant")
    merchant_standing: one_of("", *STANDINGS) = Field(  # type: ignore[valid-type]
        "", description="api.field.merchant_standing"
    )
    story: Annotated[str, Field(min_length=1, max_length=STORY_LIMIT, pattern=STORY)] = Field(
        description="api.field.story"
    )
    entered: one_of(*DESK_FACTS[ENTERED].values) = Field(  # type: ignore[valid-type]
        "unsettled", description="api.field.entered"
    )
    channel: one_of(*CHANNELS) = Field("app", description="api.field.channel")  # type: ignore[valid-type]
    appeared: Line = Field("", description="api.field.appeared")
    locale: Annotated[str, Field(pattern=r"^[A-Za-z]{2,3}([_-][A-Za-z0-9]{1,8}){0,3}$")] = Field(
        "en", description="api.field.locale"
    )
    order: OrderShape | None = Field(None, description="api.field.order")
    facts: Values = Field({}, description="api.field.facts")
    workflow: Line = Field("", description="api.field.workflow")

    def intake(self, source: str) -> Intake:
        """The intake of a source that this says."""
        return Intake(
            source=source,
            external_id=self.external_id,
            order_number=self.order_number,
            buyer=self.buyer.id,
            buyer_name=self.buyer.name,
            buyer_contact=self.buyer.contact,
            buyer_tags=tuple(dict.fromkeys(self.buyer.tags)),
            merchant=self.merchant,
            merchant_standing=self.merchant_standing,
            story=self.story,
            entered=self.entered,
            channel=self.channel,
            appeared=self.appeared,
            locale=self.locale,
            order=self.order.info() if self.order else None,
            facts=self.facts,
            workflow=self.workflow,
        )


class EvidenceIn(Body):
    """A piece of evidence, beside its file."""

    party: one_of(*PARTIES) = Field(description="api.field.party")  # type: ignore[valid-type]
    kind: Key = Field(description="api.field.kind")
    external_id: Line = Field("", description="api.field.evidence_id")
    note: Annotated[str, Field(max_length=NOTE_LIMIT, pattern=STORY)] = Field(
        "", description="api.field.note"
    )


class EventIn(Body):
    """What a party did."""

    party: one_of(*PARTIES) = Field(description="api.field.party")  # type: ignore[valid-type]
    decision: Key = Field(description="api.field.decision")
    fields: Values = Field({}, description="api.field.inputs")


class EventHeader(BaseModel):
    """An event's header."""

    idempotency_key: Annotated[str, Field(min_length=1, max_length=KEY_LIMIT)] | None = Field(
        None, alias="Idempotency-Key", description="api.field.idempotency_key"
    )


class PaymentIn(Body):
    """What became of a payment; a paid one names what was moved."""

    outcome: one_of("paid", "failed") = Field(description="api.field.outcome")  # type: ignore[valid-type]
    amount: Annotated[int, Field(strict=True, ge=0, le=MOST)] | None = Field(
        None, description="api.field.paid"
    )
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = Field(
        None, description="api.field.paid_currency"
    )


class DisputePath(BaseModel):
    """A dispute's number."""

    number: Annotated[str, Field(max_length=40)] = Field(description="api.field.number")


class PaymentPath(BaseModel):
    """A payment's reference."""

    reference: Annotated[str, Field(max_length=100)] = Field(description="api.field.reference")
