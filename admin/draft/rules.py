"""The forms of rules: who is given a dispute, its workflow, its grade (A2, W17, G2)."""

from admin.draft.forms import NAME, DraftForm
from admin.draft.sketch import Sketch
from admin.form import keyed, offer, one, text
from admin.form import many as several
from core.workflow.facts import GRADES
from core.workflow.terms import Kind, Strategy
from web.language import say


class AssignmentForm(DraftForm):
    """Who is given a dispute when a stage opens."""

    kind = "assignment"
    label_zh = text("panel.label.label_zh", NAME)
    label_en = text("panel.label.label_en", NAME)
    stage = one("panel.label.stage", hint="panel.hint.rule_stage")
    strategy = one("panel.label.strategy", hint="panel.hint.strategy")
    team = one("panel.label.team", hint="panel.hint.rule_team")
    rota = one("panel.label.rule_rota", hint="panel.hint.rule_rota")
    people = several("panel.label.rule_people", hint="panel.hint.rule_people")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.stage, sketch.stages([Kind.INTAKE, Kind.WORK]))
        offer(self.strategy, keyed(Strategy, "panel.strategy"))
        offer(self.team, sketch.teams(), none=say("panel.rule.any_team"))
        offer(self.rota, sketch.rotas(), none=say("panel.rule.any_time"))
        offer(self.people, sketch.people())


class WorkflowRuleForm(DraftForm):
    """Which workflow a dispute follows that comes in."""

    kind = "workflow_rule"
    label_zh = text("panel.label.label_zh", NAME)
    label_en = text("panel.label.label_en", NAME)
    workflow = one("panel.label.rule_workflow", hint="panel.hint.rule_workflow")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.workflow, [(w.key, sketch.label(w)) for w in sketch.document.workflows])


class GradeRuleForm(DraftForm):
    """Which grade a dispute has."""

    kind = "grade_rule"
    label_zh = text("panel.label.label_zh", NAME)
    label_en = text("panel.label.label_en", NAME)
    grade = one("panel.label.grade", hint="panel.hint.grade")

    def offer(self, sketch: Sketch) -> None:
        super().offer(sketch)
        offer(self.grade, keyed(GRADES, "panel.value.grade"))
