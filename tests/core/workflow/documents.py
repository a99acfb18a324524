"""Random documents that could work: a few stages, few options, conditions on what exists."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from core.workflow import model as m

LABEL = m.Label("标签", "label")


class _Maker:
    """Draws one workable document: a few stages, few options, conditions on what exists."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.works = [f"work{i}" for i in range(self.number(1, 3))]
        self.waits = [f"wait{i}" for i in range(self.number(0, 1))]
        counted = self.some(("request", "send_back"), 2)
        self.limits = tuple(
            m.Limit(f"cap{i}", self.number(0, 2), counts, self.grants(counted[:i]))
            for i, counts in enumerate(counted)
        )
        self.kinds: dict[str, tuple[str, str]] = {}  # field keys with their kind and option set
        for key in ("x", "y")[: self.number(0, 2)]:
            kind = self.one("one", "one", "many", "share", "typed", "items", "file")
            options = {"one": "few", "many": "marks", "share": "shares"}.get(kind, "")
            self.kinds[key] = (kind, options)

    def number(self, low: int, high: int) -> int:
        return int(self.draw(st.integers(low, high)))

    def one(self, *items: Any) -> Any:
        return self.draw(st.sampled_from(items))

    def some(self, items: tuple[Any, ...], most: int) -> list[Any]:
        return (
            self.draw(st.lists(st.sampled_from(items), max_size=most, unique=True)) if items else []
        )

    def chance(self, of_ten: int) -> bool:
        return self.number(1, 10) <= of_ten

    def grants(self, counted: list[str]) -> str:
        """What lets a limit begin anew: something counted before it, so that no circle grants."""
        if self.chance(1):  # nothing counts it, or it goes round: what the check is there for
            return str(self.one("request", "send_back"))
        return str(self.one("", "", *counted))

    def document(self) -> m.Document:
        said = {key: m.Label(key, key) for key in ("p", "q", "r", "none", "old", "all", "step")}
        labelled = [m.Option(key, said[key], retired=key == "old") for key in ("p", "q", "old")]
        marks = [
            m.Option(key, said[key], exclusive=key == "none") for key in ("p", "q", "r", "none")
        ]
        shares = [
            m.Option("all", said["all"], share=m.Share(100, self.one("paid", "goods"))),
            m.Option("step", said["step"], share=m.Share(steps=(m.Step("CNY", 500),))),
        ]
        sets = [("few", labelled), ("marks", marks), ("shares", shares)]
        return m.Document(
            m.FORMAT,
            tuple(m.OptionSet(key, LABEL, tuple(options)) for key, options in sets),
            (m.Reason("why", LABEL), m.Reason("not", LABEL)),
            (self.workflow(),),
        )

    def workflow(self) -> m.Workflow:
        intake = m.Stage("in", "intake", LABEL, "channel", False)
        stages = [intake, *(self.work(key) for key in self.works)]
        stages += [self.wait(key) for key in self.waits]
        stages.append(m.Stage("done", "final", LABEL))
        ends = (self.decision("end", own=False),) if self.chance(4) else ()
        return m.Workflow(
            "flow",
            LABEL,
            "in",
            self.works[0],
            stages=tuple(stages),
            ends=ends,
            limits=self.limits,
            service_levels=tuple(m.ServiceLevel(f"level-{k}", LABEL, 60, k) for k in self.waits),
        )

    def work(self, key: str) -> m.Stage:
        fields = tuple(self.field(name) for name in self.some(tuple(self.kinds), 2))
        decisions = [self.decision(f"d{i}", fields) for i in range(self.number(1, 3))]
        if self.chance(5):
            decisions.append(m.Decision("plain", LABEL, (m.Route(self.onward(key)),)))
        elif self.chance(6):  # no way out by itself, but one together with another decision
            decisions += self.otherwise(decisions, self.onward(key))
        return m.Stage(key, "work", LABEL, "channel", fields=fields, decisions=tuple(decisions))

    def wait(self, key: str) -> m.Stage:
        effects = (m.Effect("silence"),) if self.chance(5) else ()
        late = (m.Route(self.onward(key) if self.chance(5) else self.target()),)
        decisions = [m.Decision("late", LABEL, late, "timeout", effects=effects)]
        if self.chance(5):
            decisions.append(self.decision("acts", by=self.one("buyer", "evidence", "payment")))
        return m.Stage(key, "wait", LABEL, decisions=tuple(decisions))

    def field(self, key: str) -> m.Field:
        kind, options = self.kinds[key]
        when = self.groups() if self.chance(3) else ()
        return m.Field(key, kind, LABEL, options, True, self.chance(7), "", when)

    def decision(
        self, key: str, fields: tuple[m.Field, ...] = (), *, by: str = "agent", own: bool = True
    ) -> m.Decision:
        meaning = self.one("", "", "request", "send_back")
        capped = [limit for limit in self.limits if limit.counts == meaning and self.chance(9)]
        caps = [
            m.Group("not", (m.Condition(f"left.{limit.key}", "above", (0,)),)) for limit in capped
        ]
        mine = tuple(self.field(name) for name in self.some(tuple(self.kinds), 1)) if own else ()
        routes = [
            m.Route(self.target(), when=(self.condition(),)) for _ in range(self.number(0, 1))
        ]
        effects = [m.Effect("set", "mark", self.one("m", "n"))] if self.chance(4) else []
        needs = [field.key for field in fields if self.chance(6)]
        shares = [f.key for f in fields if f.kind == "share" and f.key in needs]
        if shares and self.chance(6):
            effects.append(self.one(m.Effect("pay", sources=("held",)), m.Effect("owe")))
        return m.Decision(
            key,
            LABEL,
            (*routes, m.Route(self.target())),
            by,
            meaning=meaning,
            needs=tuple(needs),
            fields=mine,
            effects=tuple(effects),
            when=(*caps, *(self.groups() if self.chance(5) else ())),
        )

    def target(self) -> str:
        return str(self.one(*self.works, *self.waits, "done", "done"))

    def onward(self, key: str) -> str:
        """The end, or a stage after this one, with the waits last: never back to where it was."""
        stages = [*self.works, *self.waits]
        return str(self.one("done", *stages[stages.index(key) + 1 :]))

    def otherwise(self, decisions: list[m.Decision], to: str) -> list[m.Decision]:
        """A decision for when a condition of another one does not hold."""
        rows = [c for d in decisions for group in d.when for c in group.conditions]
        turned = {"in": "not_in", "not_in": "in", "known": "unknown", "unknown": "known"}
        turned |= {"above": "at_most", "at_most": "above"}
        rows = [row for row in rows if not row.fact.startswith("left.")]
        if not rows:
            return []
        row = self.one(*rows)
        when = (m.Group("why", (replace(row, operator=turned[row.operator]),)),)
        return [m.Decision("otherwise", LABEL, (m.Route(to),), when=when)]

    def groups(self) -> tuple[m.Group, ...]:
        rows = tuple(self.condition() for _ in range(self.number(1, 2)))
        return (m.Group("why", rows, self.one("all", "any")),)

    def condition(self) -> m.Condition:
        """A condition on something that somebody provides, or may provide."""
        fact = self.one(*self.kinds, "mark", *DESK)
        operator = self.one("in", "in", "not_in", "not_in", "known", "unknown")
        if fact == "amount":
            return m.Condition(fact, self.one("above", "at_most"), (500,), self.one("", "CNY"))
        if self.kinds.get(fact, ("",))[0] in ("items", "file"):  # other ones in every dispute
            operator = self.one("known", "unknown")
        if operator in ("known", "unknown"):
            return m.Condition(fact, operator)
        values = {"mark": ("m", "n"), **DESK}.get(fact) or {
            "one": ("p", "q"),
            "many": ("p", "q", "none"),
            "share": ("all", "step"),
            "typed": ("anything", "else"),
        }[self.kinds[fact][0]]
        return m.Condition(fact, operator, tuple(self.some(values, 2)) or values[:1])


@st.composite
def workable(draw: Any) -> m.Document:
    """A small document; some have problems, many have none."""
    return pruned(_Maker(draw).document())


def pruned(document: m.Document) -> m.Document:
    """The document without what nothing leads to, and without conditions that nobody answers."""
    workflow = document.workflows[0]
    reached, queue = {"in", workflow.first}, [workflow.first]
    while queue:
        stage = workflow.stage_by_key[queue.pop()]
        for decision in (*stage.decisions, *workflow.ends):
            fresh = {route.to for route in decision.routes} - reached
            reached |= fresh
            queue += [key for key in fresh if key != "done"]
    stages = tuple(s for s in workflow.stages if s.key in reached)
    levels = tuple(level for level in workflow.service_levels if level.stage in reached)
    workflow = replace(workflow, stages=stages, service_levels=levels)
    known = {key: set(values) for key, values in DESK.items()}
    for stage in stages:
        decisions = (*stage.decisions, *workflow.ends)
        for field in (*stage.fields, *(f for d in decisions for f in d.fields)):
            known[field.key] = {"p", "q", "none", "all", "step", "anything", "else"}
        for effect in (e for d in decisions for e in d.effects if e.kind == "set"):
            known.setdefault(effect.fact, set()).add(effect.value)
    keep = _Keeper(known)
    return replace(
        document,
        workflows=(
            replace(
                workflow,
                stages=tuple(
                    replace(
                        stage,
                        fields=tuple(keep.field(f) for f in stage.fields),
                        decisions=tuple(keep.decision(d) for d in stage.decisions),
                    )
                    for stage in stages
                ),
                ends=tuple(keep.decision(d) for d in workflow.ends),
            ),
        ),
    )


DESK: dict[str, tuple[str, ...]] = {
    "payment": ("instructed", "owed", "confirmed"),
    "funds": ("cover", "short"),
    "judgeable": ("yes",),
    "nothing_left": ("yes",),
    "entered": ("unsettled", "buyer_timeout"),
    "amount": (),
}


class _Keeper:
    """Keeps the conditions whose facts and values are known."""

    def __init__(self, known: dict[str, set[Any]]) -> None:
        self.known = known

    def keeps(self, row: m.Condition) -> bool:
        if row.fact.startswith("left.") or row.fact == "amount":
            return True
        return row.fact in self.known and set(row.values) <= self.known[row.fact]

    def groups(self, groups: tuple[m.Group, ...]) -> tuple[m.Group, ...]:
        kept = [
            replace(g, conditions=tuple(c for c in g.conditions if self.keeps(c))) for g in groups
        ]
        return tuple(group for group in kept if group.conditions)

    def field(self, field: m.Field) -> m.Field:
        return replace(field, when=self.groups(field.when))

    def decision(self, decision: m.Decision) -> m.Decision:
        routes = [r for r in decision.routes[:-1] if r.when and all(self.keeps(c) for c in r.when)]
        return replace(
            decision,
            fields=tuple(self.field(f) for f in decision.fields),
            routes=(*routes, decision.routes[-1]),
            when=self.groups(decision.when),
        )
