"""Several ticked disputes given to one person: whom, what would happen, then one click (A2, K3)."""

import secrets

from flask import request
from flask.typing import ResponseReturnValue

from admin.base import expose, me, refusal, row_id
from admin.ticks import TickedView, narrowed_list
from core.desk import assign_several, people, roster
from core.desk.actor import Right
from core.desk.answers import Answer, Refused
from core.desk.numbers import shown
from core.desk.ticked import MOST_AT_ONCE, Chosen
from web.desk import now, reading, rehearse, transact
from web.language import say


class AssignSeveral(TickedView):
    """Giving each of them to one person."""

    right = Right.ASSIGN
    title = "panel.several.title"

    def __init__(self) -> None:
        super().__init__("assign_several")

    @expose("/")
    def index(self) -> ResponseReturnValue:
        """The ticked disputes, whom they could be given, and what would happen to each."""
        found = self.chosen()
        if not found:
            return self.nothing("panel.several.none")
        person = request.args.get("person", "")
        foreseen = self._foreseen(found, row_id(person)) if person else None
        return self.page(
            "panel/assign_several.html",
            found,
            people=_people(),
            person=person,
            who=people.name(reading(), row_id(person)) if person else "",
            foreseen=foreseen,
            ready=sum(not why for why in (foreseen or {}).values()),
            click=secrets.token_urlsafe(12),
        )

    @expose("/", methods=("POST",))
    def assign(self) -> ResponseReturnValue:
        """Gives each to the person, or says why not; the same form again changes nothing."""
        person_id = row_id(request.form.get("person"))
        pressed = request.form.get("click", "")[:40]
        numbers = request.form.getlist("number")[:MOST_AT_ONCE]
        visits = [row_id(visit) for visit in request.form.getlist("visit")[:MOST_AT_ONCE]]
        told = []
        for number, visit in zip(numbers, visits, strict=False):
            click = f"panel:{pressed}:{visit}" if pressed and pressed.isprintable() else None
            answer: Answer = transact(
                assign_several.assign_one, visit, person_id, me(), click=click
            )
            told.append((number, refusal(answer) if isinstance(answer, Refused) else ""))
        given = sum(not why for _, why in told)
        return str(
            self.render(
                "panel/assigned_several.html",
                told=[(number, shown(number), why) for number, why in told],
                given=given,
                refused=len(told) - given,
                who=people.name(reading(), person_id),
                back=narrowed_list(),
            )
        )

    @staticmethod
    def _foreseen(found: list[Chosen], person_id: int) -> dict[int, str]:
        """Of each visit why it would not be given to the person; empty where it would."""
        visits = [one.visit_id for one in found]
        answers: list[Answer] = rehearse(assign_several.preview, visits, person_id, me())
        told = [refusal(one) if isinstance(one, Refused) else "" for one in answers]
        return dict(zip(visits, told, strict=True))


def _people() -> list[tuple[str, str, bool]]:
    """Who may decide: their id, what they are called with what they hold, whether they are free."""
    free = assign_several.free(reading(), now=now())
    found = []
    for one in roster.everyone(reading()):
        if one.active and Right.DECIDE in one.rights:
            key = "panel.several.holds" if one.id in free else "panel.several.not_free"
            told = say(key, who=one.name, number=free.get(one.id, 0))
            found.append((str(one.id), told, one.id in free))
    return sorted(found, key=lambda one: not one[2])
