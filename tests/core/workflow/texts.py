"""Anything at all that the model can hold: documents for the text form and for the problems."""

from typing import Any

from hypothesis import strategies as st

from core.workflow import model as m

LABEL = m.Label("标签", "label")
ODD = (
    "\\",
    '"',
    "'",
    "'''",
    "${x}",
    "a\nb",
    "👩‍👧",
    "שלום \u202eabc",
    "\u2028",
    "#",
    "[[x]]",
    "=",
    " ",
    "\x85",
)
# Letters of every script; the text form refuses control characters and lone surrogates.
texts = st.one_of(
    st.sampled_from(ODD), st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
)
keys = st.sampled_from(("a", "b", "c", "stage", "left.a", "in", "out", "", "é", "x" * 70))
labels = st.builds(m.Label, texts, texts)


def several(items: st.SearchStrategy[Any], most: int = 3) -> st.SearchStrategy[Any]:
    """A tuple of up to so many."""
    return st.lists(items, max_size=most).map(tuple)


def of(word: str, *more: str) -> st.SearchStrategy[str]:
    """One of these words; sometimes a wrong one."""
    return st.sampled_from((word, *more, "nonsense"))


_numbers = st.integers(-3, 200)
_conditions = st.builds(
    m.Condition,
    st.sampled_from(("a", "b", "payment", "amount", "stage", "left.a", "left.b", "silent")),
    of("in", "not_in", "known", "unknown", "above", "below"),
    several(st.one_of(keys, _numbers)),
    of("", "CNY"),
)
_groups = st.builds(m.Group, keys, several(_conditions, 2), of("all", "any"))
_shares = st.builds(
    m.Share,
    _numbers,
    of("goods", "paid"),
    several(st.builds(m.Step, of("CNY", "JPY"), _numbers), 2),
)
_meanings = of("", "request", "send_back", "liability.buyer", "quality.defect")
_options = st.builds(
    m.Option, keys, labels, keys, _meanings, st.booleans(), st.booleans(), st.none() | _shares
)
_fields = st.builds(
    m.Field,
    keys,
    of("one", "many", "share", "items", "typed", "file"),
    labels,
    keys,
    st.booleans(),
    st.booleans(),
    _meanings,
    several(_groups, 1),
)
_effects = st.builds(
    m.Effect,
    of("set", "silence", "request", "owe", "pay"),
    keys,
    keys,
    several(of("buyer", "merchant"), 2),
    several(of("held", "fund"), 2),
)
_routes = st.builds(m.Route, keys, of("nobody", "same", "earlier"), several(_conditions, 1))
_decisions = st.builds(
    m.Decision,
    keys,
    labels,
    several(_routes, 2),
    of("agent", "buyer", "timeout", "payment"),
    of("", "primary"),
    st.none() | labels,
    _meanings,
    several(keys, 2),
    several(_fields, 1),
    several(_effects, 2),
    several(_groups, 1),
)
_stages = st.builds(
    m.Stage,
    keys,
    of("intake", "work", "wait", "final"),
    labels,
    of("", "channel"),
    st.booleans(),
    _numbers,
    several(_fields, 2),
    several(_decisions, 2),
)
_marks = st.builds(m.Mark, of("opened", "entered", "decided"), keys)
_levels = st.builds(
    m.ServiceLevel,
    keys,
    labels,
    _numbers,
    keys,
    several(_marks, 2),
    several(_marks, 2),
    st.booleans(),
    keys,
    keys,
    several(_conditions, 1),
)
_rungs = st.builds(m.LadderLevel, keys, of("percent", "after"), _numbers, of("", "thread"), keys)
_workflows = st.builds(
    m.Workflow,
    keys,
    labels,
    keys,
    keys,
    of("", "escalation"),
    _numbers,
    several(_stages, 4),
    several(_decisions, 1),
    several(st.builds(m.Limit, keys, _numbers, _meanings, _meanings), 2),
    several(_levels, 2),
    several(st.builds(m.Successor, keys, keys), 2),
)
anything = st.builds(
    m.Document,
    st.just(m.FORMAT),
    several(st.builds(m.OptionSet, keys, labels, several(_options, 3)), 2),
    several(st.builds(m.Reason, keys, labels), 2),
    several(_workflows, 2),
    several(st.builds(m.WorkflowRule, keys, labels, keys, several(_conditions, 1)), 2),
    several(st.builds(m.Ladder, keys, labels, several(_rungs, 2), keys), 2),
    several(st.builds(m.GradeRule, keys, labels, keys, several(_conditions, 1)), 2),
)
