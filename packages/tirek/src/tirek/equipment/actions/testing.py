"""Tests of what is installed: by a person, or proven by a signal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act, snapshot
from tirek.audit.bulk import many_acts
from tirek.equipment.actions.items import locked
from tirek.equipment.models import Item, ItemTest
from tirek.facilities import figures

TEST = "equipment.test_item"
CHUNK = 200
GONE = (Item.State.RETIRED, Item.State.PLANNED)


@dataclass(frozen=True, slots=True)
class Proof:
    """That a device worked, or did not, at a moment: `source_id` is the alarm or the delivery that showed it."""

    item_id: int
    at: datetime
    passed: bool
    source_id: int
    note: str = ""


def record_test(user: Any, pk: int, *, passed: bool, on: date | None = None, note: str = "") -> Item:
    """Write down a test by a person. It sets when the next is due, and the state: who fails is faulty, who passes works again."""
    today = timezone.localdate()
    day = on or today
    if day > today:
        raise Refused(_("A test cannot lie in the future."))
    with act(TEST, user) as trace:
        item = locked(user, "test", pk)
        if item.state in GONE:
            raise Refused(_("It is not installed, so there is nothing to test."))
        before = snapshot(item)
        now = timezone.localtime()
        at = now if day == today else now.replace(year=day.year, month=day.month, day=day.day, hour=12, minute=0)
        ItemTest.objects.create(item=item, at=at, passed=passed, by=user, note=note.strip()[:300])
        if _is_latest(item, day):
            _take(item, day, passed)
            if passed and item.state in (Item.State.FAULT, Item.State.REPAIR, Item.State.MISSING):
                item.state, item.state_note = Item.State.WORKS, ""
            elif not passed and item.state == Item.State.WORKS:
                item.state, item.state_note = Item.State.FAULT, note.strip()[:300]
            item.save()
        trace.on(item, before=before, after=snapshot(item))
        figures.recount([item.facility_id])
    return item


def record_proofs(source: str, proofs: Iterable[Proof]) -> int:
    """Count signals and soundings as tests. Parts call it from the worker's house-keeping, never from where signals come in.

    What was counted before is not counted again. The stored state stays as it is: whether the device works now, its live state
    says. Returns how many were new.
    """
    wanted = {(proof.item_id, proof.source_id): proof for proof in proofs}
    known = ItemTest.objects.filter(source=source, source_id__in={key[1] for key in wanted})
    fresh = [wanted[key] for key in wanted.keys() - set(known.values_list("item_id", "source_id"))]
    fresh.sort(key=lambda proof: (proof.at, proof.item_id))
    return sum(_record(source, fresh[start : start + CHUNK]) for start in range(0, len(fresh), CHUNK))


def _record(source: str, proofs: Sequence[Proof]) -> int:
    with many_acts(system="worker") as traces:
        rows = Item.objects.select_for_update(of=("self",)).select_related("kind", "facility__area")
        rows = rows.filter(pk__in={proof.item_id for proof in proofs}).exclude(state__in=GONE).order_by("pk")
        items = {item.pk: item for item in rows.defer("facility__area__boundary")}
        here = [proof for proof in proofs if proof.item_id in items]
        befores = {pk: snapshot(item) for pk, item in items.items()}
        ItemTest.objects.bulk_create(
            ItemTest(
                item_id=proof.item_id, at=proof.at, passed=proof.passed, source=source, source_id=proof.source_id,
                note=proof.note[:300],
            )
            for proof in here
        )  # fmt: skip
        for proof in here:
            day = timezone.localdate(proof.at)
            if _is_latest(items[proof.item_id], day):
                _take(items[proof.item_id], day, proof.passed)
        Item.objects.bulk_update(items.values(), ["last_test_on", "last_test_passed", "next_test_on"])
        for pk, item in items.items():
            traces.on(TEST, item, before=befores[pk], after=snapshot(item))
    return len(here)


def next_test(item: Item, day: date) -> date | None:
    """When a test is due after one on `day`."""
    every = item.kind.test_every_days
    return day + timedelta(days=every) if every else None


def _is_latest(item: Item, day: date) -> bool:
    return item.last_test_on is None or day >= item.last_test_on


def _take(item: Item, day: date, passed: bool) -> None:
    item.last_test_on, item.last_test_passed = day, passed
    # Who failed is to be tested again at once, not in three months.
    item.next_test_on = next_test(item, day) if passed else day
