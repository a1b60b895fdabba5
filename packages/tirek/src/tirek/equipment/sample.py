"""Equipment of the sample province. Panels and loudspeakers come with the alarms and the warning, whose devices they are."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from tirek.accounts.models import Person
from tirek.audit.act import act
from tirek.equipment import kinds, queries
from tirek.equipment.actions.tags import next_tags
from tirek.equipment.models import Item, ItemTest, Kind, Scan, Stocktake
from tirek.equipment.sample_sets import BASE, HOSPITAL, MODELS, SETS, Line
from tirek.facilities import figures
from tirek.facilities.models import Building, Facility
from tirek.facilities.sample_words import language_at, said

SEED = 20260410
HOSPITAL_CODE = "sample-hospital"
State = Item.State


def load(say: Callable[[str], None]) -> None:
    """Load equipment, its tests, one closed and one open stocktake. What is there stays as it is."""
    if Item.objects.filter(is_sample=True).exists():
        return
    facilities = list(
        Facility.objects.filter(is_sample=True, state=Facility.State.LISTED).select_related("type").order_by("code")
    )
    if not facilities:
        return
    kinds.add_missing(Kind)
    maker = _Maker()
    with act("equipment.load_sample", system="sample") as trace:
        items = [item for facility in facilities for item in maker.of(facility)]
        for item, tag in zip(items, next_tags(len(items)), strict=True):
            item.tag = tag
        Item.objects.bulk_create(items, batch_size=500)
        tests = list(maker.tests(items))
        ItemTest.objects.bulk_create(tests, batch_size=500)
        takes = _stocktakes(items, maker.inspector)
        figures.recount([facility.pk for facility in facilities])
        trace.on(items[0], after={"items": len(items), "tests": len(tests)})
    say(f"{len(items)} pieces of equipment, {len(tests)} tests, {takes} stocktakes")


def clear() -> int:
    """Remove the sample equipment. Returns how many rows went."""
    items = Item.objects.filter(is_sample=True)
    first = items.first()
    if first is None:
        return 0
    with act("equipment.clear_sample", system="sample") as trace:
        trace.on(first)
        removed = Scan.objects.filter(stocktake__is_sample=True).delete()[0]
        removed += Stocktake.objects.filter(is_sample=True).delete()[0]
        removed += Scan.objects.filter(item__in=items).delete()[0]
        removed += items.delete()[0]
    return removed


class _Maker:
    """Makes items and tests; holds the random numbers."""

    def __init__(self) -> None:
        self.random = random.Random(SEED)
        self.today = timezone.localdate()
        self.kinds = {kind.code: kind for kind in Kind.objects.all()}
        self.inspector = Person.objects.filter(username="sample-inspector").first()
        self.buildings: dict[int, list[Building]] = {}
        for building in Building.objects.filter(facility__is_sample=True):
            self.buildings.setdefault(building.facility_id, []).append(building)

    def of(self, facility: Facility) -> Iterator[Item]:
        is_hospital = facility.code == HOSPITAL_CODE
        lines = HOSPITAL if is_hospital else SETS.get(facility.type.code, BASE)
        # What is well kept is so throughout, and so is what is not.
        care = 0.97 if is_hospital else self.random.betavariate(6, 1.4)
        installed = self.today - timedelta(days=self.random.randint(200, 2600))
        for line in lines:
            many = line.most if is_hospital else self.random.randint(line.least, line.most)
            if not is_hospital and self.random.random() > line.share:
                continue
            for number in range(many):
                yield self._item(facility, line, number, care, installed)

    def _item(self, facility: Facility, line: Line, number: int, care: float, installed: date) -> Item:
        kind = self.kinds[line.kind]
        maker, model = self.random.choice(MODELS.get(line.kind, (("", ""),)))
        homes = self.buildings.get(facility.pk, [])
        is_hospital = facility.code == HOSPITAL_CODE
        item = Item(
            kind=kind,
            facility=facility,
            building=homes[number % len(homes)] if homes else None,
            place=said(line.places[number % len(line.places)], language_at(facility.code)) if line.places else "",
            maker=maker,
            model=model,
            serial=f"{self.random.randrange(16**8):08X}" if maker else "",
            quantity=line.quantity,
            installed_on=installed,
            warranty_until=installed + timedelta(days=3 * 365),
            zone=line.zones[number] if number < len(line.zones) else "",
            is_sample=True,
        )
        if line.kind == "video_recorder":
            item.retention_days = 30 if is_hospital else self.random.choice((10, 14, 30, 30, 30, 45, 60))
        if is_hospital:
            # 19 cameras, 18 work: the one at the gate of the yard is broken.
            if line.kind == "camera" and number == line.most - 1:
                item.state, item.state_note = State.FAULT, "Нет изображения, повреждён кабель"
        elif self.random.random() > 0.6 + 0.4 * care:
            item.state = self.random.choice((State.FAULT, State.FAULT, State.REPAIR))
        self._last_test(item, care)
        return item

    def _last_test(self, item: Item, care: float) -> None:
        every = item.kind.test_every_days
        if not every:
            return
        late = self.random.random() > care
        days = self.random.randint(every + 1, every * 2) if late else self.random.randint(1, every - 1)
        item.last_test_on = self.today - timedelta(days=days)
        item.last_test_passed = item.state == State.WORKS
        item.next_test_on = item.last_test_on + timedelta(days=every if item.last_test_passed else 0)

    def tests(self, items: list[Item]) -> Iterator[ItemTest]:
        """The last test of each item, and for some the one before it."""
        zone = timezone.get_default_timezone()
        for item in items:
            if item.last_test_on is None:
                continue
            at = datetime.combine(item.last_test_on, time(self.random.randint(9, 17), 30), zone)
            yield ItemTest(item=item, at=at, passed=bool(item.last_test_passed), by=self.inspector)
            if self.random.random() < 0.25 and item.kind.test_every_days:
                yield ItemTest(
                    item=item, at=at - timedelta(days=item.kind.test_every_days), passed=True, by=self.inspector
                )


def _stocktakes(items: list[Item], inspector: Person | None) -> int:
    """One that was closed six weeks ago at a school, and one that is open at the hospital since this morning."""
    if inspector is None:
        return 0
    now = timezone.now()
    schools = [item.facility for item in items if item.facility.type.code == "school"]
    done = 0
    for facility, is_open in ((schools[0] if schools else None, False), (items[0].facility, True)):
        hospital = next((item.facility for item in items if item.facility.code == HOSPITAL_CODE), None)
        facility = hospital if is_open else facility
        if facility is None:
            continue
        mine = [item for item in items if item.facility_id == facility.pk]
        started = now - (timedelta(hours=3) if is_open else timedelta(days=42))
        take = Stocktake.objects.create(
            facility=facility, started_by=inspector, started_at=started, is_sample=True,
            expected=[item.pk for item in mine],
        )  # fmt: skip
        seen = mine[: len(mine) * 3 // 5] if is_open else mine[:-1]
        Scan.objects.bulk_create(
            Scan(
                stocktake=take, item=item, text=item.tag, at=started + timedelta(minutes=2 + number), by=inspector,
                client_id=f"sample-{take.pk}-{number}",
            )
            for number, item in enumerate(seen)
        )  # fmt: skip
        Scan.objects.create(
            stocktake=take, text="ИНВ-00418", at=started + timedelta(minutes=1), by=inspector, place="кладовая"
        )
        if not is_open:
            count = queries.count_of(take)
            take.result = {
                **count.numbers(),
                "items": {"found": count.found, "misplaced": list(count.misplaced), "missing": count.missing},
                "why": {str(pk): why for pk, why in count.misplaced.items()},
            }
            take.closed_at, take.closed_by = started + timedelta(hours=2), inspector
            take.save()
        done += 1
    return done
