"""Registers of this app."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.places.tables import by_name
from tirek.ui.tables import AgoColumn, NumberColumn
from tirek.ui.templatetags.tirek import number, tag
from tirek.upgrades import words
from tirek.upgrades.consequence import ROMAN
from tirek.upgrades.models import Measure, PlanLine, UpgradePlan

State = UpgradePlan.State
TONES = {State.ADOPTED: "accent"}
RIGHT = {"td": {"class": "num"}, "th": {"class": "num"}}


class PlanTable(tables.Table):
    """The plans."""

    name = tables.Column(verbose_name=_("Plan"))
    year = tables.Column(verbose_name=_("Year"), attrs=RIGHT)
    state = tables.Column(verbose_name=pgettext_lazy("upgrade plan", "State"))
    area = tables.Column(verbose_name=_("Place"), orderable=False)
    budget = tables.Column(verbose_name=_("Budget"), attrs=RIGHT)
    spent = tables.Column(verbose_name=_("Cost"), attrs=RIGHT, default="—")
    n = NumberColumn(verbose_name=_("Facilities"))
    computed_at = AgoColumn(verbose_name=_("Computed"))

    class Meta:
        order_by = ("-year",)
        row_attrs = {"data-id": lambda record: record.pk}

    def render_name(self, record: UpgradePlan) -> str:
        scenario = record.scenario.name if record.scenario else ""
        return format_html(
            '<div><a class="row-link" href="{}">{}</a>{}</div>',
            record.get_absolute_url(),
            record.name,
            format_html('<small class="mute d-block">{}</small>', scenario) if scenario else "",
        )

    def render_state(self, record: UpgradePlan) -> Any:
        if record.result.get("outcome") == "infeasible":
            return format_html("{} {}", tag(record.get_state_display()), tag(_("not enough money"), "warn"))
        return tag(record.get_state_display(), TONES.get(State(record.state), ""))

    def render_budget(self, value: Any) -> str:
        return words.money(value)

    def render_spent(self, value: Any) -> str:
        return words.money(value)


class MeasureTable(tables.Table):
    """The catalogue of measures."""

    name = tables.Column(verbose_name=_("Measure"))
    price = tables.Column(verbose_name=_("Price"), attrs=RIGHT)
    per = tables.Column(verbose_name=_("How many are needed"))
    meets = tables.Column(verbose_name=_("Meets"), empty_values=(), orderable=False)
    is_active = tables.Column(verbose_name=_("State"))

    class Meta:
        order_by = ("code",)
        empty_text = _("No measure fits these filters.")

    def __init__(self, *args: Any, meets: dict[int, list[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meets = meets

    def order_name(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending)

    def render_name(self, record: Measure) -> str:
        return format_html(
            '<div><a class="row-link" href="{}">{}</a><small class="mute d-block">{}</small></div>',
            record.get_absolute_url(),
            record.name,
            record.code,
        )

    def render_price(self, record: Measure) -> str:
        return format_html("{} / {}", words.money(record.price), record.get_unit_display())

    def render_per(self, record: Measure) -> str:
        if record.every == 1:
            return record.get_per_display()
        return format_html("{} · {}", record.get_per_display(), _("one for every %(n)s") % {"n": number(record.every)})

    def render_meets(self, record: Measure) -> Any:
        found = self.meets.get(record.pk, [])
        if not found:
            return tag(_("nothing in force"), "warn")
        return format_html_join(
            ", ",
            '<a href="{}" title="{}">{}</a>',
            ((one.get_absolute_url(), one.text, one.paragraph) for one in found),
        )

    def render_is_active(self, value: bool) -> Any:
        return tag(_("in use")) if value else tag(_("not offered"), "warn")


class LineTable(tables.Table):
    """The lines of a plan."""

    facility = tables.Column(verbose_name=_("Facility"))
    tier = tables.Column(verbose_name=_("Tier"), attrs=RIGHT)
    measures = tables.Column(verbose_name=_("Measures"), orderable=False)
    cost = tables.Column(verbose_name=_("Cost"), attrs=RIGHT)
    gap = tables.Column(verbose_name=_("Gap"), accessor="gap_before", attrs=RIGHT)
    gain = tables.Column(verbose_name=_("Gain"), attrs=RIGHT)
    per_million = tables.Column(
        verbose_name=_("For a million ₸"), accessor="gain_per_million", attrs=RIGHT, default="—"
    )
    stays = tables.Column(verbose_name=_("Stays"), attrs=RIGHT, default="—")
    choice = tables.Column(verbose_name=_("Your choice"), empty_values=(), orderable=False)

    class Meta:
        order_by = ("-gain",)
        row_attrs = {"data-id": lambda record: record.facility_id}
        empty_text = _("No facility fits these filters.")

    def __init__(self, *args: Any, buttons: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.buttons = buttons
        if buttons is None:
            self.columns.hide("choice")

    def order_facility(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        return by_name(rows, is_descending, "facility__")

    def order_per_million(self, rows: QuerySet, is_descending: bool) -> tuple[QuerySet, bool]:
        rows = rows.annotate(worth=F("gain") / F("cost"))
        order = F("worth").desc(nulls_last=True) if is_descending else F("worth").asc(nulls_first=True)
        return rows.order_by(order, "pk"), True

    def render_facility(self, record: PlanLine) -> str:
        facility = record.facility
        return format_html(
            '<div><a class="row-link" href="{}?tab=protection">{}</a><small class="mute d-block">{}{}</small></div>',
            reverse("facilities:facility", args=[facility.pk]),
            facility.name,
            facility.area.name,
            format_html(" · {}", facility.agency.name) if facility.agency else "",
        )

    def render_tier(self, value: int) -> str:
        return ROMAN[value]

    def render_measures(self, record: PlanLine) -> str:
        rows = format_html_join(
            "",
            "<li>{} <span class='mute'>{}</span></li>",
            (
                (
                    words.name_in(one["name"]),
                    f"{number(one['quantity'])} {words.unit(one['unit'])} · {words.money(float(one['cost']))}",
                )
                for one in record.measures
            ),
        )
        marks = tag(_("mandatory"), "accent") if record.mandatory else ""
        return format_html(
            '<details class="measures"><summary>{} <span class="mute">{}</span> {}</summary><ul>{}</ul></details>',
            record.get_package_display(),
            number(len(record.measures)),
            marks,
            rows,
        )

    def render_cost(self, value: Any) -> str:
        return words.money(value)

    def render_gap(self, record: PlanLine) -> str:
        return f"{number(100 * record.gap_before, decimals=0)} → {number(100 * record.gap_after, '%', 0)}"

    def render_gain(self, value: float) -> str:
        return number(value, decimals=1)

    def render_per_million(self, value: float) -> str:
        return number(value, decimals=1)

    def render_stays(self, value: float) -> str:
        return number(100 * value, "%", 0)

    def render_choice(self, record: PlanLine) -> Any:
        return self.buttons(record.facility_id)
