"""What a page of the draft is about: the row's surroundings, and the choices they allow."""

from collections.abc import Collection
from functools import cached_property
from typing import Any

from flask import abort
from sqlalchemy import Row

from core.desk import calendars, documents, draft, draft_rows, roster, rotas
from core.desk.draft_rows import KINDS, Owner
from core.workflow.arrival import arrival
from core.workflow.model import Document, Stage, Workflow
from core.workflow.terms import Kind
from web.desk import reading
from web.language import locale

EARLY = frozenset({"workflow_rule", "grade_rule"})  # rules asked before any workflow is followed


class Sketch:
    """A row of the draft, or one that is to be added to an owner, and what stands around it.

    Of a row that is to be added, `first` is what was chosen before its form, and `group` the
    group of conditions that it joins.
    """

    def __init__(self, kind: str, owner: Owner | None, row: Row[Any] | None = None) -> None:
        self.kind = kind
        self.first = ""
        self.group: int | None = None
        self.owner = owner
        self.row = row
        self.lineage = draft_rows.lineage(reading(), owner)
        if owner is not None and not self.lineage:
            abort(404)

    @classmethod
    def of(cls, kind: str, row: Row[Any]) -> "Sketch":
        """The surroundings of a row that exists."""
        return cls(kind, KINDS[kind].owner_of(row), row)

    @cached_property
    def document(self) -> Document:
        """The draft as a document, whatever its problems."""
        return draft.document(reading())

    @cached_property
    def workflow(self) -> Workflow:
        """The workflow that the row belongs to; of an early rule, what it is asked of."""
        if EARLY.intersection((self.kind, *(kind for kind, _ in self.lineage))):
            return arrival(self.document)
        return self.document.workflow_by_key[self.workflow_key]

    @cached_property
    def workflow_key(self) -> str:
        """The key of that workflow; empty for what all workflows share."""
        return self._around("workflow") or self._own_key("workflow")

    @cached_property
    def set_key(self) -> str:
        """The key of the option set that the row is or belongs to; empty for all else."""
        return self._around("option_set") or self._own_key("option_set")

    @cached_property
    def stage(self) -> Stage | None:
        """The stage that the row belongs to; None for what all stages share."""
        return self.workflow.stage_by_key.get(self.stage_key) if self.stage_key else None

    @cached_property
    def stage_key(self) -> str:
        """The key of that stage; empty for what all stages share."""
        return self._around("stage") or self._own_key("stage")

    def _around(self, kind: str) -> str:
        return next((row.key for of, row in self.lineage if of == kind), "")

    def _own_key(self, kind: str) -> str:
        return str(self.row.key) if self.kind == kind and self.row is not None else ""

    def siblings(self) -> list[Row[Any]]:
        """The rows of the same owner, this one included."""
        return draft_rows.rows(reading(), self.kind, self.owner)

    def parts(self, kind: str) -> list[Row[Any]]:
        """The rows of a kind that belong to this one."""
        owner = Owner(self.kind, self.row.id) if self.row is not None else None
        return draft_rows.rows(reading(), kind, owner)

    # Choices: keys with the words for them.

    def stages(self, kinds: Collection[str] = tuple(Kind)) -> list[tuple[str, str]]:
        """Stages of the workflow, of some kinds only."""
        return [(s.key, self.label(s)) for s in self.workflow.stages if s.kind in kinds]

    def option_sets(self) -> list[tuple[str, str]]:
        """The draft's option sets."""
        return [(s.key, self.label(s)) for s in self.document.option_sets]

    def reasons(self) -> list[tuple[str, str]]:
        """The draft's reasons."""
        return [(r.key, self.label(r)) for r in self.document.reasons]

    def channels(self) -> list[tuple[str, str]]:
        """The desk's channels."""
        return [
            (c.key, f"{c.key} (#{c.name})" if c.name else c.key) for c in roster.channels(reading())
        ]

    def calendars(self) -> list[tuple[str, str]]:
        """The desk's business calendars."""
        return [(c.key, row_label(c)) for c in calendars.everything(reading())]

    def rotas(self) -> list[tuple[str, str]]:
        """The desk's rotas."""
        return [(one.key, row_label(one)) for one in rotas.everything(reading())]

    def ladders(self) -> list[tuple[str, str]]:
        """The draft's ladders."""
        return [(ladder.key, self.label(ladder)) for ladder in self.document.ladders]

    def people(self) -> list[tuple[str, str]]:
        """Who works at the desk now, by Slack id: so documents name people."""
        return [(p.slack_id, p.name) for p in self._at_work() if p.slack_id]

    def teams(self) -> list[tuple[str, str]]:
        """The teams that people of the desk are in."""
        return [(team, team) for team in sorted({p.team for p in self._at_work()} - {""})]

    @staticmethod
    def _at_work() -> list[Row[Any]]:
        return [person for person in roster.everyone(reading()) if person.active]

    def removed_stages(self) -> list[tuple[str, str]]:
        """Stages of the published workflow that the draft has no more."""
        published = documents.active(reading()).workflow_by_key.get(self.workflow.key)
        if published is None:
            return []
        here = self.workflow.stage_by_key
        return [(s.key, self.label(s)) for s in published.stages if s.key not in here]

    @staticmethod
    def label(row: Any) -> str:
        """A row's label, or its key where the label is still empty."""
        return str(row.label.text(locale()) or row.key)


def row_label(row: Row[Any]) -> str:
    """A row's label in the reader's language, or its key where that is still empty."""
    label = row.label_zh if locale() == "zh_CN" else row.label_en
    return str(label or row.key)
