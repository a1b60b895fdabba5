"""Reads of equipment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from tirek.accounts.access import ScopedQuerySet
from tirek.equipment import counting
from tirek.equipment.models import Item, ItemTest, Kind, Scan, Stocktake
from tirek.equipment.registry import Live, live
from tirek.facilities.models import Facility

State = Item.State
#: What is not looked for in a stocktake: it is not there, or not any more.
NOT_EXPECTED = (State.PLANNED, State.RETIRED)
#: What counts as faulty on the register of facilities.
FAULTY = (State.FAULT, State.REPAIR, State.MISSING)
#: What stands there, whatever its state.
INSTALLED = (State.WORKS, State.FAULT, State.REPAIR, State.MISSING)
WARRANTY_DAYS = 60


def items(user: Any) -> ScopedQuerySet:
    """The items that `user` may see, with what a list shows of them."""
    rows = Item.objects.restrict(user, "view").select_related("kind", "facility__area", "building")
    return rows.defer("facility__area__boundary")


def item(user: Any, pk: int) -> Item:
    """Raises Item.DoesNotExist when the person may not see it."""
    tests = Prefetch("tests", ItemTest.objects.select_related("by"))
    found: Item = items(user).select_related("facility__type").prefetch_related(tests).get(pk=pk)
    return found


def by_tag(tag: str) -> Item | None:
    """The item with this inventory number, in small or capital letters."""
    rows = Item.objects.select_related("kind", "facility")
    return rows.filter(tag=tag).first() or rows.filter(tag__iexact=tag).first()


def overdue_test(today: date | None = None) -> Q:
    """A test was due before today, and the thing is there to be tested."""
    return Q(next_test_on__lt=today or timezone.localdate()) & ~Q(state__in=NOT_EXPECTED)


def is_overdue(one: Item) -> bool:
    return bool(one.next_test_on and one.next_test_on < timezone.localdate() and one.state not in NOT_EXPECTED)


def works(one: Item, now: Live | None) -> bool:
    """Whether it works as far as is known: what people wrote down, and what the device itself says."""
    return one.state == State.WORKS and (now is None or now.works is not False)


@dataclass(slots=True)
class KindLine:
    """The items of one kind at one facility: "19 cameras, 18 work"."""

    kind: Kind
    items: list[tuple[Item, Live | None]] = field(default_factory=list)
    total: int = 0
    working: int = 0
    overdue: int = 0


@dataclass(slots=True)
class GroupLine:
    """The kinds of one group."""

    label: str
    kinds: list[KindLine] = field(default_factory=list)


def of_facility(user: Any, facility: Facility) -> list[GroupLine]:
    """The equipment of a facility by group and kind, what was taken out left out."""
    rows = list(items(user).filter(facility=facility).exclude(state=State.RETIRED).order_by("kind__code", "tag"))
    states = live(row.pk for row in rows)
    lines: dict[int, KindLine] = {}
    for row in rows:
        line = lines.setdefault(row.kind_id, KindLine(row.kind))
        now = states.get(row.pk)
        line.items.append((row, now))
        if row.state != State.PLANNED:
            line.total += row.quantity
            line.working += row.quantity if works(row, now) else 0
            line.overdue += is_overdue(row)
    groups: dict[str, GroupLine] = {}
    for value, label in Kind.Group.choices:
        kinds = [line for line in lines.values() if line.kind.group == value]
        if kinds:
            groups[value] = GroupLine(str(label), kinds)
    return list(groups.values())


def numbers(user: Any) -> dict[str, int]:
    """The figures above the list."""
    today = timezone.localdate()
    rows = Item.objects.filter(pk__in=items(user).values("pk")).exclude(state=State.RETIRED)
    counted = rows.aggregate(
        total=Sum("quantity"),
        faulty=Sum("quantity", filter=Q(state__in=FAULTY)),
        overdue=Sum("quantity", filter=overdue_test(today)),
    )
    return {name: value or 0 for name, value in counted.items()}


def faulty(facility_ids: list[int]) -> Mapping[int, Mapping[str, int]]:
    """For `facilities.figures`: how many pieces are faulty, in repair or missing, by what people wrote down.

    The live state of panels and loudspeakers changes by the minute and is asked where it is shown; it is not copied.
    """
    rows = Item.objects.filter(facility__in=facility_ids, state__in=FAULTY).order_by()
    counted = rows.values_list("facility").annotate(n=Sum("quantity"))
    return {facility: {"equipment_faulty": n} for facility, n in counted}


def kinds(user: Any) -> QuerySet[Kind]:
    rows: QuerySet[Kind] = Kind.objects.restrict(user, "view")
    return rows


# Stocktakes


def stocktakes(user: Any) -> ScopedQuerySet:
    rows = Stocktake.objects.restrict(user, "view").select_related("facility__area", "started_by", "closed_by")
    return rows.defer("facility__area__boundary")


def expected(facility: Facility) -> list[int]:
    """The ids of what should be there."""
    rows = Item.objects.filter(facility=facility).exclude(state__in=NOT_EXPECTED)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def known(rows: Iterable[Item]) -> dict[int, counting.Known]:
    gone = (*NOT_EXPECTED, State.MISSING)
    return {one.pk: counting.Known(one.facility_id, one.building_id, one.place, one.state not in gone) for one in rows}


def seen(scan: Scan) -> counting.Seen:
    return counting.Seen(scan.item_id, scan.text, scan.building_id, scan.place)


def count_of(stocktake: Stocktake) -> counting.Count:
    """What a stocktake has found so far, counted from its scans."""
    scans = list(stocktake.scans.all())
    ids = {*stocktake.expected, *(scan.item_id for scan in scans if scan.item_id)}
    rows = Item.objects.filter(pk__in=ids)
    here = known(rows)
    still = [pk for pk in stocktake.expected if pk in here]
    return counting.count(stocktake.facility_id, still, here, map(seen, scans))
