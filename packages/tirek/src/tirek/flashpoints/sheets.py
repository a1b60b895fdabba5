"""Tables to be taken along: the burden by district, and the measures of prevention. Nobody brings them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy, pgettext_lazy

from tirek.accounts.models import Person
from tirek.flashpoints import burden, queries
from tirek.flashpoints.models import Measure
from tirek.sheets.cells import Date, Number
from tirek.sheets.registry import Column, Existing, Key, Sheet


class BurdenSheet(Sheet):
    """How often each district was a flash-point in the last 24 months."""

    key = "flashpoint-burden"
    title = gettext_lazy("burden by district")
    permission = "flashpoints.bring_burden"  # no role holds it
    view_permission = "flashpoints.view_flashpoint"
    list_url = "flashpoints:burden"
    natural_key = ("code",)
    columns = (
        Column("code", gettext_lazy("code of the district")),
        Column("name", gettext_lazy("district")),
        Column("flags", gettext_lazy("times signed"), Number()),
        Column("months", gettext_lazy("months flagged"), Number()),
        Column("days", gettext_lazy("days flagged"), Number()),
        Column("longest_days", gettext_lazy("longest without a pause, days"), Number()),
        Column("share", gettext_lazy("share of all flags, %"), Number()),
        Column("population_share", gettext_lazy("share of the people, %"), Number()),
    )

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        return {}

    def records(self, user: Person, query: QueryDict) -> Iterable[burden.Row]:
        return burden.table(user)

    def values_of(self, record: burden.Row) -> dict[str, Any]:
        people = record.population_share
        return {
            "code": record.area.code,
            "name": record.area.name,
            "flags": record.flags,
            "months": record.months,
            "days": record.days,
            "longest_days": record.longest_days,
            "share": round(100 * record.share, 2),
            "population_share": None if people is None else round(100 * people, 2),
        }


class PreventionSheet(Sheet):
    """Measures of prevention with their owners and what was done."""

    key = "prevention-measures"
    title = gettext_lazy("measures of prevention")
    permission = "flashpoints.bring_measure"  # no role holds it
    view_permission = "flashpoints.view_measure"
    list_url = "flashpoints:measures"
    natural_key = ("number",)
    columns = (
        Column("number", gettext_lazy("number"), Number()),
        Column("area", gettext_lazy("district")),
        Column("kind", gettext_lazy("kind")),
        Column("text", gettext_lazy("what is to be done")),
        Column("agency", pgettext_lazy("measure", "owner")),
        Column("due_on", pgettext_lazy("day", "by"), Date()),
        Column("state", gettext_lazy("state")),
        Column("outcome", gettext_lazy("what was done")),
        Column("closed_on", gettext_lazy("closed"), Date()),
    )

    def existing(self, user: Any, keys: Sequence[Key]) -> Mapping[Key, Existing]:
        return {}

    def records(self, user: Person, query: QueryDict) -> Iterable[Measure]:
        return queries.measures(user).order_by("due_on", "pk")

    def values_of(self, record: Measure) -> dict[str, Any]:
        return {
            "number": record.pk,
            "area": record.area.name,
            "kind": str(record.get_kind_display()),
            "text": record.text,
            "agency": record.agency.name,
            "due_on": record.due_on,
            "state": str(record.get_state_display()),
            "outcome": record.outcome,
            "closed_on": record.closed_on,
        }
