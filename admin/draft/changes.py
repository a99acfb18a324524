"""The difference between two documents in words."""

from admin.words import known, plain
from core.workflow.difference import ADDED, MOVED, Aspect, Change
from core.workflow.model import Label
from web.language import locale, say


def change_text(change: Change) -> str:
    """A change as a sentence: what, called what, where, and from what to what."""
    kind = say(f"panel.one.{change.kind}")
    if change.what == MOVED:
        where = _where(change.path) or say("panel.the_draft")
        return say("panel.change.moved", kind=say(f"panel.many.{change.kind}"), where=where)
    _, key, label = change.path[-1]
    around = _where(change.path[:-1])
    name = say("panel.change.name", kind=kind, label=_label(key, label), key=key)
    if around:
        name = say("panel.change.in", name=name, where=around)
    if not change.aspects:
        return say(
            "panel.change.added" if change.what == ADDED else "panel.change.removed", name=name
        )
    aspects = say("panel.change.and").join(_aspect(aspect) for aspect in change.aspects)
    return say("panel.change.changed", name=name, aspects=aspects)


def _where(path: tuple[tuple[str, str, Label | None], ...]) -> str:
    return " › ".join(_label(key, label) for _, key, label in path)


def _label(key: str, label: Label | None) -> str:
    return (label.text(locale()) if label is not None else "") or key


def _aspect(aspect: Aspect) -> str:
    name = known(f"panel.aspect.{aspect.name}", plain(aspect.name))
    before, after = aspect.before, aspect.after
    if before is None and after is None:
        return name
    if isinstance(before, Label) and isinstance(after, Label):
        return say(
            "panel.change.from_to",
            name=name,
            before=_both(before, after),
            after=_both(after, before),
        )
    return say("panel.change.from_to", name=name, before=_value(before), after=_value(after))


def _both(label: Label, other: Label) -> str:
    """The languages of a label in which it differs from the other one."""
    texts = []
    if label.zh_CN != other.zh_CN:
        texts.append(label.zh_CN)
    if label.en != other.en:
        texts.append(label.en)
    return " / ".join(text or "–" for text in texts)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return say("panel.yes" if value else "panel.no")
    if isinstance(value, Label):
        return value.text(locale())
    return str(value) if value not in (None, "") else "–"
