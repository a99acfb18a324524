"""The form of a condition: the fact is chosen first, then how it compares, from known values."""

from typing import Any, ClassVar

from babel.numbers import get_currency_precision
from sqlalchemy import Row
from wtforms import ValidationError

from admin.draft.forms import DraftForm
from admin.draft.options import read_amount
from admin.draft.sketch import Sketch
from admin.form import keyed, lines, number, offer, one, text
from admin.form import many as several
from admin.words import MONEY, fact_label, value_label
from core.desk.draft_rows import BARE as BARE_OWNERS
from core.workflow.arrival import ARRIVAL, arrival_facts
from core.workflow.conditions import NUMERIC
from core.workflow.facts import LEFT
from core.workflow.model import Document, Workflow
from core.workflow.terms import Operator
from core.workflow.vocabulary import fact_names, fields_of, is_number, is_opaque, values_of
from web.language import say

BARE = (Operator.KNOWN, Operator.UNKNOWN)
LISTED = (Operator.IN, Operator.NOT_IN)
COMPARING = (Operator.ABOVE, Operator.AT_LEAST, Operator.BELOW, Operator.AT_MOST)
OF_LIMITS = (Operator.ABOVE, Operator.AT_LEAST)


class ConditionForm(DraftForm):
    """A fact compared with values; of a field, a decision, a route or an assignment rule."""

    kind = "condition"
    asked_first: ClassVar[str] = "fact"
    operator = one("panel.label.operator")
    chosen = several("panel.label.values", hint="panel.hint.values")
    typed = lines("panel.label.values", 400, hint="panel.hint.typed_values")
    count = number("panel.label.count", 0, 1_000)
    amount = text("panel.label.amount", 20)
    currency = text("panel.label.currency", 3, hint="panel.hint.currency")
    match = one("panel.label.match", hint="panel.hint.match")
    reason = one("panel.label.reason", hint="panel.hint.group_reason")
    fact = ""
    group: int | None = None

    def about(self, sketch: Sketch) -> str:
        return fact_label(sketch.workflow, self.fact, sketch.stage_key)

    @classmethod
    def choices_asked_first(cls, sketch: Sketch) -> list[tuple[str, str]]:
        """The facts that may be named here; only decisions depend on limits."""
        limits = sketch.owner is not None and sketch.owner.kind == "decision"
        graded = sketch.owner is None or sketch.owner.kind != "grade_rule"
        early = sketch.workflow.key == ARRIVAL
        facts = (
            arrival_facts(sketch.document, graded=graded) if early else fact_names(sketch.workflow)
        )
        return [
            (fact, fact_label(sketch.workflow, fact, sketch.stage_key))
            for fact in facts
            if limits or not fact.startswith(LEFT)
        ]

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        self.fact = sketch.row.fact if sketch.row is not None else sketch.first
        self._offer_values(sketch)
        if sketch.owner is not None and sketch.owner.kind in BARE_OWNERS:
            del self.match, self.reason
            self.group = 0 if sketch.row is None else None
            return
        offer(self.match, keyed(("all", "any"), "panel.match"))
        if sketch.row is None:
            self._join_group(sketch)
        chosen_for = sketch.row is not None or sketch.group == self.group
        offer(self.reason, sketch.reasons(), none="" if chosen_for else say("panel.choose_why"))

    def _offer_values(self, sketch: Sketch) -> None:
        """Keeps the one way of giving values that suits the fact."""
        document, workflow, fact = sketch.document, sketch.workflow, self.fact
        known = values_of(document, workflow, fact)
        kept: set[str] = set()
        operators: tuple[Operator, ...] = BARE
        if fact in MONEY:
            kept, operators = {"currency", "amount"}, COMPARING
        elif is_number(workflow, fact):
            kept, operators = {"count"}, OF_LIMITS
        elif not is_opaque(workflow, fact):
            kept, operators = {"chosen" if known else "typed"}, (*LISTED, *BARE)
        for name in {"chosen", "typed", "count", "currency", "amount"} - kept:
            del self[name]
        offer(self.operator, keyed(operators, "panel.operator"))
        if "chosen" in self:
            trunks = _trunks(document, workflow, fact)
            values = [v for v in known or () if v not in trunks]
            offer(self.chosen, [(v, value_label(document, workflow, fact, v)) for v in values])

    def _join_group(self, sketch: Sketch) -> None:
        """A fresh condition joins the group that was asked for, or opens one."""
        groups = {row.group_number: row for row in sketch.siblings()}
        self.group = max(groups, default=-1) + 1
        if sketch.group in groups:
            self.group = sketch.group
            first = groups[sketch.group]
            if self.operator.raw_data is None:  # shown for the first time
                self.reason.data, self.match.data = first.reason, first.match

    def validate_chosen(self, field: Any) -> None:
        """Comparing needs something to compare with."""
        if self.operator.data in LISTED and not field.data:
            raise ValidationError(say("panel.error.choose"))

    def validate_typed(self, field: Any) -> None:
        """Comparing needs something to compare with."""
        if self.operator.data in LISTED and not field.data:
            raise ValidationError(say("panel.error.needed"))

    def validate_reason(self, field: Any) -> None:
        """Why a decision is not offered is what agents read: nobody records it by not choosing."""
        if not field.data:
            raise ValidationError(say("panel.error.needed"))

    def validate_amount(self, field: Any) -> None:
        """An amount of money names its currency; nothing is nothing in all of them."""
        if self._minor() is None:
            raise ValidationError(say("panel.error.amount"))

    def _minor(self) -> int | None:
        currency = self.currency.data.upper()
        if not currency and self.amount.data == "0":
            return 0
        return read_amount(self.amount.data, currency)

    def _values(self) -> list[str | int | None]:
        if self.operator.data in BARE:
            return []
        if "chosen" in self:
            return list(self.chosen.data)
        if "count" in self:
            return [self.count.data]
        if "amount" in self:
            return [self._minor()]
        if "typed" not in self:
            return []
        return [line.strip() for line in self.typed.data.splitlines() if line.strip()]

    def values(self) -> dict[str, Any]:
        saved = {"fact": self.fact, "operator": self.operator.data, "values": self._values()}
        saved["currency"] = self.currency.data.upper() if "currency" in self else ""
        if self.group is not None:
            saved["group_number"] = self.group
        if "reason" in self:
            saved |= {"reason": self.reason.data, "match": self.match.data}
        return saved

    @classmethod
    def data_of(cls, row: Row[Any]) -> dict[str, Any]:
        values = row._mapping["values"]
        data = dict(row._mapping) | {
            "chosen": [str(value) for value in values],
            "typed": "\n".join(str(value) for value in values),
        }
        if row.operator in NUMERIC and values:
            places = get_currency_precision(row.currency) if row.currency else 0
            data["count"] = values[0]
            data["amount"] = f"{values[0] / 10**places:.{places}f}"
        return data


def _trunks(document: Document, workflow: Workflow, fact: str) -> set[str]:
    """The trunks among a fact's options: nobody can choose them, so no dispute has them."""
    return {
        option.parent
        for field in fields_of(workflow)
        if field.key == fact and field.options in document.set_by_key
        for option in document.set_by_key[field.options].options
        if option.parent
    }
