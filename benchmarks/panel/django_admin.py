# mypy: ignore-errors
"""The desk's disputes as models and an admin of Django's, the way its own guide has it.

A row is an open visit, since that says where a dispute stands; related rows come by one join, the
due moment by a subquery, the count stops where ours does, and there is no full count.
"""

from django.contrib import admin
from django.core.paginator import Paginator
from django.db import models
from django.db.models import F, OuterRef, Subquery
from django.urls import path
from django.utils import timezone
from django.utils.functional import cached_property

COUNTED = 10_001  # as core.desk.disputes has it
PAGE = 20


class Router:
    """The desk's tables are read where they are; Django's own are elsewhere."""

    def db_for_read(self, model, **_):
        """The desk's database for the desk's models."""
        return "desk" if model._meta.app_label == "desk" else "default"

    def allow_migrate(self, db, app_label, **_):
        """Nothing is ever made in the desk's database."""
        return db == "default" and app_label != "desk"


def _table(name):
    return type("Meta", (), {"managed": False, "db_table": name, "app_label": "desk"})


class Person(models.Model):
    """Somebody at the desk."""

    name = models.TextField()
    Meta = _table("people")

    def __str__(self):
        return self.name


class Party(models.Model):
    """A buyer or merchant."""

    reference = models.TextField()
    Meta = _table("parties")


class Order(models.Model):
    """An order."""

    number = models.TextField()
    Meta = _table("orders")


class Dispute(models.Model):
    """A dispute."""

    number = models.TextField()
    opened_at = models.DateTimeField()
    order = models.ForeignKey(Order, models.DO_NOTHING)
    merchant = models.ForeignKey(Party, models.DO_NOTHING, null=True, related_name="+")
    buyer = models.ForeignKey(Party, models.DO_NOTHING, related_name="bought")
    Meta = _table("disputes")


class PartyTag(models.Model):
    """A tag of a buyer's."""

    tag = models.TextField(primary_key=True)
    party = models.ForeignKey(Party, models.DO_NOTHING, related_name="tagged")
    Meta = _table("party_tags")


class Visit(models.Model):
    """One stay of a dispute at a stage."""

    dispute = models.ForeignKey(Dispute, models.DO_NOTHING)
    stage = models.TextField()
    kind = models.TextField()
    left_at = models.DateTimeField(null=True)
    holder = models.ForeignKey(Person, models.DO_NOTHING, null=True)
    Meta = _table("visits")


class Deadline(models.Model):
    """A running of a service level."""

    visit = models.ForeignKey(Visit, models.DO_NOTHING, null=True)
    due_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    Meta = _table("deadlines")


class Capped(Paginator):
    """Counts no further than our list does."""

    @cached_property
    def count(self):
        """How many rows there are, up to the cap."""
        return self.object_list.order_by().values("pk")[:COUNTED].count()


class Filter(admin.SimpleListFilter):
    """A filter with the choices that ours has."""

    choices_told = ()

    def lookups(self, request, model_admin):
        """The choices."""
        return [(one, one) for one in self.choices_told]


class State(Filter):
    """Open, finished, overdue, hidden."""

    title = parameter_name = "state"
    choices_told = ("open", "finished", "overdue", "hidden")

    def queryset(self, request, queryset):
        """The rows in this state."""
        return {
            "open": lambda: queryset.exclude(kind="final"),
            "finished": lambda: queryset.filter(kind="final"),
            "hidden": lambda: queryset.filter(kind="wait"),
            "overdue": lambda: queryset.filter(due__lte=timezone.now()),
        }.get(self.value(), lambda: queryset)()


class Stage(Filter):
    """The stage at which a dispute stands."""

    title = parameter_name = "stage"
    choices_told = (
        *("intake", "triage", "evidence_review", "adjudication", "verification"),
        *("awaiting_evidence", "awaiting_return", "finished", "withdrawn", "not_accepted"),
    )

    def queryset(self, request, queryset):
        """The rows at this stage."""
        return queryset.filter(stage=self.value()) if self.value() else queryset


class Tag(Filter):
    """A tag of the buyer's."""

    title = parameter_name = "tag"
    choices_told = ("high_value", "after_sales_sensitive")

    def queryset(self, request, queryset):
        """The rows of the buyers who have it."""
        if not self.value():
            return queryset
        return queryset.filter(dispute__buyer__tagged__tag=self.value())


class Disputes(admin.ModelAdmin):
    """The list of disputes."""

    list_display = ("number", "stage", "holder", "due", "opened", "order", "merchant")
    list_filter = (State, Stage, Tag)
    list_select_related = ("dispute__order", "dispute__merchant", "holder")
    list_per_page = PAGE
    list_max_show_all = 0
    show_full_result_count = False
    paginator = Capped
    ordering = ("-dispute_id",)
    sortable_by = ("due", "opened")
    search_fields = ("=dispute__number", "=dispute__order__number", "=dispute__merchant__reference")

    def get_queryset(self, request):
        """Every dispute where it stands now."""
        running = Deadline.objects.filter(visit=OuterRef("pk"), stopped_at=None)
        due = Subquery(running.values("due_at")[:1])
        return super().get_queryset(request).filter(left_at=None).annotate(due=due)

    def number(self, row):
        """The dispute's number."""
        return row.dispute.number

    @admin.display(ordering=F("due").asc(nulls_last=True))
    def due(self, row):
        """When it is due."""
        return row.due

    @admin.display(ordering="dispute_id")
    def opened(self, row):
        """When it was opened."""
        return row.dispute.opened_at

    def order(self, row):
        """The order's number."""
        return row.dispute.order.number

    def merchant(self, row):
        """The merchant."""
        return row.dispute.merchant.reference if row.dispute.merchant else "-"


admin.site.register(Visit, Disputes)
urlpatterns = [path("admin/", admin.site.urls)]
