"""The database's rows, one file per noun; importing this package knows them all."""

from core.tables.access import ApiKey, LoginLink, WebSession
from core.tables.application import Application
from core.tables.base import Base
from core.tables.calendar import BusinessCalendar, CalendarDay
from core.tables.change import Change
from core.tables.clock import ClockOffset
from core.tables.deadline import Deadline, Escalation
from core.tables.dispute import Dispute, Fact, Judgment, NoFit, Visit
from core.tables.document import ActiveDocument, Document, Pilot, Plan
from core.tables.draft import (
    Draft,
    DraftAssignment,
    DraftCondition,
    DraftDecision,
    DraftEffect,
    DraftField,
    DraftGradeRule,
    DraftLadder,
    DraftLadderLevel,
    DraftLimit,
    DraftMacro,
    DraftOption,
    DraftOptionSet,
    DraftReason,
    DraftRoute,
    DraftServiceLevel,
    DraftStage,
    DraftSuccessor,
    DraftWorkflow,
    DraftWorkflowRule,
)
from core.tables.draft_presence import DraftPresence
from core.tables.event import Click, Event
from core.tables.evidence import Evidence, EvidenceRequest, Preview, Round, StoredFile
from core.tables.incident import Incident
from core.tables.link import Link
from core.tables.money import Payment
from core.tables.note import Note
from core.tables.order import Order
from core.tables.outbox import Card, Lane, MessageAct, Outage, Outbox
from core.tables.page import Page, Paged
from core.tables.person import Channel, Party, PartyTag, Person, PersonKey, Sign
from core.tables.pulse import Audit, Probe, Ticker
from core.tables.rights import Exam, Lock, Look, Role
from core.tables.rota import Rota, RotaNote, RotaOverride
from core.tables.saved_view import SavedView

__all__ = [
    "ActiveDocument",
    "ApiKey",
    "Application",
    "Audit",
    "Base",
    "BusinessCalendar",
    "CalendarDay",
    "Card",
    "Change",
    "Channel",
    "Click",
    "ClockOffset",
    "Deadline",
    "Dispute",
    "Document",
    "Draft",
    "DraftAssignment",
    "DraftCondition",
    "DraftDecision",
    "DraftEffect",
    "DraftField",
    "DraftGradeRule",
    "DraftLadder",
    "DraftLadderLevel",
    "DraftLimit",
    "DraftMacro",
    "DraftOption",
    "DraftOptionSet",
    "DraftPresence",
    "DraftReason",
    "DraftRoute",
    "DraftServiceLevel",
    "DraftStage",
    "DraftSuccessor",
    "DraftWorkflow",
    "DraftWorkflowRule",
    "Escalation",
    "Event",
    "Evidence",
    "EvidenceRequest",
    "Exam",
    "Fact",
    "Incident",
    "Judgment",
    "Lane",
    "Link",
    "Lock",
    "LoginLink",
    "Look",
    "MessageAct",
    "NoFit",
    "Note",
    "Order",
    "Outage",
    "Outbox",
    "Page",
    "Paged",
    "Party",
    "PartyTag",
    "Payment",
    "Person",
    "PersonKey",
    "Pilot",
    "Plan",
    "Preview",
    "Probe",
    "Role",
    "Rota",
    "RotaNote",
    "RotaOverride",
    "Round",
    "SavedView",
    "Sign",
    "StoredFile",
    "Ticker",
    "Visit",
    "WebSession",
]
