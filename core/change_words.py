"""What one document says differently from another, in words: for panel and shell (S3, S6)."""

from core.i18n import say
from core.wording import known
from core.workflow.difference import ADDED, MOVED, Aspect, Change
from core.workflow.model import Label


def change_text(change: Change, locale: str) -> str:
    """A change as a sentence: what, called what, where, and from what to what."""
    kind = say(f"panel.one.{change.kind}", locale)
    if change.what == MOVED:
        where = _where(change.path, locale) or say("panel.the_draft", locale)
        many = say(f"panel.many.{change.kind}", locale)
        return say("panel.change.moved", locale, kind=many, where=where)
    _, key, label = change.path[-1]
    around = _where(change.path[:-1], locale)
    name = say("panel.change.name", locale, kind=kind, label=_label(key, label, locale), key=key)
    if around:
        name = say("panel.change.in", locale, name=name, where=around)
    if not change.aspects:
        done = "panel.change.added" if change.what == ADDED else "panel.change.removed"
        return say(done, locale, name=name)
    told = (_aspect(aspect, locale) for aspect in change.aspects)
    aspects = say("panel.change.and", locale).join(told)
    return say("panel.change.changed", locale, name=name, aspects=aspects)


def _where(path: tuple[tuple[str, str, Label | None], ...], locale: str) -> str:
    return " › ".join(_label(key, label, locale) for _, key, label in path)


def _label(key: str, label: Label | None, locale: str) -> str:
    return (label.text(locale) if label is not None else "") or key


def _aspect(aspect: Aspect, locale: str) -> str:
    name = known(f"panel.aspect.{aspect.name}", aspect.name.replace("_", " "), locale)
    before, after = aspect.before, aspect.after
    if before is None and after is None:
        return name
    if isinstance(before, Label) and isinstance(after, Label):
        texts = _both(before, after), _both(after, before)
    else:
        texts = _value(before, locale), _value(after, locale)
    return say("panel.change.from_to", locale, name=name, before=texts[0], after=texts[1])


def _both(label: Label, other: Label) -> str:
    """The languages of a label in which it differs from the other one."""
    texts = []
    if label.zh_CN != other.zh_CN:
        texts.append(label.zh_CN)
    if label.en != other.en:
        texts.append(label.en)
    return " / ".join(text or "–" for text in texts)


def _value(value: object, locale: str) -> str:
    if isinstance(value, bool):
        return say("panel.yes" if value else "panel.no", locale)
    if isinstance(value, Label):
        return value.text(locale)
    return str(value) if value not in (None, "") else "–"
