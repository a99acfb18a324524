"""Labels that a document gives to what disputes store by key, and a dispute's number."""

from admin.words import plain
from core.desk.numbers import read_number, shown
from core.workflow.model import Document
from core.workflow.terms import Meaning
from web.language import locale


def evidence_label(document: Document, kind: str) -> str:
    """What a kind of evidence is called: an option of what the parties are asked for."""
    return _labelled(document, kind, (Meaning.GIVEN_BUYER, Meaning.GIVEN_MERCHANT))


def verdict_label(document: Document, key: str) -> str:
    """What a verdict on an earlier stage is called."""
    return _labelled(document, key, (Meaning.QUALITY,))


def _labelled(document: Document, key: str, meanings: tuple[str, ...]) -> str:
    """The label of an option of a field with one of these meanings; else of any option."""
    fields = [f for w in document.workflows for s in w.stages for f in s.fields]
    sets = [f.options for f in fields if f.meaning in meanings]
    for name in (*sets, *document.options_by_set):
        option = document.options_by_set.get(name, {}).get(key)
        if option is not None:
            return option.label.text(locale())
    return plain(key)


def level_label(document: Document, key: str) -> str:
    """What a service level is called."""
    for workflow in document.workflows:
        for level in workflow.service_levels:
            if level.key == key:
                return level.label.text(locale())
    return plain(key)


def number_label(typed: str) -> str:
    """A dispute's number as people read it, however the address gives it."""
    return shown(read_number(typed) or typed)
