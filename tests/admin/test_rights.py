"""Nobody reaches what their role does not open: every address, every role, every method."""

import re

import pytest
from sqlalchemy import update

import admin
from core.desk.actor import Right
from core.desk.roles import STANDARD
from core.tables import Person
from tests.admin.routes import addresses
from tests.panel import Panel, Visitor

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# Which right opens which part of the panel, and the part's routes. A part or a route that is not
# named here fails the test.
DRAFT = (
    "card_view create_view delete_view edit_view here_view index_view move_view order_view"
    " export_csv export_xlsx"
)
OPENED_BY = {
    "home": (Right.SEE, "index"),
    "board": (Right.SEE, "index export_csv export_xlsx"),
    "assign_several": (Right.ASSIGN, "assign index"),
    "group_several": (Right.GROUP, "index together"),
    "disputes": (
        Right.SEE,
        (
            "assign contact correct evidence index_view link look merge merging picture release"
            " small split splitting story decide_together together undo unlink"
            " export_csv export_xlsx"
        ),
    ),
    "flow": (Right.SEE, "index"),
    "promises": (Right.SEE, "index export_csv export_xlsx"),
    "search": (Right.SEE, "index"),
    "views": (Right.SEE, "drop index keep"),
    "sessions": (Right.SEE, "end index export_csv export_xlsx"),
    "option_sets": (Right.SHAPE, DRAFT),
    "options": (Right.SHAPE, DRAFT),
    "workflows": (Right.SHAPE, DRAFT),
    "workflow_rules": (Right.SHAPE, DRAFT),
    "grade_rules": (Right.SHAPE, DRAFT),
    "stages": (Right.SHAPE, DRAFT),
    "assignments": (Right.SHAPE, DRAFT),
    "fields": (Right.SHAPE, DRAFT),
    "decisions": (Right.SHAPE, DRAFT),
    "routes": (Right.SHAPE, DRAFT),
    "effects": (Right.SHAPE, DRAFT),
    "conditions": (Right.SHAPE, DRAFT),
    "service_levels": (Right.SHAPE, DRAFT),
    "ladders": (Right.SHAPE, DRAFT),
    "ladder_levels": (Right.SHAPE, DRAFT),
    "limits": (Right.SHAPE, DRAFT),
    "successors": (Right.SHAPE, DRAFT),
    "macros": (Right.SHAPE, DRAFT),
    "reasons": (Right.SHAPE, DRAFT),
    "problems": (Right.SHAPE, "index export_csv export_xlsx"),
    "tester": (Right.SHAPE, "index"),
    "foretold": (Right.SHAPE, "index"),
    "retiring": (Right.SHAPE, "index retire"),
    "backtest": (Right.SHAPE, "index run"),
    "pilot": (Right.SHAPE, "adopt ended index start stop export_csv export_xlsx"),
    "publish": (Right.SHAPE, "ask cancel index plan publish"),
    "applying": (Right.SHAPE, "ask index"),
    "documents": (Right.SHAPE, "export export_draft index load upload export_csv export_xlsx"),
    "exams": (Right.SHAPE, "ask index lock withdraw export_csv export_xlsx"),
    "noise": (Right.SHAPE, "index export_csv export_xlsx"),
    "option_use": (Right.SHAPE, "index export_csv export_xlsx"),
    "staffing": (Right.ASSIGN, "index export_csv export_xlsx"),
    "absences": (Right.ASSIGN, "back enter index release export_csv export_xlsx"),
    "people": (
        Right.PEOPLE,
        "create_view edit_view end_sessions index_view export_csv export_xlsx",
    ),
    "roles": (Right.PEOPLE, "create_view delete_view edit_view index_view export_csv export_xlsx"),
    "channels": (Right.PEOPLE, "create_view edit_view index_view export_csv export_xlsx"),
    "calendars": (
        Right.SHAPE,
        "create_view delete_view edit_view index_view export_csv export_xlsx",
    ),
    "calendar_days": (Right.SHAPE, "bring file index public put remove export_csv export_xlsx"),
    "rotas": (Right.SEE, "create_view delete_view edit_view index_view export_csv export_xlsx"),
    "duty": (Right.SEE, "index note stand_in swap withdraw"),
    "changes": (Right.PEOPLE, "index export_csv export_xlsx"),
    "looks": (Right.PEOPLE, "index export_csv export_xlsx"),
    "outages": (Right.PEOPLE, "index export_csv export_xlsx"),
    "pulse": (Right.OPERATE, "index export_csv export_xlsx"),
    "messages": (Right.OPERATE, "again_view index let_go_view export_csv export_xlsx"),
    "deadlines": (Right.OPERATE, "again_view index export_csv export_xlsx"),
}
# Acts within a part that need more than seeing it.
NEEDS_MORE = {
    "disputes.assign": Right.ASSIGN,
    "disputes.release": Right.ASSIGN,
    "disputes.contact": Right.DECIDE,
    "absences.enter": Right.PEOPLE,
    "absences.back": Right.PEOPLE,
    "rotas.create_view": Right.PEOPLE,
    "rotas.edit_view": Right.PEOPLE,
    "rotas.delete_view": Right.PEOPLE,
    "duty.stand_in": Right.PEOPLE,
    "duty.swap": Right.PEOPLE,
    "duty.withdraw": Right.PEOPLE,
    "disputes.look": Right.UNMASK,
    "disputes.evidence": Right.UNMASK,
    "disputes.picture": Right.UNMASK,
    "disputes.link": Right.GROUP,
    "disputes.unlink": Right.GROUP,
    "disputes.merging": Right.ASSIGN,
    "disputes.merge": Right.ASSIGN,
    "disputes.splitting": Right.ASSIGN,
    "disputes.split": Right.ASSIGN,
    "disputes.correct": Right.ASSIGN,
    "disputes.undo": Right.DECIDE,
    "disputes.together": Right.DECIDE,
    "disputes.decide_together": Right.DECIDE,
}
ROLES: list[tuple[str, ...]] = [(), *((role,) for role in STANDARD)]


def held(roles: tuple[str, ...]) -> set[str]:
    """What some standard roles give together."""
    return {right for role in roles for right in STANDARD[role].rights}


def as_role(panel: Panel, roles: tuple[str, ...]) -> Visitor:
    """Somebody signed in with these roles."""
    visitor = panel.visitor("Tim")
    tim = panel.desk.people["Tim"]
    panel.desk.db.transact(
        lambda c, now: c.execute(update(Person).where(Person.id == tim).values(roles=list(roles)))
    )
    return visitor


def test_every_route_of_the_panel_is_named_under_the_right_that_opens_it(panel: Panel) -> None:
    named = {f"{part}.{one}" for part, (_, routes) in OPENED_BY.items() for one in routes.split()}
    assert {endpoint for endpoint, _, _ in addresses(panel)} == named


@pytest.mark.parametrize("roles", ROLES, ids=lambda roles: "+".join(roles) or "none")
def test_each_role_reaches_what_it_may_and_nothing_else(
    panel: Panel, roles: tuple[str, ...]
) -> None:
    visitor = as_role(panel, roles)
    token = visitor.token("/panel/nowhere")
    known: dict[str, set[str]] = {}
    for endpoint, path, methods in addresses(panel):
        known.setdefault(path, set()).update(methods)
        part = OPENED_BY[endpoint.partition(".")[0]][0]
        allowed = {part, NEEDS_MORE.get(endpoint, part)} <= held(roles)
        for method in methods - {"OPTIONS"}:
            status = send(visitor, method, path, token)
            told = f"{method} {path} as {roles or 'nobody'}: {status}"
            if allowed:
                assert status not in (401, 403, 405, 500), told
            else:
                assert status == 403, told
            if method == "POST":
                assert send(visitor, method, path, "") == 400, told
    for path, methods in known.items():
        for method in set(METHODS) - methods:
            assert send(visitor, method, path, token) == 405, (method, path)


def send(visitor: Visitor, method: str, path: str, token: str) -> int:
    """The status that a request gets which carries the forms' secret."""
    answer = visitor.client.open(
        f"{admin.MOUNT}{path}",
        method=method,
        data={"csrf_token": token},
        headers={"X-CSRFToken": token},
    )
    answer.close()
    return answer.status_code


def test_whoever_is_not_signed_in_reaches_nothing(panel: Panel) -> None:
    visitor = panel.visitor()
    token = visitor.token()
    for endpoint, path, methods in addresses(panel):
        for method in methods - {"OPTIONS"}:
            answer = visitor.client.open(
                f"{admin.MOUNT}{path}", method=method, data={"csrf_token": token}
            )
            assert answer.status_code == 401, (endpoint, method)


def test_rights_are_read_with_every_request(panel: Panel) -> None:
    visitor = as_role(panel, ("supervisor",))
    assert visitor.get("/publish/").status_code == 200
    tim = panel.desk.people["Tim"]
    panel.desk.db.transact(
        lambda c, now: c.execute(update(Person).where(Person.id == tim).values(roles=["agent"]))
    )
    assert visitor.get("/publish/").status_code == 403


def test_menu_shows_only_what_opens(panel: Panel) -> None:
    for roles in ROLES[1:]:
        visitor = as_role(panel, roles)
        menu = visitor.get("/").text.partition('class="side"')[2].partition("</div>")[0]
        for url in re.findall(r'href="(/panel/[^"]*)"', menu):
            assert visitor.client.get(url).status_code == 200, (roles, url)


def test_view_that_names_no_right_is_open_to_nobody(panel: Panel) -> None:
    from admin.base import PanelView, expose

    class Forgotten(PanelView):
        @expose("/")
        def index(self) -> str:
            return "open to all"

    panel.app.extensions["admin"][0].add_view(Forgotten("forgotten"))
    for name in ("Sun Wei", "Olga", "Tom"):
        answer = panel.visitor(name).get("/forgotten/")
        assert answer.status_code == 403
        assert "open to all" not in answer.text
