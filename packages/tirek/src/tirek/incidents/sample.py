"""Ten years of generated incidents in the sample province. None of them happened; `sample_story` says what is planted.

The same day gives the same incidents every time.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from django.utils import timezone

from tirek.accounts.models import Person
from tirek.audit.act import act
from tirek.facilities.models import Facility
from tirek.incidents import duplicates, kinds, months, sample_story, sample_texts
from tirek.incidents.facts import revision_of, settle
from tirek.incidents.models import Facts, Incident, Kind, Pair, Revision, Signal, Silence
from tirek.incidents.series import month_before
from tirek.places.models import Area
from tirek_engines.geo import settlement_radius

Act, When, Where = Revision.Act, Facts.When, Facts.Where
Verification, Source, Mode = Facts.Verification, Facts.Source, Facts.Mode
METRES_PER_DEGREE = 111_320
MARKET_SPREAD_M = 130.0
WHENS = (When.HOUR, When.DAY, When.WEEK, When.MONTH)
WHEN_WEIGHTS = (72, 20, 5, 3)
WHERES = (Where.POINT, Where.SETTLEMENT, Where.DISTRICT)
WHERE_WEIGHTS = (76, 17, 7)
HOUR_WEIGHTS = (6, 5, 4, 3, 1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 6, 8, 10, 11, 12, 10)
SOURCES = {
    Mode.REPORTED: ((Source.CALL, Source.AGENCY, Source.FACILITY, Source.ALARM), (70, 14, 12, 4)),
    Mode.FOUND: ((Source.AGENCY,), (1,)),
    Mode.THIRD: ((Source.MEDIA, Source.OTHER), (80, 20)),
}


@dataclass
class Story:
    """One incident and what became of it: (act, when it was known, who, why, what it sets)."""

    incident: Incident
    later: list[tuple[str, datetime, Person | None, str, dict[str, Any]]] = field(default_factory=list)
    twin_of: Story | None = None
    merged_at: datetime | None = None


def load(say: Callable[[str], None]) -> None:
    """Load ten years of incidents. What is there stays as it is."""
    if Incident.objects.filter(is_sample=True).exists():
        return
    districts = list(Area.objects.filter(is_sample=True, kind=Area.Kind.DISTRICT).defer("boundary").order_by("code"))
    if not districts:
        return
    kinds.add_missing(Kind)
    with act("incidents.load_sample", system="sample") as trace:
        stories = _Maker(districts).make()
        _keep(stories)
        _declare(districts)
        _measure(districts)
        trace.on(stories[0].incident, after={"incidents": len(stories)})
    pairs = duplicates.compare_waiting()
    reported = sum(story.incident.discovery_mode == Mode.REPORTED for story in stories)
    say(f"{len(stories)} incidents, {reported} of them reported by residents; {pairs} pairs to look at")


def clear() -> int:
    """Remove the sample incidents. Returns how many rows went."""
    first = Incident.objects.filter(is_sample=True).first()
    if first is None:
        return 0
    with act("incidents.clear_sample", system="sample") as trace:
        trace.on(first)
        sample = Incident.objects.filter(is_sample=True)
        removed = Pair.objects.filter(first__in=sample).delete()[0] + Pair.objects.filter(second__in=sample).delete()[0]
        Revision.objects.filter(duplicate_of__in=sample).update(duplicate_of=None)
        Incident.objects.filter(duplicate_of__in=sample).update(duplicate_of=None)
        removed += sample.delete()[0]
        removed += Silence.objects.filter(is_sample=True).delete()[0]
        removed += Signal.objects.filter(is_sample=True).delete()[0]
    return removed


class _Maker:
    """Makes the incidents; holds the random numbers."""

    def __init__(self, districts: list[Area]) -> None:
        self.random = random.Random(sample_story.SEED)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)
        self.last = month_before()
        # Of the month that runs, the days before today.
        self.begun = (self.today - months.first_day(self.last + 1)).days / 30
        self.districts = districts
        self.kinds = {kind.code: kind for kind in Kind.objects.all()}
        towns = Area.objects.filter(is_sample=True, kind=Area.Kind.SETTLEMENT, population__gt=0).defer("boundary")
        self.towns = {
            district.pk: [t for t in towns.order_by("code") if t.parent_id == district.pk] for district in districts
        }
        self.facilities: dict[int, list[Facility]] = {}
        for facility in Facility.objects.listed().filter(is_sample=True).select_related("type").order_by("code"):
            self.facilities.setdefault(facility.area_id, []).append(facility)
        self.officer = Person.objects.filter(username="sample-officer").first()
        self.analyst = Person.objects.filter(username="sample-analyst").first()

    def make(self) -> list[Story]:
        stories = [story for district in self.districts for story in self._of_district(district)]
        stories += self._cluster()
        stories.sort(key=lambda story: (story.incident.known_at, story.incident.place))
        stories += list(self._twins(stories))
        stories.sort(key=lambda story: (story.incident.known_at, story.incident.place))
        for number, story in enumerate(stories, start=1):
            story.incident.code = f"S-{number:05d}"
            settle(story.incident)
        return stories

    def _of_district(self, district: Area) -> Iterator[Story]:
        towns = self.towns[district.pk]
        people = sum(town.population or 0 for town in towns)
        # Each district has numbers of its own: what is planted in one does not move the others.
        rng = np.random.default_rng([sample_story.SEED, self.districts.index(district)])
        for month, mode, count in sample_story.counts_of(district.code, people, self.last, rng, self.begun):
            for _ in range(count):
                yield self._story(district, towns, month, mode)

    def _story(self, district: Area, towns: list[Area], month: int, mode: str) -> Story:
        texts = sample_texts.FOUND_TEXTS if mode == Mode.FOUND else {k: v[1] for k, v in sample_texts.TEXTS.items()}
        weights = None if mode == Mode.FOUND else [v[0] for v in sample_texts.TEXTS.values()]
        code = self.random.choices(list(texts), weights)[0]
        incident = self._incident(code, mode)
        incident.description = self.random.choice(texts[code])
        self._when(incident, month)
        self._where(incident, district, self.random.choices(towns, [town.population or 0 for town in towns])[0])
        return self._course(Story(incident))

    def _incident(self, code: str, mode: str) -> Incident:
        kind = self.kinds[code]
        incident = Incident(kind=kind, discovery_mode=mode, is_sample=True)
        incident.severity = min(5, max(1, kind.severity + self.random.choices((-1, 0, 1), (25, 65, 10))[0]))
        sources, weights = SOURCES[mode]
        incident.source_kind = self.random.choices(sources, weights)[0]
        if incident.source_kind in (Source.CALL, Source.AGENCY):
            incident.source_ref = f"КУИ-{self.random.randint(100, 29999)}"
        if kind.group == Kind.Group.VIOLENCE and code != "vandalism":
            hurt = self.random.choices((0, 1, 2, 3), (58, 28, 10, 4))[0]
            incident.injured = max(hurt, 1) if incident.severity >= 4 else hurt
            incident.dead = int(incident.severity == 5 and self.random.random() < 0.3)
        return incident

    def _when(self, incident: Incident, month: int) -> None:
        start = months.first_day(month)
        end = max(start, min(months.last_day(month), self.today - timedelta(days=1)))
        day = start + timedelta(days=self.random.randrange((end - start).days + 1))
        precision = self.random.choices(WHENS, WHEN_WEIGHTS)[0]
        incident.when_precision, incident.first_day, incident.last_day = precision, day, day
        if precision == When.HOUR:
            hour = self.random.choices(range(24), HOUR_WEIGHTS)[0]
            moment = datetime.combine(day, time(hour, self.random.choice((0, 10, 15, 20, 30, 40, 45))))
            incident.at = min(timezone.make_aware(moment), self.now - timedelta(minutes=10))
        elif precision == When.WEEK:
            incident.first_day = max(start, day - timedelta(days=3))
            incident.last_day = min(end, incident.first_day + timedelta(days=6))
        elif precision == When.MONTH:
            incident.first_day, incident.last_day = start, end

    def _where(self, incident: Incident, district: Area, town: Area) -> None:
        incident.where_precision = self.random.choices(WHERES, WHERE_WEIGHTS)[0]
        incident.area = town
        if incident.where_precision == Where.DISTRICT:
            incident.area = district
            return
        incident.place = self.random.choice(sample_texts.STREETS)
        if incident.where_precision == Where.SETTLEMENT:
            incident.uncertainty_m = int(round(float(settlement_radius(town.population)), -2))
            return
        near = self.facilities.get(town.pk, [])
        at_one = incident.kind.code in ("vandalism", "bomb_threat") or incident.source_kind in (
            Source.FACILITY,
            Source.ALARM,
        )
        if near and (at_one or self.random.random() < 0.06):
            incident.facility = self.random.choice(near)
            incident.lat, incident.lon = self._near(incident.facility.lat, incident.facility.lon, 40.0)
            incident.place = incident.facility.address_ru.split(", ", 1)[-1][:200]
        else:
            if incident.source_kind in (Source.FACILITY, Source.ALARM):
                incident.source_kind = Source.CALL
            spread = float(settlement_radius(town.population)) * 0.45
            incident.lat, incident.lon = self._near(float(town.lat or 0), float(town.lon or 0), spread)
        incident.uncertainty_m = self.random.choice((20, 50, 50, 100))

    def _near(self, lat: float, lon: float, spread_m: float) -> tuple[float, float]:
        north, east = self.random.gauss(0, spread_m), self.random.gauss(0, spread_m)
        scale = float(np.cos(np.radians(lat)))
        return round(lat + north / METRES_PER_DEGREE, 6), round(lon + east / METRES_PER_DEGREE / scale, 6)

    def _cluster(self) -> Iterator[Story]:
        """What is planted at one market in the last months."""
        town = next(
            (t for towns in self.towns.values() for t in towns if t.code == sample_story.CLUSTER_SETTLEMENT), None
        )
        if town is None:
            return
        market = next((f for f in self.facilities.get(town.pk, []) if f.type.code == "market"), None)
        lat, lon = (market.lat, market.lon) if market else (float(town.lat or 0), float(town.lon or 0))
        counts = sample_story.CLUSTER_COUNTS
        for number, month in ((n, self.last - len(counts) + 1 + i) for i, c in enumerate(counts) for n in range(c)):
            which = (number + month) % len(sample_texts.MARKET_KINDS)
            incident = self._incident(sample_texts.MARKET_KINDS[which], Mode.REPORTED)
            incident.description = sample_texts.MARKET_TEXTS[(number + month) % len(sample_texts.MARKET_TEXTS)]
            self._when(incident, month)
            incident.area, incident.where_precision, incident.uncertainty_m = town, Where.POINT, 50
            incident.lat, incident.lon = self._near(lat, lon, MARKET_SPREAD_M)
            incident.place = "рынок, торговые ряды" if number % 2 else "базар, сауда қатарлары"
            incident.facility = market if number % 3 == 0 else None
            yield self._course(Story(incident))

    def _course(self, story: Story) -> Story:
        """When it became known, and what became of it: most are verified, some corrected, a few refuted."""
        incident = story.incident
        happened = incident.at or timezone.make_aware(datetime.combine(incident.last_day, time(18)))
        late = self.random.choices((0.02, 0.3, 2, 9, 45), (52, 26, 14, 6, 2))[0] * self.random.uniform(0.5, 1.5)
        incident.known_at = known = min(happened + timedelta(days=late), self.now - timedelta(minutes=5))
        draw = self.random.random()
        if draw < 0.08:
            known = known + timedelta(days=self.random.uniform(1, 20))
            self._add(story, Act.CORRECTED, known, sample_texts.CORRECTED_WHY, self._correction(incident))
        fresh = self.random.random() < (0.6 if (self.today - incident.last_day).days < 45 else 0.12)
        known = known + timedelta(days=self.random.uniform(0.5, 25))
        if self.random.random() < 0.03 and "рын" not in incident.place and "базар, " not in incident.place:
            self._add(story, Act.REFUTED, known, sample_texts.REFUTED_WHY, {"verification": Verification.REFUTED})
        elif not fresh:
            self._add(story, Act.VERIFIED, known, sample_texts.VERIFIED_WHY, {"verification": Verification.VERIFIED})
        return story

    def _add(self, story: Story, deed: str, known: datetime, whys: tuple[str, ...], sets: dict[str, Any]) -> None:
        why = self.random.choice(whys)
        if known < self.now:
            story.later.append((deed, known, self.analyst, why, sets))

    def _correction(self, incident: Incident) -> dict[str, Any]:
        """What it was first held to be, and was put right: the incident keeps the first, the correction sets what is true."""
        if incident.where_precision == Where.POINT and incident.facility is None:
            true = {"lat": incident.lat, "lon": incident.lon}
            incident.lat, incident.lon = self._near(float(incident.lat or 0), float(incident.lon or 0), 250.0)
            return true
        true = {"severity": incident.severity}
        incident.severity = min(5, max(1, incident.severity + self.random.choice((-1, 1))))
        return true

    def _twins(self, stories: list[Story]) -> Iterator[Story]:
        """A few that were told twice: in most cases somebody merged them, the newest wait to be looked at."""
        whole = [
            s
            for s in stories
            if s.incident.where_precision == Where.POINT
            and s.incident.when_precision == When.HOUR
            and not s.later
            and s.incident.discovery_mode == Mode.REPORTED
        ]
        old = [s for s in whole if (self.today - s.incident.first_day).days > 60]
        new = [s for s in whole if (self.today - s.incident.first_day).days <= 60]
        for story in [*self.random.sample(old, min(9, len(old))), *new[:3]]:
            yield self._twin(story, merged=story in old)

    def _twin(self, story: Story, *, merged: bool) -> Story:
        first = story.incident
        twin = Incident(
            kind=first.kind, severity=first.severity, when_precision=When.HOUR, first_day=first.first_day,
            last_day=first.last_day, at=(first.at or self.now) + timedelta(minutes=self.random.choice((-10, 5, 15, 20))),
            where_precision=Where.POINT, area=first.area, place=first.place, uncertainty_m=100,
            source_kind=Source.AGENCY, source_ref=f"КУИ-{self.random.randint(100, 29999)}", is_sample=True,
            discovery_mode=Mode.REPORTED, injured=first.injured, dead=first.dead,
            description=self.random.choice(sample_texts.TEXTS[first.kind.code][1]),
        )  # fmt: skip
        twin.lat, twin.lon = self._near(float(first.lat or 0), float(first.lon or 0), 60.0)
        twin.known_at = min(
            first.known_at + timedelta(hours=self.random.uniform(1, 30)), self.now - timedelta(minutes=4)
        )
        other = Story(twin, twin_of=story)
        if merged:
            other.merged_at = twin.known_at + timedelta(days=self.random.uniform(1, 6))
        return other


def _keep(stories: list[Story]) -> None:
    """Write incidents as they are held now, and every revision on the way there."""
    analyst = Person.objects.filter(username="sample-analyst").first()
    officer = Person.objects.filter(username="sample-officer").first()
    firsts = [revision_of(s.incident, Act.ADDED, s.incident.known_at, by=officer) for s in stories]
    revisions: list[list[Revision]] = [[first] for first in firsts]
    for story, chain in zip(stories, revisions, strict=True):
        incident = story.incident
        for deed, known, by, why, sets in story.later:
            for name, value in sets.items():
                setattr(incident, name, value)
            if deed in (Act.VERIFIED, Act.REFUTED):
                incident.verified_by, incident.verified_at, incident.verified_why = by, known, why
            settle(incident)
            chain.append(revision_of(incident, deed, known, number=len(chain) + 1, by=by, why=why))
    Incident.objects.bulk_create([story.incident for story in stories], batch_size=400)
    for story, chain in zip(stories, revisions, strict=True):
        if story.twin_of is not None and story.merged_at is not None:
            story.incident.duplicate_of = story.twin_of.incident
            merged = revision_of(
                story.incident,
                Act.MERGED,
                story.merged_at,
                number=len(chain) + 1,
                by=analyst,
                why=sample_texts.MERGED_WHY,
            )
            chain.append(merged)
        for earlier, later in pairwise(chain):
            earlier.known_until = later.known_at
    rows = [revision for chain in revisions for revision in chain]
    for story, chain in zip(stories, revisions, strict=True):
        for revision in chain:
            revision.incident = story.incident
    Incident.objects.bulk_update([s.incident for s in stories if s.merged_at], ["duplicate_of"])
    Revision.objects.bulk_create(rows, batch_size=400)


def _declare(districts: list[Area]) -> None:
    """One stretch of the past of which a person says that nothing reached the register."""
    analyst = Person.objects.filter(username="sample-analyst").first()
    martuk = next((area for area in districts if area.code == "sample-martuk"), None)
    if martuk is None:
        return
    last = month_before() - 48
    day = timezone.make_aware(datetime.combine(months.last_day(last) + timedelta(days=20), time(11)))
    Silence.objects.create(
        area=martuk, first_month=last - 4, last_month=last, declared_by=analyst, declared_at=day, is_sample=True,
        why="Журнал учёта за эти месяцы не передан. Есеп журналы берілмеген.",
    )  # fmt: skip


def _measure(districts: list[Area]) -> None:
    """An imported signal: a made-up poll of each quarter, with its interval; small districts have none."""
    rng = np.random.default_rng([sample_story.SEED, 99])
    last = month_before()
    for number, area in enumerate(districts):
        if area.code in sample_story.TOO_FEW:
            continue
        level = 52 + 18 * float(rng.random())
        for month in range(last - 21, last + 1, 3):
            value, half = level + float(rng.normal(0, 2)), 3.5 + 3 * float(rng.random())
            Signal.objects.create(
                area=area, month=month, name="Хабарлауға дайындар · Готовы сообщить, %", source="опрос, учебный",
                value=round(value, 1), low=round(value - half, 1), high=round(min(100, value + half), 1),
                uncertainty=Signal.Uncertainty.INTERVAL95, is_sample=True,
                known_at=timezone.make_aware(datetime.combine(months.last_day(month), time(12, number))),
            )  # fmt: skip
