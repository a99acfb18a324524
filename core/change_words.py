"""What one document says differently from another, in words: for panel and shell (S3, S6)."""

from core.aspect_words import Place, listed, place_of, value_text
from core.i18n import say
from core.wording import known
from core.workflow.difference import ADDED, MOVED, Aspect, Change
from core.workflow.model import Document, Label


def change_text(change: Change, before: Document, after: Document, locale: str) -> str:
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
    places = place_of(change, before, locale), place_of(change, after, locale)
    told = (_aspect(change.kind, aspect, *places) for aspect in change.aspects)
    aspects = say("panel.change.and", locale).join(told)
    return say("panel.change.changed", locale, name=name, aspects=aspects)


def _where(path: tuple[tuple[str, str, Label | None], ...], locale: str) -> str:
    return " › ".join(_label(key, label, locale) for _, key, label in path)


def _label(key: str, label: Label | None, locale: str) -> str:
    return (label.text(locale) if label is not None else "") or key


def _aspect(kind: str, aspect: Aspect, old: Place, new: Place) -> str:
    """What became of an aspect; of a list, what is new in it and what it lost."""
    name = known(f"panel.aspect.{aspect.name}", aspect.name.replace("_", " "), new.locale)
    before, after = aspect.before, aspect.after
    if aspect.name == "retired":
        return new.say("difference.retired" if after else "difference.offered")
    if isinstance(before, Label) and isinstance(after, Label):
        texts = _both(before, after), _both(after, before)
    else:
        entries = listed(aspect.name, before, old), listed(aspect.name, after, new)
        if entries[0] is not None and entries[1] is not None:
            return _list(name, entries[0], entries[1], new)
        texts = (
            value_text(kind, aspect.name, before, old),
            value_text(kind, aspect.name, after, new),
        )
    return new.say("panel.change.from_to", name=name, before=texts[0], after=texts[1])


def _list(name: str, before: list[str], after: list[str], place: Place) -> str:
    """A list is told by what came and what went; where only its order did, as it stands now."""
    gone = [text for text in before if text not in after]
    come = [text for text in after if text not in before]
    told = [place.say("difference.new", name=name, text=text) for text in come]
    told += [place.say("difference.gone", name=name, text=text) for text in gone]
    if not told:
        told = [place.say("difference.order", name=name, text=place.join(after))]
    return place.say("panel.change.and").join(told)


def _both(label: Label, other: Label) -> str:
    """The languages of a label in which it differs from the other one."""
    texts = []
    if label.zh_CN != other.zh_CN:
        texts.append(label.zh_CN)
    if label.en != other.en:
        texts.append(label.en)
    return " / ".join(text or "–" for text in texts)
