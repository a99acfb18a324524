"""The panel as one Flask application, to be mounted under MOUNT."""

from flask import Flask
from flask_admin import Admin

from admin import blocks, practised
from admin.absences import Absences
from admin.applying import Applying
from admin.assign_several import AssignSeveral
from admin.backtest import Backtest
from admin.base import PanelView
from admin.board import Board
from admin.calendar_days import CalendarDays
from admin.calendars import Calendars
from admin.changes import Changes
from admin.channels import Channels
from admin.disputes import Disputes
from admin.documents import Documents
from admin.draft.cards import Draw
from admin.draft.kinds import PAGES
from admin.draft.view import DraftView
from admin.duty import Duty
from admin.exams import Exams
from admin.flow import Flow
from admin.foretold import Foretold
from admin.group_several import GroupSeveral
from admin.home import Home
from admin.looks import Looks
from admin.navigation import navigation
from admin.noise import Noise
from admin.operating import Deadlines, Messages
from admin.option_use import OptionUse
from admin.outages import Outages
from admin.people import People
from admin.pilot import Pilot
from admin.practised import NOWHERE, Slack
from admin.promises import Promises
from admin.publishing import Problems, Publish
from admin.pulse import PulsePage
from admin.retiring import Retiring
from admin.roles import Roles
from admin.rotas import Rotas
from admin.saved_views import SavedViews
from admin.search import Search
from admin.sessions import Sessions
from admin.staffing import Staffing
from admin.tester import Tester
from core.db import Database
from core.settings import Settings
from web.door import open_door

MOUNT = "/panel"


def create(database: Database, settings: Settings, draw: Draw, slack: Slack = NOWHERE) -> Flask:
    """The panel: disputes for all, the draft for supervisors, people, and what operators watch.

    `draw` renders the card that an agent will see; `slack` is where newcomers go who come back from
    the practice desk.
    """
    public = practised.ENDPOINTS
    app = open_door("admin", "panel", database, settings, home="home.index", public=public)
    practised.routes(app, way_back(settings), slack)
    blocks.serve(app)
    views: list[PanelView] = [
        Home(),
        Board(),
        Disputes(),
        AssignSeveral(),
        GroupSeveral(),
        Staffing(),
        Absences(),
        Flow(),
        Promises(),
        Search(),
        SavedViews(),
        *(DraftView(page, draw) for page in PAGES),
        OptionUse(),
        Noise(),
        Retiring(),
        Problems(),
        Tester(),
        Foretold(),
        Backtest(),
        Pilot(),
        Publish(),
        Applying(),
        Documents(),
        People(),
        Roles(),
        Exams(),
        Channels(),
        Calendars(),
        CalendarDays(),
        Rotas(),
        Duty(),
        Changes(),
        Looks(),
        PulsePage(),
        Outages(),
        Messages(),
        Deadlines(),
        Sessions(),
    ]
    # Neither Flask-Admin's look nor its scripts are served: with a static path and no folder its
    # blueprints bring none, and every page extends the house's own layout.
    panel = Admin(app, name="panel", url="/", index_view=views[0], static_url_path="/static")
    panel.add_views(*views[1:])
    app.context_processor(
        lambda: {
            "navigation": lambda: navigation(views),
            "finder": "panel/finder.html",
            "own_page": "sessions.index",
        }
    )
    return app


def way_back(settings: Settings) -> str:
    """Where somebody returns from the practice desk; their pass is added."""
    return f"{settings.public_url.rstrip('/')}{MOUNT}{practised.PRACTISED}"


def sign_in_url(settings: Settings, secret: str) -> str:
    """The address of a login link (see core.desk.access.new_link)."""
    return f"{settings.public_url.rstrip('/')}{MOUNT}/sign-in/{secret}"
