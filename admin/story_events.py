"""Events of a dispute in words: keys and numbers go in, sentences come out."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from admin.labels import evidence_label
from admin.words import fact_label, fact_text, join, known, plain
from core.desk import people
from core.desk.distributing import ASSIGN
from core.desk.dossier import Dossier
from core.desk.holding import TAKE
from core.desk.linking import relation_label
from core.desk.numbers import shown
from core.i18n import catalogue, moment
from core.wording import decision_label, regraded, rule_label, stage_label
from core.workflow.model import Document
from core.workflow.terms import By, Meaning
from web.desk import reading
from web.language import locale, money, say, zone

# Events that name another dispute with which this one belongs together (K2).
JOINING = (
    "linked",
    "unlinked",
    "merged",
    "merged_in",
    "merge_undone",
    "split",
    "split_off",
    "passed_on",
)

# Events of ladders: who is on it, and what was noise (K6, K24); and those that tell people.
LADDERS = ("acknowledged", "acknowledgement_ending", "acknowledgement_lapsed", "noise")
ALERTING = ("warned", "escalated")
PAGING = ("paged", "page_answered", "page_reminded", "page_unanswered", "page_over")


def who(name: str, by: str) -> str:
    """Who acted: a person by name, otherwise in what capacity."""
    return name or known(f"word.by.{by}", by)


def by_itself(event: Any) -> bool:
    """Whether a decision came about without anybody: its label says what made it."""
    itself = (By.EVIDENCE, By.PAYMENT, By.TIMEOUT)
    return event.kind == "moved" and not event.who and event.by in itself


def event_text(dossier: Dossier, event: Any) -> str:
    """What an event says happened; an event of an unknown kind is told by its kind."""
    key = f"panel.event.{event.kind}"
    if key not in catalogue(locale()):
        return plain(event.kind)
    data = event.data
    visit = next((v for v in dossier.kin_visits if v.id == event.visit_id), dossier.visits[0])
    document = dossier.documents[visit.document_id]
    names: dict[str, Any] = {
        "stage": stage_label(document, visit.stage, locale()),
        "party": known(f"word.by.{data.get('party', '')}", ""),
        "facts": facts_told(dossier, document, data.get("facts", {}), visit.stage),
        **(_of_ladder(document, data) if event.kind in LADDERS else {}),
    }
    if data.get("holder") is not None:
        names["holder"] = people.name(reading(), data["holder"])
    if event.kind == "moved":
        if data["decision"] == TAKE:  # neither taking nor assigning is a decision
            key = "panel.event.taken.moved"
        elif data["decision"] == ASSIGN:
            key = f"panel.event.{'given' if 'assigned' in data else 'assigned'}.moved"
        elif by_itself(event):
            key = "panel.event.moved.itself"
        names["decision"] = decision_label(document, data["decision"], locale())
        after = dossier.documents.get(data["document"], document)
        names["to"] = stage_label(after, data["stage"], locale())
    elif event.kind == "payment_reported":
        names["state"] = known(f"panel.payment.{data.get('state')}", plain(str(data.get("state"))))
        paid = data.get("paid")
        currency = dossier.dispute.currency
        names["paid"] = money(paid, currency) if paid is not None else "–"
    elif event.kind in ("evidence_received", "evidence_opened"):
        names["kind"] = evidence_label(document, data["evidence_kind"])
    elif event.kind in JOINING:
        names["other"] = shown(data["other"])
        names["relation"] = relation_label(document, data.get("relation", ""), locale())
    elif event.kind == "corrected":
        key = "panel.event.corrected.from"
        names |= _corrected(dossier, document, data, visit.stage)
    elif event.kind in _TOLD:
        names |= _TOLD[event.kind](document, data)
    elif event.kind in PAGING:
        names["people"] = _named(data)
        names["reason"] = preset_label(document, Meaning.PAGE, data.get("reason", ""))
        key += f".{data['answer']}" if "answer" in data else ""
    told = say("panel.event.told", people=_named(data)) if event.kind in ALERTING else ""
    return say(key, **names) + (told if data.get("people") else "") + _assigned(dossier, data)


def _of_ladder(document: Document, data: dict[str, Any]) -> dict[str, str]:
    """Until when somebody is on it, who is reminded, why an alert was noise."""
    names = {"people": _named(data)}
    if "until" in data:
        names["until"] = moment(dt.datetime.fromisoformat(data["until"]), locale(), zone())
    if "reason" in data:
        option = document.choices_of(Meaning.NOISE).get(data["reason"])
        names["reason"] = option.label.text(locale()) if option else plain(data["reason"])
    return names


def _named(data: dict[str, Any]) -> str:
    return join(people.name(reading(), one) for one in data.get("people", ()))


# What the sentences of some events name, out of their data.
_TOLD: dict[str, Callable[[Document, dict[str, Any]], dict[str, str]]] = {
    "contacted": lambda document, data: {
        "result": preset_label(document, Meaning.CONTACT, data["result"])
    },
    "regraded": lambda document, data: {"told": regraded(document, data, locale())},
    "message_let_go": lambda _, data: {
        "why": known(f"panel.let_go.why.{data['why']}", plain(data["why"]))
    },
    "intake_repeated": lambda _, data: {
        "different": join(known(f"panel.head.{d}", plain(d)) for d in data["different"])
    },
}


def _corrected(
    dossier: Dossier, document: Document, data: dict[str, Any], stage: str
) -> dict[str, str]:
    """What a corrected fact was before, and why it was corrected."""
    old = {key: data.get("old") for key in data["facts"] if data.get("old") is not None}
    return {
        "old": facts_told(dossier, document, old, stage) or "–",
        "reason": preset_label(document, Meaning.CORRECTION, data["reason"]),
    }


def preset_label(document: Document, meaning: str, key: str) -> str:
    """A preset phrase of one of the desk's own acts."""
    found = next((s for s in document.option_sets if s.meaning == meaning), None)
    option = document.options_by_set[found.key].get(key) if found else None
    return option.label.text(locale()) if option else plain(key)


def _assigned(dossier: Dossier, data: dict[str, Any]) -> str:
    """Whom an assignment rule gave the dispute to, by which rule and how; mostly nothing (A2)."""
    if "assigned" not in data:
        return ""
    rule, strategy = data["assigned"]["rule"], data["assigned"]["strategy"]
    labels = (rule_label(document, rule, locale()) for document in dossier.documents.values())
    return say(
        "panel.event.by_rule",
        holder=people.name(reading(), data["holder"]),
        rule=next((label for label in labels if label != rule), rule),
        strategy=known(f"panel.strategy.{strategy}", strategy),
    )


def facts_told(dossier: Dossier, document: Document, facts: dict[str, Any], stage: str) -> str:
    """What became known, in the labels of `stage`: `Reason: Damaged in transit`."""
    workflow = document.workflow_by_key[dossier.dispute.workflow]
    titles = {str(line["key"]): str(line.get("title", "")) for line in dossier.dispute.lines}
    texts = []
    for key, found in facts.items():
        value = tuple(found) if isinstance(found, list) else found
        words = fact_text(document, workflow, key, value, titles, dossier.dispute.currency)
        texts.append(say("panel.fact.is", fact=fact_label(workflow, key, stage), value=words))
    return say("panel.change.and").join(texts)
