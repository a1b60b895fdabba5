"""Registers of this app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from tirek.flashpoints import months
from tirek.flashpoints.burden import Row
from tirek.flashpoints.models import Flashpoint, Measure, Run
from tirek.flashpoints.words import amount, share
from tirek.places.tables import by_name
from tirek.ui.tables import AgoColumn, NumberColumn
from tirek.ui.templatetags.tirek import number, state_pill, tag

RIGHT = {"td": {"class": "num"}, "th": {"class": "num"}}


def flashpoint_pill(found: Flashpoint) -> Any:
    """The state with how long it lasts; a shape and a word."""
    if found.is_standing:
        days = ngettext("stands, %(n)s day left", "stands, %(n)s days left", found.days_left) % {"n": found.days_left}
        return state_pill("unknown", days)
    return state_pill("off" if found.state == Flashpoint.State.WITHDRAWN else "expired", str(found.state.label))


def measure_pill(found: Measure) -> Any:
    if found.is_late:
        return state_pill("unknown", _("overdue"))
    return state_pill({"open": "ready", "done": "heard", "dropped": "off"}[found.state], str(found.get_state_display()))


class FlashpointTable(tables.Table):
    """What was signed."""

    area = tables.Column(verbose_name=gettext_lazy("District"))
    state = tables.Column(verbose_name=pgettext_lazy("flash-point", "State"), accessor="pk", orderable=False)
    starts_on = tables.DateColumn(verbose_name=gettext_lazy("From"), attrs=RIGHT)
    expires_on = tables.DateColumn(verbose_name=gettext_lazy("Ends"), attrs=RIGHT)
    signed_by = tables.Column(verbose_name=gettext_lazy("Signed by"))
    objections = tables.Column(verbose_name=gettext_lazy("Objections"), accessor="all_objections", attrs=RIGHT)

    class Meta:
        order_by = ("-starts_on",)
        row_attrs = {"data-id": lambda record: record.area_id}
        empty_text = gettext_lazy("No flash-point fits these filters.")

    def order_area(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending, "area__")

    def render_area(self, record: Flashpoint) -> str:
        return format_html(
            '<div><a class="row-link" href="{}">{}</a><small class="mute d-block">{}</small></div>',
            record.get_absolute_url(),
            record.area.name,
            record.reasons if len(record.reasons) <= 90 else f"{record.reasons[:89]}…",
        )

    def render_state(self, record: Flashpoint) -> Any:
        return flashpoint_pill(record)

    def render_signed_by(self, record: Flashpoint) -> str:
        return f"{record.signed_by}, {record.get_signed_as_display()}"

    def render_objections(self, record: Any) -> Any:
        if record.open_objections:
            return tag(_("%(n)s to answer") % {"n": number(record.open_objections)}, "warn")
        return number(record.all_objections) if record.all_objections else "—"


class MeasureTable(tables.Table):
    """Measures of prevention."""

    text = tables.Column(verbose_name=gettext_lazy("Measure"), orderable=False)
    area = tables.Column(verbose_name=gettext_lazy("District"))
    agency = tables.Column(verbose_name=pgettext_lazy("measure", "Owner"))
    due_on = tables.DateColumn(verbose_name=pgettext_lazy("day", "By"), attrs=RIGHT)
    state = tables.Column(verbose_name=pgettext_lazy("measure", "State"))

    class Meta:
        order_by = ("due_on",)
        empty_text = gettext_lazy("No measure fits these filters.")

    def order_area(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending, "area__")

    def render_text(self, record: Measure) -> str:
        return format_html(
            '<div><a class="row-link" href="{}">{}</a><small class="mute d-block">{}</small></div>',
            record.get_absolute_url(),
            record,
            record.get_kind_display(),
        )

    def render_area(self, record: Measure) -> str:
        return record.area.name

    def render_state(self, record: Measure) -> Any:
        return measure_pill(record)


class RunTable(tables.Table):
    """Computations. None is ever removed."""

    origin = tables.Column(verbose_name=gettext_lazy("First month ahead"))
    area = tables.Column(verbose_name=gettext_lazy("Province"), orderable=False)
    state = tables.Column(verbose_name=pgettext_lazy("run", "State"))
    known_on = tables.DateColumn(verbose_name=gettext_lazy("Known until"), attrs=RIGHT)
    incidents = NumberColumn(verbose_name=gettext_lazy("Reported incidents"))
    months = NumberColumn(verbose_name=gettext_lazy("Months of history"))
    seconds = tables.Column(verbose_name=gettext_lazy("Time needed"), attrs=RIGHT, default="—")
    made_by = tables.Column(verbose_name=gettext_lazy("Started by"), default="—")
    computed_at = AgoColumn(verbose_name=gettext_lazy("Computed"))

    class Meta:
        order_by = ("-origin",)

    def render_origin(self, record: Run) -> str:
        return format_html(
            '<a class="row-link" href="{}">{}</a>', record.get_absolute_url(), months.in_words(record.origin)
        )

    def render_area(self, record: Run) -> str:
        return record.area.name

    def render_state(self, record: Run) -> Any:
        if record.state == Run.State.DONE:
            return state_pill("heard", str(record.get_state_display()))
        if record.state == Run.State.REFUSED:
            return state_pill("unknown", str(record.get_state_display()))
        open_one = record.job is not None and record.job.is_open
        return state_pill("pending" if open_one else "off", str(record.job.get_state_display() if record.job else "—"))

    def render_seconds(self, value: float) -> str:
        return number(value, _("s"), 1)


class BurdenTable(tables.Table):
    """Who carries the burden. Public in style: no number in it is of fewer than a district."""

    area = tables.Column(verbose_name=gettext_lazy("District"), orderable=False)
    months = NumberColumn(verbose_name=gettext_lazy("Months flagged"))
    longest_days = tables.Column(verbose_name=gettext_lazy("Without a pause, days"), attrs=RIGHT)
    share = tables.Column(verbose_name=gettext_lazy("Share of all flags"), attrs=RIGHT)
    population_share = tables.Column(verbose_name=gettext_lazy("Share of the people"), attrs=RIGHT, default="—")
    weight = tables.Column(verbose_name=gettext_lazy("Flags to people"), attrs=RIGHT, default="—")
    now = tables.Column(verbose_name=gettext_lazy("Today"), accessor="area", orderable=False)

    class Meta:
        row_attrs = {"data-id": lambda record: record.area.pk}

    def __init__(self, *args: Any, most_days: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most_days = most_days

    def render_area(self, record: Row) -> str:
        url = reverse("flashpoints:area", args=[record.area.pk])
        return format_html('<a class="row-link" href="{}">{}</a>', url, record.area.name)

    def render_longest_days(self, value: int) -> str:
        return _("%(n)s of %(most)s") % {"n": number(value), "most": number(self.most_days)} if value else "0"

    def render_share(self, value: float) -> str:
        return share(value)

    def render_population_share(self, value: float) -> str:
        return share(value)

    def render_weight(self, value: float) -> str:
        return amount(value)

    def render_now(self, record: Row) -> Any:
        if record.stands:
            return state_pill("unknown", _("stands"))
        if record.rests_until:
            return tag(_("rests until %(day)s") % {"day": formats.date_format(record.rests_until, "SHORT_DATE_FORMAT")})
        return "—"
