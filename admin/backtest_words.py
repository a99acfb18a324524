"""What a back-test found, in words: labels of the draft, and of the past for what is gone."""

from core.wording import decision_label, field_of
from core.workflow.backtest import Chance, Line, Taken
from core.workflow.found import Finding, What
from core.workflow.model import Document, Workflow
from web.language import locale, say


def found_text(draft: Document, finding: Finding, line: Line) -> str:
    """A finding as a sentence."""
    words = _Words((draft, line.document), finding.workflow)
    key = f"panel.backtest.found.{finding.what}"
    names = words.names(finding)
    if finding.what == What.ROUTED and not finding.decision:
        key += ".opening"
    elif finding.what == What.STAGE_GONE and not finding.to:
        key += ".nowhere"
    elif finding.what == What.NOT_OFFERED and not finding.reasons:
        key += ".unsaid"
    elif finding.what == What.UNKNOWABLE:
        key += f".{finding.refusal}"
    elif finding.what == What.VALUE_REFUSED and finding.names:
        key += ".names"
    return say(
        key,
        workflow=words.workflow(),
        stage=words.stage(finding.stage),
        decision=words.decision(finding.stage, finding.decision),
        field=words.field(finding.field),
        names=names,
        who=names,
        to=words.place(finding, finding.to),
        instead=words.place(finding, finding.instead),
        reasons=say("word.semicolon").join(words.reason(key) for key in finding.reasons),
    )


def chance_text(draft: Document, chance: Chance) -> str:
    """What could have been chosen, and where."""
    words = _Words((draft,), chance.workflow)
    if not chance.option:
        decision = words.decision(chance.stage, chance.decision)
        if not chance.stage:
            return say("panel.backtest.chance.shared", decision=decision)
        stage = words.stage(chance.stage)
        return say("panel.backtest.chance.decision", stage=stage, decision=decision)
    return say(
        "panel.backtest.chance.option",
        stage=words.stage(chance.stage) or words.decision("", chance.decision),
        option=words.option(chance.field, chance.option),
        field=words.field(chance.field),
    )


def taken_text(taken: Taken) -> str:
    """How often it could have been chosen."""
    if not taken.visits:
        return say("panel.backtest.chance.never")
    told = say("panel.backtest.chance.could", could=taken.could, visits=taken.visits)
    if taken.unknown:
        told += " " + say("panel.backtest.chance.unknown", unknown=taken.unknown)
    return told


class _Words:
    """Labels for keys, by the first of these documents that has them."""

    def __init__(self, documents: tuple[Document, ...], workflow: str) -> None:
        self.documents, self.key = documents, workflow

    def _workflows(self) -> list[Workflow]:
        found = (document.workflow_by_key.get(self.key) for document in self.documents)
        return [workflow for workflow in found if workflow is not None]

    def workflow(self, key: str = "") -> str:
        key = key or self.key
        found = (document.workflow_by_key.get(key) for document in self.documents)
        return next((one.label.text(locale()) for one in found if one is not None), key)

    def place(self, finding: Finding, key: str) -> str:
        """Where a dispute comes to: a stage, or another workflow."""
        return self.workflow(key) if finding.what == What.OTHER_WORKFLOW else self.stage(key)

    def stage(self, key: str) -> str:
        for workflow in self._workflows():
            if key in workflow.stage_by_key:
                return workflow.stage_by_key[key].label.text(locale())
        return key

    def decision(self, stage: str, key: str) -> str:
        for workflow in self._workflows():
            at = workflow.decisions_by_stage.get(stage, {d.key: d for d in workflow.ends})
            if key in at:
                return at[key].label.text(locale())
        return decision_label(self.documents[-1], key, locale())

    def field(self, key: str) -> str:
        for document in self.documents:
            field = field_of(document, key)
            if field is not None:
                return field.label.text(locale())
        return key

    def option(self, field: str, key: str) -> str:
        for document in self.documents:
            asked = field_of(document, field)
            option = document.options_by_set.get(asked.options, {}).get(key) if asked else None
            if option is not None:
                return option.label.text(locale())
        return key

    def reason(self, key: str) -> str:
        for document in self.documents:
            if key in document.reason_by_key:
                return document.reason_by_key[key].text(locale())
        return key

    def names(self, finding: Finding) -> str:
        """The fields, options or the kind of actor that a finding names."""
        if finding.what == What.NOT_YOURS:
            return say(f"panel.by.{finding.names[0]}")
        if finding.what == What.FIELD_REQUIRED:
            told = [self.field(key) for key in finding.names]
        else:
            told = [self.option(finding.field, key) for key in finding.names]
        return say("word.comma").join(told)
