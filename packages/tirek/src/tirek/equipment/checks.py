"""What equipment answers to requirements (`live: {check: equipment_works, kind: camera, least_percent: 90}`).

A facility where no equipment at all is written down is left out: nobody has looked, so nothing is known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import Min
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tirek.equipment.models import Item
from tirek.equipment.queries import INSTALLED
from tirek.equipment.registry import live
from tirek.requirements.registry import MET, UNMET, LiveFact, live_check

LANGUAGES = ("kk", "ru", "en")


class Piece(NamedTuple):
    """What checks need of an item."""

    pk: int
    facility: int
    quantity: int
    state: str
    last_test_on: date | None
    last_test_passed: bool | None


@live_check("equipment_present")
def equipment_present(facility_ids: list[int], kind: str, least: int) -> dict[int, LiveFact]:
    """So many of a kind are installed, working or not; what is missing is not there."""
    pieces = _pieces(facility_ids, kind)
    return {
        pk: _fact(n >= least, _("Installed: %(n)d, wanted at least %(least)d."), n=n, least=least)
        for pk, rows in _known(facility_ids, pieces)
        for n in [sum(row.quantity for row in rows if row.state != Item.State.MISSING)]
    }


@live_check("equipment_works")
def equipment_works(facility_ids: list[int], kind: str, least_percent: int) -> dict[int, LiveFact]:
    """Of those of a kind so many percent work, by what people wrote down and by what connected devices say of themselves.

    Where there is none of the kind, the check says nothing: that it must be there is another requirement.
    """
    pieces = _pieces(facility_ids, kind)
    silent = {pk for pk, now in live(row.pk for rows in pieces.values() for row in rows).items() if now.works is False}
    found = {}
    for pk, rows in pieces.items():
        total = sum(row.quantity for row in rows)
        n = sum(row.quantity for row in rows if row.state == Item.State.WORKS and row.pk not in silent)
        met = 100 * n >= least_percent * total
        found[pk] = _fact(met, _("%(n)d of %(total)d work."), n=n, total=total)
    return found


@live_check("equipment_tested")
def equipment_tested(facility_ids: list[int], kind: str, days: int) -> dict[int, LiveFact]:
    """Each of a kind passed a test in so many days. It is so since the oldest of these tests."""
    since = timezone.localdate() - timedelta(days=days)
    found = {}
    for pk, rows in _pieces(facility_ids, kind).items():
        tested = [row for row in rows if row.last_test_passed and row.last_test_on and row.last_test_on >= since]
        total, n = sum(row.quantity for row in rows), sum(row.quantity for row in tested)
        met = len(tested) == len(rows)
        at = min(row.last_test_on for row in tested if row.last_test_on) if met else _failing_since(rows, since, days)
        found[pk] = _fact(
            met, _("%(n)d of %(total)d passed a test in the last %(days)d days."), at, n=n, total=total, days=days
        )
    return found


@live_check("retention")
def retention(facility_ids: list[int], days: int) -> dict[int, LiveFact]:
    """Recordings are kept so many days: by the recorder that keeps them the shortest."""
    rows = Item.objects.filter(facility__in=facility_ids, state__in=INSTALLED, retention_days__isnull=False)
    shortest = rows.order_by().values_list("facility").annotate(kept=Min("retention_days"))
    return {pk: _fact(kept >= days, _("Recordings are kept %(kept)d days."), kept=kept) for pk, kept in shortest}


def _pieces(facility_ids: list[int], kind: str) -> Mapping[int, list[Piece]]:
    """What is installed of a kind, by facility."""
    found: dict[int, list[Piece]] = defaultdict(list)
    rows = Item.objects.filter(facility__in=facility_ids, kind__code=kind, state__in=INSTALLED).order_by()
    for piece in map(Piece._make, rows.values_list("pk", *Piece._fields[1:])):
        found[piece.facility].append(piece)
    return found


def _known(facility_ids: list[int], pieces: Mapping[int, list[Piece]]) -> Iterator[tuple[int, list[Piece]]]:
    """Facilities where something is written down, with their pieces; none for those that have none of the kind."""
    somewhere = Item.objects.filter(facility__in=facility_ids).order_by().values_list("facility", flat=True).distinct()
    for pk in somewhere:
        yield pk, pieces.get(pk, [])


def _failing_since(rows: list[Piece], since: date, days: int) -> date | None:
    """The day after which the first of them was overdue, or failed; None where one was never tested."""
    overdue = []
    for row in rows:
        if row.last_test_on is None:
            return None
        if not row.last_test_passed:
            overdue.append(row.last_test_on)
        elif row.last_test_on < since:
            overdue.append(row.last_test_on + timedelta(days=days + 1))
    return min(overdue) if overdue else None


def _fact(met: bool, text: Promise | str, day: date | None = None, **values: int) -> LiveFact:
    at = datetime.combine(day, time(), timezone.get_default_timezone()) if day else None
    return LiveFact(MET if met else UNMET, at, _said(text, tuple(sorted(values.items()))))


@lru_cache(maxsize=4096)
def _said(text: Any, values: tuple[tuple[str, int], ...]) -> dict[str, str]:
    """A text in all three languages. Facilities are many, and what is said of them is not."""
    found = {}
    for code in LANGUAGES:
        with translation.override(code):
            found[code] = str(text) % dict(values)
    return found
