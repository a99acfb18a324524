"""What the API tells: the bodies of its answers, made from the desk's view for the outside (X5)."""

import datetime as dt

from pydantic import BaseModel, Field

from core.desk.party_view import Action, Moved, PartyView, Request
from core.workflow import model


class LabelOut(BaseModel):
    """A text in both languages."""

    zh_CN: str  # noqa: N815  the locale's own name
    en: str


class StageOut(BaseModel):
    """Where the dispute stands."""

    key: str
    kind: str = Field(description="api.field.stage_kind")
    label: LabelOut
    since: dt.datetime
    due_at: dt.datetime | None = Field(description="api.field.stage_due")
    otherwise: LabelOut | None = Field(description="api.field.otherwise")
    because: LabelOut | None = Field(description="api.field.because")
    goods_to: str = Field(description="api.field.goods_to")


class KindOut(BaseModel):
    """A kind of evidence."""

    key: str
    label: LabelOut


class RequestOut(BaseModel):
    """What a party is asked for."""

    party: str
    kinds: list[KindOut]
    due_at: dt.datetime
    open: bool = Field(description="api.field.request_open")
    answered_at: dt.datetime | None
    silent: bool = Field(description="api.field.silent")


class InputOut(BaseModel):
    """What an action needs."""

    key: str
    kind: str = Field(description="api.field.input_kind")
    label: LabelOut
    required: bool


class ActionOut(BaseModel):
    """What a party may do, or why not."""

    party: str
    decision: str
    label: LabelOut
    allowed: bool
    reasons: list[LabelOut] = Field(description="api.field.reasons")
    inputs: list[InputOut]


class PaymentOut(BaseModel):
    """A payment; amounts in minor units."""

    reference: str
    amount: int
    currency: str
    state: str
    reported: int | None = Field(description="api.field.reported")
    owed: bool = Field(description="api.field.owed")


class DisputeOut(BaseModel):
    """A dispute as the marketplace and the parties may see it."""

    number: str
    external_id: str = Field(description="api.field.external_id_out")
    split_from: str = Field(description="api.field.split_from")
    order_number: str
    opened_at: dt.datetime
    stage: StageOut
    hidden: bool = Field(description="api.field.hidden")
    finished: bool
    continues_in: str = Field(description="api.field.continues_in")
    liability: str = Field(description="api.field.liability")
    requests: list[RequestOut]
    actions: list[ActionOut]
    payments: list[PaymentOut]
    grade: str = Field(description="api.field.grade")


class FileOut(BaseModel):
    """A file, kept unchanged under its hash."""

    sha256: str
    size: int
    media_type: str


class EvidenceOut(BaseModel):
    """A piece of evidence, as it was received."""

    id: int = Field(description="api.field.evidence_number")
    party: str
    kind: str
    received_at: dt.datetime
    file: FileOut | None


class WrongOut(BaseModel):
    """One thing that is wrong."""

    pointer: str
    key: str
    reason: str


class ProblemOut(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    key: str
    errors: list[WrongOut] = []


def dispute_out(view: PartyView) -> DisputeOut:
    """A dispute, ready to be told."""
    return DisputeOut(
        number=view.number,
        external_id=view.external_id,
        split_from=view.split_from,
        order_number=view.order_number,
        opened_at=view.opened_at,
        stage=StageOut(
            key=view.stage.key,
            kind=str(view.stage.kind),
            label=_label(view.stage.label),
            since=view.since,
            due_at=view.due_at,
            otherwise=_label(view.otherwise) if view.otherwise else None,
            because=_label(view.because) if view.because else None,
            goods_to=view.goods_to,
        ),
        hidden=view.hidden,
        finished=view.finished,
        continues_in=view.continues_in,
        liability=view.liability,
        requests=[_request(request) for request in view.requests],
        actions=[_action(action) for action in view.actions],
        payments=[payment_out(payment) for payment in view.payments],
        grade=view.grade,
    )


def payment_out(payment: Moved) -> PaymentOut:
    """A payment, ready to be told."""
    return PaymentOut(
        reference=payment.reference,
        amount=payment.amount,
        currency=payment.currency,
        state=payment.state,
        reported=payment.reported,
        owed=payment.owed,
    )


def _request(request: Request) -> RequestOut:
    return RequestOut(
        party=request.party,
        kinds=[KindOut(key=key, label=_label(label)) for key, label in request.kinds.items()],
        due_at=request.due_at,
        open=request.open,
        answered_at=request.answered_at,
        silent=request.silent,
    )


def _action(action: Action) -> ActionOut:
    decision = action.decision
    return ActionOut(
        party=action.party,
        decision=decision.key,
        label=_label(decision.label),
        allowed=not action.reasons,
        reasons=[_label(reason) for reason in action.reasons],
        inputs=[
            InputOut(key=f.key, kind=str(f.kind), label=_label(f.label), required=f.required)
            for f in decision.fields
        ],
    )


def _label(label: model.Label) -> LabelOut:
    return LabelOut(zh_CN=label.zh_CN, en=label.en)
