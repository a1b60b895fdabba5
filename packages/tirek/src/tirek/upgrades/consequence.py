"""The consequence tier of facilities: five factors, each with where its points come from. Counted by `tirek_engines.score`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.facilities.models import Building, Facility
from tirek.ui.templatetags.tirek import number
from tirek.upgrades.models import Consequence, Scenario
from tirek_engines.score import Factors, Tier, people_points, scenario_points, size_points
from tirek_engines.score import consequence as weigh

# What is counted while nobody has judged it, or nothing is known: neither the least nor the most.
ASSUMED = 2

NAMES: dict[str, str | Promise] = {
    "service": gettext_lazy("importance of the service"),
    "people": gettext_lazy("people present"),
    "size": gettext_lazy("size"),
    "threat": gettext_lazy("scenarios that concern it"),
    "dependence": gettext_lazy("others that depend on it"),
}
# What one to four points mean. The thresholds are those of `tirek_engines.score.tier`.
MEANING: dict[str, tuple[str | Promise, ...]] = {
    "service": (
        gettext_lazy("the place can do without it for more than three days"),
        gettext_lazy("for one to three days"),
        gettext_lazy("for four hours to a day"),
        gettext_lazy("for less than four hours"),
    ),
    "people": (
        gettext_lazy("up to 100 people at one time"),
        gettext_lazy("up to 250"),
        gettext_lazy("up to 750"),
        gettext_lazy("more than 750"),
    ),
    "size": (
        gettext_lazy("up to 929 m² of floor"),
        gettext_lazy("up to 9,290 m²"),
        gettext_lazy("up to 23,226 m²"),
        gettext_lazy("more than 23,226 m²"),
    ),
    "threat": (
        gettext_lazy("at most one scenario"),
        gettext_lazy("two scenarios"),
        gettext_lazy("three scenarios"),
        gettext_lazy("four scenarios or more"),
    ),
    "dependence": (
        gettext_lazy("up to 1,000 people elsewhere are served by it"),
        gettext_lazy("up to 10,000"),
        gettext_lazy("up to 100,000"),
        gettext_lazy("more than 100,000"),
    ),
}
ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


@dataclass(frozen=True, slots=True)
class Known:
    """What the register and the list of scenarios say of a facility."""

    type: str
    people: int
    floor_m2: int | None
    scenarios: tuple[str, ...]

    @property
    def people_points(self) -> int:
        return people_points(self.people)

    @property
    def size_points(self) -> int:
        return ASSUMED if self.floor_m2 is None else size_points(self.floor_m2)

    @property
    def threat_points(self) -> int:
        return scenario_points(len(self.scenarios))


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: its points, what they mean, and in words where they come from. `sure` is False for what is only assumed."""

    key: str
    name: str
    points: int
    meaning: str
    origin: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class Judgement:
    """A tier and everything that it is made of."""

    factors: tuple[Factor, ...]
    total: int
    preliminary: int
    adjustment: int
    reason: str
    tier: int
    row: Consequence | None

    @property
    def roman(self) -> str:
        return ROMAN[self.tier]

    @property
    def preliminary_roman(self) -> str:
        return ROMAN[self.preliminary]

    @property
    def is_judged(self) -> bool:
        return self.row is not None


def concern(scenarios: Iterable[Scenario], kind: str) -> list[Scenario]:
    """The scenarios that concern a type of facility."""
    return [one for one in scenarios if not one.types or kind in one.types]


def known_of(facility_ids: Sequence[int], scenarios: Sequence[Scenario]) -> dict[int, Known]:
    """What is known of facilities, in two queries. Floor area: as written down, else the sum of the buildings."""
    rows = Facility.objects.filter(pk__in=facility_ids).order_by("pk")
    columns = rows.values_list("pk", "type__code", "capacity", "visitors", "floor_area_m2")
    floors = dict(
        Building.objects.filter(facility__in=facility_ids)
        .order_by()
        .values_list("facility")
        .annotate(m2=Sum("area_m2"))
    )
    names: dict[str, tuple[str, ...]] = {}
    found = {}
    for pk, kind, capacity, visitors, floor in columns.iterator(chunk_size=5000):
        if kind not in names:
            names[kind] = tuple(one.code for one in concern(scenarios, kind))
        found[pk] = Known(kind, max(capacity, *visitors, 0), floor or floors.get(pk) or None, names[kind])
    return found


def _factors(row: Consequence | None, known: Known) -> Factors:
    return Factors(
        service=row.importance if row else ASSUMED,
        people=row.people if row and row.people else known.people_points,
        size=row.size if row and row.size else known.size_points,
        threat=known.threat_points,
        dependence=row.dependence if row else ASSUMED,
    )


def _tier(row: Consequence | None, known: Known) -> int:
    adjustment = row.adjustment if row else 0
    return int(weigh(_factors(row, known), adjustment, row.adjustment_why if row else "").tier)


def tiers_of(facility_ids: Sequence[int], *, judged_only: bool = False) -> dict[int, int]:
    """The tier of each facility. Those that nobody has judged count with assumed points, or are left out."""
    rows = Consequence.objects.in_bulk(facility_ids)
    wanted = [pk for pk in facility_ids if pk in rows] if judged_only else list(facility_ids)
    known = known_of(wanted, list(Scenario.objects.all()))
    return {pk: _tier(rows.get(pk), facts) for pk, facts in known.items()}


def tier_column(facility_ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
    """The column of `facilities.Figures`: the tier where somebody has judged it."""
    return {pk: {"tier": tier} for pk, tier in tiers_of(facility_ids, judged_only=True).items()}


def judgement(facility: Facility, scenarios: Sequence[Scenario]) -> Judgement:
    """The tier of one facility, with every part in words."""
    row = Consequence.objects.select_related("judged_by").filter(pk=facility.pk).first()
    known = known_of([facility.pk], scenarios)[facility.pk]
    weighed = weigh(_factors(row, known), row.adjustment if row else 0, row.adjustment_why if row else "")
    named = [one.name for one in scenarios if one.code in known.scenarios]
    origins = {
        "service": _judged(row),
        "dependence": _judged(row),
        "people": _given(row.people if row else None)
        or (_("register: at most %(n)s people at one time") % {"n": number(known.people)}, True),
        "size": _given(row.size if row else None)
        or (
            (_("register: %(n)s of floor") % {"n": number(known.floor_m2, "m²")}, True)
            if known.floor_m2
            else (_("the floor area is not written down: counted with two points"), False)
        ),
        "threat": (
            _("scenarios: %(names)s") % {"names": ", ".join(named)} if named else _("no scenario concerns its type"),
            True,
        ),
    }
    factors = tuple(
        Factor(key, str(NAMES[key]), points, str(MEANING[key][points - 1]), *origins[key])
        for key, points in weighed.factors.parts()
    )
    return Judgement(
        factors, weighed.total, int(weighed.preliminary), weighed.adjustment, weighed.reason, int(weighed.tier), row
    )


def _judged(row: Consequence | None) -> tuple[str, bool]:
    if row is None:
        return _("nobody has judged it yet: counted with two points"), False
    return _("judged by a person"), True


def _given(points: int | None) -> tuple[str, bool] | None:
    return (_("set by a person in place of the register's number"), True) if points else None


def bands() -> list[tuple[str, str]]:
    """Tiers and the sums that lead to them, for the page."""
    return [(ROMAN[Tier.I], "5–7"), (ROMAN[Tier.II], "8–12"), (ROMAN[Tier.III], "13–17"), (ROMAN[Tier.IV], "18–20")]
