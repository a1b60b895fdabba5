"""Generated facilities of the sample province. Nothing here exists: names, addresses, people and numbers are made up.

The same seed gives the same facilities every time.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import count

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tirek.accounts.models import Agency, Assignment
from tirek.audit.act import act
from tirek.facilities import figures, types
from tirek.facilities.actions.facility import settle
from tirek.facilities.models import (
    Building,
    Contact,
    Document,
    Entrance,
    Facility,
    FacilityType,
    ListDecision,
    Proposal,
)
from tirek.facilities.sample_details import Details
from tirek.facilities.sample_kinds import FIRST_NAMES, KINDS, LAST_NAMES, RHYTHMS, STREETS, WOMEN, WORDS, Kind
from tirek.facilities.sample_papers import Papers, clear_files
from tirek.facilities.sample_words import language_at, said
from tirek.places.models import Area
from tirek_engines.geo import circle, settlement_radius

SEED = 20260101
HOSPITAL_CODE = "sample-hospital"
LISTED = 214
State = Facility.State
OFF_THE_LIST = (State.PROPOSED, State.REMOVED, State.DECLINED)
# Only such may be candidates or gone: the story needs the others.
MAY_BE_OFF = {"hotel", "culture", "shopping_centre", "stadium", "market", "industry", "kindergarten"}
POSITIONS = ("директор", "заместитель по хозяйственной части", "ответственный за безопасность")


def load(say: Callable[[str], None]) -> None:
    """Load facilities and their contacts. What is there stays as it is."""
    if Facility.objects.filter(is_sample=True).exists():
        return
    towns = list(
        Area.objects.filter(kind=Area.Kind.SETTLEMENT, is_sample=True, population__gt=0)
        .select_related("parent")
        .order_by("-population", "code")
    )
    if not towns:
        return
    types.add_missing(FacilityType)
    with act("facilities.load_sample", system="sample") as trace:
        made = _Maker(towns).make()
        figures.recount(facility.pk for facility in made)
        trace.on(made[0])
    plans = _load_papers(made)
    listed = sum(facility.state == State.LISTED for facility in made)
    say(f"{len(made)} facilities, {listed} of them on the list; {plans} plans, 2 decisions")


def _load_papers(made: list[Facility]) -> int:
    """Plans, decisions and what waits for one. Returns how many plans were drawn."""
    papers = Papers(timezone.localdate())
    important = sorted(made[1:], key=lambda facility: (facility.category, facility.code))
    on_list = [facility for facility in important if facility.state == State.LISTED]
    off: dict[str, list[Facility]] = {
        state: [facility for facility in made if facility.state == state] for state in OFF_THE_LIST
    }
    late = on_list[-12:]
    papers.decisions(late[:10], off)
    papers.waiting(off[State.PROPOSED], late[10:])
    return papers.plans([made[0], *on_list])


def clear() -> int:
    """Remove the sample facilities; one that real rows still stand on stays. Returns how many went."""
    facilities = list(Facility.objects.filter(is_sample=True))
    if not facilities:
        return 0
    removed = 0
    files = list(Document.objects.filter(facility__in=facilities).values_list("file", flat=True))
    files += list(ListDecision.objects.filter(is_sample=True, file__isnull=False).values_list("file", flat=True))
    with act("facilities.clear_sample", system="sample") as trace:
        trace.on(facilities[0])
        Proposal.objects.filter(is_sample=True).delete()
        ListDecision.objects.filter(is_sample=True, proposals=None).delete()
        for facility in facilities:
            try:
                with transaction.atomic():
                    facility.delete()
                removed += 1
            except ProtectedError:
                continue
        held = [*Document.objects.values_list("file", flat=True), *ListDecision.objects.values_list("file", flat=True)]
        clear_files(list(set(files) - set(held)))
    return removed


def _states() -> Iterator[str]:
    """Six candidates, five that were taken off, and the rest were not taken up."""
    yield from [State.PROPOSED] * 6
    yield from [State.REMOVED] * 5
    while True:
        yield State.DECLINED


class _Maker:
    """Makes all facilities; holds the random numbers and the counters behind names, codes and phones."""

    def __init__(self, towns: list[Area]) -> None:
        self.random = random.Random(SEED)
        self.towns = towns
        self.types = {row.code: row for row in FacilityType.objects.all()}
        self.agencies = {row.code.removeprefix("sample-"): row for row in Agency.objects.filter(is_sample=True)}
        self.phones = (f"+7 (7132) 55-{n // 100:02d}-{n % 100:02d}" for n in count(100))
        self.codes = count(1)
        self.details = Details(SEED)

    def make(self) -> list[Facility]:
        facilities = [self._hospital(self.towns[0])]
        for town in self.towns:
            facilities += self._of_town(town)
        self._take_off(facilities)
        for facility in facilities:
            settle(facility)
        Facility.objects.bulk_create(facilities)
        buildings = {facility.code: list(self.details.buildings(facility)) for facility in facilities}
        Building.objects.bulk_create(building for rows in buildings.values() for building in rows)
        Entrance.objects.bulk_create(
            entrance
            for facility in facilities
            for entrance in self.details.entrances(facility, buildings[facility.code][0])
        )
        Contact.objects.bulk_create(contact for facility in facilities for contact in self._contacts(facility))
        self._give_account(facilities[0])
        return facilities

    def _take_off(self, facilities: list[Facility]) -> None:
        """As many as are too many for the list are candidates, or were declined or taken off."""
        small = [facility for facility in facilities if facility.type.code in MAY_BE_OFF]
        for facility, state in zip(
            random.Random(SEED).sample(small, len(facilities) - LISTED), _states(), strict=False
        ):
            facility.state = state

    def _of_town(self, town: Area) -> Iterator[Facility]:
        words = Counter[str]()
        for kind in KINDS:
            if (town.population or 0) >= kind.least:
                for number in range(1, math.ceil((town.population or 0) / kind.per) + 1):
                    yield self._facility(town, kind, number, words)

    def _facility(self, town: Area, kind: Kind, number: int, words: Counter[str]) -> Facility:
        word = WORDS[(words[kind.type] + len(kind.type) + self.towns.index(town)) % len(WORDS)]
        words[kind.type] += 1
        capacity = round(self.random.uniform(*kind.capacity) * (1 if town is self.towns[0] else 0.5), -1)
        radius = float(settlement_radius(town.population)) * self.random.uniform(*kind.near)
        lat, lon = self._spot(town, radius)
        return self._row(
            code=f"S-{next(self.codes):04d}",
            type=self.types[kind.type],
            category=kind.category,
            area=town,
            agency=self.agencies.get(kind.agency),
            name_kk=self._name(town, "kk", kind.kk.format(n=number, word=word[0])),
            name_ru=self._name(town, "ru", kind.ru.format(n=number, word=word[1])),
            name_en=self._name(town, "en", kind.en.format(n=number, word=word[2])),
            lat=lat,
            lon=lon,
            capacity=int(capacity),
            rhythm=kind.rhythm,
            keeper=kind.agency,
            entrances=1 + min(7, int(capacity // 250)),
        )

    def _hospital(self, city: Area) -> Facility:
        """The place where the story begins."""
        lat, lon = self._spot(city, 1900.0)
        return self._row(
            code=HOSPITAL_CODE,
            type=self.types["hospital"],
            category=1,
            area=city,
            agency=self.agencies.get("health"),
            name_kk="Облыстық аурухана",
            name_ru="Областная больница",
            name_en="Aktobe regional hospital",
            lat=lat,
            lon=lon,
            capacity=900,
            rhythm="ward",
            keeper="health",
            entrances=4,
            notes=(
                "Қабылдау бөлімі тәулік бойы жұмыс істейді, кіреберіс ауладан. Төсек тартқан науқастар 2–5 қабатта: "
                "батыс қанаттағы пандус арқылы шығарылады. Оттегі станциясы қазандықтың артында.\n\n"
                "Приёмное отделение работает круглосуточно, вход со двора. Лежачие больные на 2–5 этажах: "
                "вывод по пандусу западного крыла. Кислородная станция стоит отдельно, за котельной."
            ),
        )

    def _row(self, *, rhythm: str, keeper: str, **fields: object) -> Facility:
        facility = Facility(**fields, is_sample=True)
        town = facility.area
        street_kk, street_ru = self.random.choice(STREETS)
        house = self.random.randint(1, 140)
        facility.address_kk = f"{town.name_kk}, {street_kk}, {house}"
        facility.address_ru = f"{town.name_ru}, {street_ru}, {house}"
        facility.visitors = [
            round(part * facility.capacity * self.random.uniform(0.9, 1.0)) for part in RHYTHMS[rhythm]
        ]
        self.details.fill(facility, rhythm, keeper, f"{self._person()}", next(self.phones))
        return facility

    def _spot(self, town: Area, radius_m: float) -> tuple[float, float]:
        """A place at a random bearing, `radius_m` from the centre."""
        if town.lat is None or town.lon is None:
            raise ValueError(f"{town.code} has no centre")
        corners = circle(town.lat, town.lon, max(radius_m, 20.0), points=360).exterior.coords
        lon, lat = corners[self.random.randrange(360)]
        return round(lat, 6), round(lon, 6)

    def _name(self, town: Area, language: str, name: str) -> str:
        """The name alone in the main city, with the settlement before it elsewhere."""
        if town is self.towns[0]:
            return name[0].upper() + name[1:]
        return f"{town.name_in(language)}, {name}"

    def _contacts(self, facility: Facility) -> Iterator[Contact]:
        people = 3 if facility.category == 1 else 1
        language = language_at(facility.code)
        rows = [("Пост охраны", "дежурный", "круглосуточно")]
        rows += [(self._person(), POSITIONS[i % len(POSITIONS)], "9:00–18:00") for i in range(people)]
        for order, (name, position, hours) in enumerate(rows, start=1):
            yield Contact(
                facility=facility,
                full_name=said(name, language) if order == 1 else name,
                position=said(position, language),
                phone=next(self.phones),
                hours=said(hours, language) if order == 1 else hours,
                order=order,
            )

    def _person(self) -> str:
        first, last = self.random.choice(FIRST_NAMES), self.random.choice(LAST_NAMES)
        ending = "а" if first in WOMEN and last.endswith(("ов", "ев")) else ""
        return f"{last}{ending} {first}"

    def _give_account(self, hospital: Facility) -> None:
        """The sample facility contact answers for the hospital."""
        role = Assignment.objects.filter(role="facility_contact", person__is_sample=True).order_by("pk").first()
        if role is not None:
            person = role.person
            hospital.contacts.filter(order=2).update(
                person=person, full_name=person.full_name, position=person.position
            )
