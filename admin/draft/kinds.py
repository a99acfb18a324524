"""The pages of the draft: which form each kind of row has, and which rows belong to it."""

from dataclasses import dataclass

from admin.draft.conditions import ConditionForm
from admin.draft.effects import EffectForm
from admin.draft.forms import (
    DecisionForm,
    DraftForm,
    FieldForm,
    LimitForm,
    OptionSetForm,
    ReasonForm,
    RouteForm,
    StageForm,
    SuccessorForm,
    WorkflowForm,
)
from admin.draft.macros import MacroForm
from admin.draft.options import OptionForm
from admin.draft.rules import AssignmentForm, GradeRuleForm, WorkflowRuleForm
from admin.draft.timing import LadderForm, LadderLevelForm, ServiceLevelForm
from core.desk.draft_rows import KINDS


@dataclass(frozen=True, slots=True)
class Page:
    """A kind of row as a page; `parts` are the kinds of rows that it lists below its form."""

    endpoint: str
    form: type[DraftForm]
    parts: tuple[str, ...] = ()
    ordered: bool = False  # whether the order of its rows means something

    @property
    def kind(self) -> str:
        """The kind of row."""
        return self.form.kind

    @property
    def top(self) -> bool:
        """Whether its rows belong to the draft itself, and so have a list of their own."""
        return not KINDS[self.kind].owners


PAGES = (
    Page("option_sets", OptionSetForm, ("option",), ordered=True),
    Page("options", OptionForm, ordered=True),
    Page(
        "workflows",
        WorkflowForm,
        ("stage", "service_level", "assignment", "decision", "limit", "successor"),
        ordered=True,
    ),
    Page("workflow_rules", WorkflowRuleForm, ("condition",), ordered=True),
    Page("grade_rules", GradeRuleForm, ("condition",), ordered=True),
    Page("stages", StageForm, ("field", "decision", "macro"), ordered=True),
    Page("fields", FieldForm, ("condition",), ordered=True),
    Page("decisions", DecisionForm, ("field", "condition", "effect", "route"), ordered=True),
    Page("macros", MacroForm, ordered=True),
    Page("routes", RouteForm, ("condition",), ordered=True),
    Page("effects", EffectForm),
    Page("conditions", ConditionForm),
    Page("service_levels", ServiceLevelForm, ("condition",), ordered=True),
    Page("ladders", LadderForm, ("ladder_level",)),
    Page("ladder_levels", LadderLevelForm),
    Page("assignments", AssignmentForm, ("condition",), ordered=True),
    Page("limits", LimitForm),
    Page("successors", SuccessorForm),
    Page("reasons", ReasonForm),
)
BY_KIND = {page.kind: page for page in PAGES}
