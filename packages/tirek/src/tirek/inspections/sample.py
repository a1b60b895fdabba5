"""Sample visits: half a year of inspections, a thinner year before it, a round that runs, and a day for the inspector's phone.

The story, counted from today: in the last 182 days 110 different facilities were inspected and 104 of these visits had findings.
67 of them were put right and seen by another person since; 37 are open, 9 of them for longer than their term. Notices build
on that: each visit with findings gets one. The same seed gives the same visits.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tirek.accounts.models import Person
from tirek.audit.act import act
from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.facilities.sample_words import language_at, said
from tirek.files import actions as files
from tirek.files.models import StoredFile
from tirek.inspections import routing
from tirek.inspections.clock import ms
from tirek.inspections.models import Answer, Conflict, Finding, Inspection, Photo, Round
from tirek.inspections.sample_pictures import SCENES, photo, signature
from tirek.inspections.sample_remarks import remark
from tirek.places.models import Area
from tirek.requirements import queries as requirements
from tirek.requirements.actions.recording import Record, record_many
from tirek.requirements.applicability import Facts, binds
from tirek.requirements.models import Requirement

SEED = 20260110
HOSPITAL = "sample-hospital"
INSPECTED, WITH_FINDINGS, FIXED, OVERDUE, EARLIER = 110, 104, 67, 9, 48
GATE = "perimeter-fence"
CITY = "sample-aktobe"
PHOTO_SETS, HALF_YEAR = 2, 182
SCENE_OF = {"perimeter": "gate", "entrances": "door", "inside": "corridor", "video": "camera"}


def load(say: Callable[[str], None]) -> None:
    """Load the sample visits. What is there stays as it is."""
    if Inspection.objects.filter(is_sample=True).exists():
        return
    facilities = list(Facility.objects.filter(is_sample=True).select_related("area", "type").order_by("code"))
    people = {p.username: p for p in Person.objects.filter(is_sample=True, username__startswith="sample-inspector")}
    rows = requirements.in_force()
    if len(facilities) < INSPECTED + EARLIER or len(people) < 3 or not rows:
        return
    with act("inspections.load_sample", system="sample") as trace:
        maker = _Maker(facilities, people, rows)
        maker.make()
        trace.on(maker.round, after={"visits": len(maker.visits), "findings": len(maker.findings)})
    say(f"{len(maker.visits)} visits, {len(maker.findings)} findings, {len(maker.answers)} answers")


def clear() -> int:
    """Remove the sample visits; what real rows stand on stays. Returns how many visits went."""
    visits = Inspection.objects.filter(is_sample=True)
    first = visits.first()
    if first is None:
        return 0
    touched = set(visits.values_list("facility", flat=True))
    kept = list(StoredFile.objects.filter(is_sample=True, name__startswith="sample-visit-"))
    with act("inspections.clear_sample", system="sample") as trace:
        trace.on(first)
        Finding.objects.filter(is_sample=True, inspection__in=visits).update(fixed_by=None, state=Finding.State.OPEN)
        Finding.objects.filter(is_sample=True, inspection__in=visits).delete()
        removed = 0
        for visit in visits:
            try:
                with transaction.atomic():
                    visit.delete()
                removed += 1
            except ProtectedError:
                continue
        Round.objects.filter(is_sample=True, inspections=None).delete()
        for stored in kept:
            try:
                with transaction.atomic():
                    stored.delete()
            except ProtectedError:
                continue
        figures.recount(touched)
    return removed


@dataclass(slots=True)
class _Planned:
    """One visit of the past that is to be made."""

    facility: Facility
    days_ago: int
    findings: int
    fixed_after: int | None = None
    keys: tuple[str, ...] = ()
    round: Round | None = None


@dataclass(slots=True)
class _Maker:
    """Makes all rows; holds the random numbers."""

    facilities: list[Facility]
    people: dict[str, Person]
    requirements: list[Requirement]
    random: random.Random = field(default_factory=lambda: random.Random(SEED))
    today: date = field(default_factory=timezone.localdate)
    city: str = ""
    facts: dict[int, Facts] = field(init=False)
    pictures: dict[str, list[StoredFile]] = field(init=False)
    signatures: list[StoredFile] = field(init=False)
    round: Round = field(init=False)
    visits: list[Inspection] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)
    seen: list[tuple[Inspection, dict[Requirement, tuple[str, str]]]] = field(default_factory=list)
    verified: list[tuple[Inspection, list[Finding]]] = field(default_factory=list)

    def make(self) -> None:
        self.facts = requirements.facts_of([facility.pk for facility in self.facilities])
        self.city = Area.objects.filter(code=CITY).values_list("path", flat=True).first() or ""
        self.pictures = self._pictures()
        self.signatures = [self._store(signature(n), "signature", f"signature-{n}.png") for n in range(3)]
        self.round = self._round()
        for planned in self._past():
            self._visit(planned)
        first = self.visits[:]
        self._save()
        self._to_come({visit.facility_id for visit in first})
        record_many(
            (Record(v.facility_id, states, "inspection", v.finished_at or v.made_at, v.pk) for v, states in self.seen),
            recount=False,
        )
        figures.recount({visit.facility_id for visit in self.visits})

    # --- What was ---------------------------------------------------------------------------------------------------

    def _past(self) -> list[_Planned]:
        """All visits of the past, the oldest first, each with what was found and when that was seen put right."""
        hospital = next(facility for facility in self.facilities if facility.code == HOSPITAL)
        others = [facility for facility in self.facilities if facility is not hospital]
        self.random.shuffle(others)
        recent, earlier = others[: INSPECTED - 1], others[INSPECTED - 1 : INSPECTED - 1 + EARLIER]
        # Inspected last half-year too, and a year before that.
        earlier += recent[: EARLIER // 2]
        plans = [_Planned(hospital, 12, 1, keys=(GATE,), round=self.round)]
        fresh = WITH_FINDINGS - FIXED - OVERDUE - 1
        for number, facility in enumerate(recent):
            n = self.random.choice((1, 1, 2, 2, 3, 4))
            if number < FIXED:
                ago = self.random.randint(62, 180)
                plans.append(_Planned(facility, ago, n, fixed_after=self.random.randint(22, 48)))
            elif number < FIXED + OVERDUE:
                plans.append(_Planned(facility, 74 if number == FIXED else self.random.randint(40, 70), n))
            elif number < FIXED + OVERDUE + fresh:
                plans.append(_Planned(facility, self.random.randint(3, 27), n, round=self.round))
            else:
                plans.append(_Planned(facility, self.random.randint(35, 170), 0))
        for facility in earlier:
            ago = self.random.randint(240, 540)
            plans.append(
                _Planned(facility, ago, self.random.choice((0, 1, 1, 2)), fixed_after=self.random.randint(20, 50))
            )
        return sorted(plans, key=lambda plan: -plan.days_ago)

    def _visit(self, plan: _Planned) -> None:
        """One visit that was handed in, and the re-inspection after it."""
        by, other = self._two_people(plan.facility)
        begun = self._moment(plan.days_ago, self.random.randint(9, 15), self.random.randint(0, 55))
        took = timedelta(minutes=self.random.randint(45, 130))
        visit = self._row(plan.facility, by, begun, took, plan.days_ago, round=plan.round)
        asked = self._asked(plan.facility)
        if plan.days_ago > HALF_YEAR:  # the year before that is thinner: the mandatory ones alone
            asked = [requirement for requirement in asked if requirement.mandatory]
        unmet = self._unmet(asked, plan)
        states: dict[Requirement, tuple[str, str]] = {}
        found = []
        for number, requirement in enumerate(asked):
            is_unmet = requirement in unmet
            state = "unmet" if is_unmet else self.random.choices(("met", "na", "unknown"), (92, 5, 3))[0]
            note, place = remark(requirement.key, by.language) if is_unmet else ("", "")
            if is_unmet:
                # Nothing hangs on it; without it, all that is drawn after it would be another story.
                self.random.randrange(2)
            at = begun + took * (number + 1) / (len(asked) + 1)
            self.answers.append(
                Answer(
                    inspection=visit,
                    requirement=requirement,
                    state=state,
                    note=note,
                    place=place,
                    answered_at=at,
                    by=by,
                )
            )
            if state != "unknown":
                states[requirement] = (state, note)
            if is_unmet:
                found.append(self._finding(visit, requirement, note, place, by, at))
                if plan.days_ago < 60 or self.random.random() < 0.25:
                    self._photograph(visit, requirement, at, by)
        self.seen.append((visit, states))
        if found and plan.fixed_after:
            self._recheck(plan, found, other)

    def _recheck(self, plan: _Planned, found: list[Finding], by: Person) -> None:
        """Another person saw that it was put right."""
        days = plan.days_ago - plan.fixed_after if plan.fixed_after else 0
        begun = self._moment(days, self.random.randint(9, 16), self.random.randint(0, 55))
        visit = self._row(plan.facility, by, begun, timedelta(minutes=25), days, kind=Inspection.Kind.AGAIN)
        states: dict[Requirement, tuple[str, str]] = {}
        for finding in found:
            at = begun + timedelta(minutes=12)
            finding.state, finding.fixed_by, finding.fixed_on = Finding.State.FIXED, visit, timezone.localdate(at)
            self.answers.append(
                Answer(inspection=visit, requirement=finding.requirement, state="met", answered_at=at, by=by)
            )
            states[finding.requirement] = ("met", "")
        self.verified.append((visit, found))
        self.seen.append((visit, states))

    def _row(
        self,
        facility: Facility,
        by: Person,
        begun: datetime,
        took: timedelta,
        days_ago: int,
        kind: str = Inspection.Kind.PLANNED,
        round: Round | None = None,
    ) -> Inspection:
        end = begun + took
        contact = facility.head or "Оспанова Г. С."
        refused = not self.random.randrange(14)
        clock = self.random.choice((0, 0, 0, 1, -2, 3, 700 if not self.random.randrange(20) else 0))
        visit = Inspection(
            uid=uuid.UUID(int=self.random.getrandbits(128), version=4),
            facility=facility,
            round=round,
            kind=kind,
            state=Inspection.State.SUBMITTED,
            inspector=by,
            planned_on=timezone.localdate(begun),
            made_at=begun - timedelta(days=9),
            started_at=begun,
            finished_at=end,
            submitted_at=end + timedelta(minutes=self.random.choice((1, 2, 3, 95, 240))),
            submitted_by=by,
            clock_offset_s=clock,
            lat=facility.lat + self.random.uniform(-0.0006, 0.0006),
            lon=facility.lon + self.random.uniform(-0.0009, 0.0009),
            accuracy_m=self.random.choice((4.0, 6.0, 9.0, 15.0)),
            representative="" if refused else contact,
            representative_position=""
            if refused
            else said("ответственный за безопасность", language_at(facility.code)),
            signature=None if refused else self.random.choice(self.signatures),
            signature_refused=said("Отказался без объяснения причин.", by.language) if refused else "",
            is_sample=True,
        )
        self.visits.append(visit)
        return visit

    def _finding(
        self, visit: Inspection, requirement: Requirement, note: str, place: str, by: Person, at: datetime
    ) -> Finding:
        made = Finding(
            facility=visit.facility,
            inspection=visit,
            requirement=requirement,
            severity=requirement.severity,
            text=note,
            place=place,
            found_on=timezone.localdate(at),
            found_by=by,
            is_sample=True,
        )
        self.findings.append(made)
        return made

    def _photograph(self, visit: Inspection, requirement: Requirement, at: datetime, by: Person) -> None:
        scene = SCENE_OF.get(requirement.point, "board")
        self.photos.append(
            Photo(
                inspection=visit,
                requirement=requirement,
                file=self.random.choice(self.pictures[scene]),
                client_id=f"sample-{len(self.photos)}",
                taken_at=at,
                lat=visit.lat,
                lon=visit.lon,
                caption=said("учебный снимок", by.language),
                by=by,
            )
        )

    # --- What is to come ------------------------------------------------------------------------------------------------

    def _to_come(self, inspected: set[int]) -> None:
        """The rest of the round: today's route, the next days, one visit that two people fill in, some without an inspector."""
        city = [f for f in self.facilities if f.pk not in inspected and self._in_city(f)]
        rest = [f for f in self.facilities if f.pk not in inspected]
        here = self._near_first(city or rest)
        one, two = self.people["sample-inspector"], self.people["sample-inspector-2"]
        made: list[Inspection] = []
        for day, person in ((0, one), (1, one), (0, two), (3, two)):
            own, here = here[:6], here[6:]
            made += self._day(own, person, self.today + timedelta(days=day))
        made += [self._planned(facility, None, None) for facility in here[:5]]
        unannounced = here[5:8]
        made += [
            self._planned(f, one, self.today + timedelta(days=2), kind=Inspection.Kind.UNANNOUNCED) for f in unannounced
        ]
        Inspection.objects.bulk_create(made)
        self.visits += made
        self._two_answers(made[0], one, two)
        self._hospital_again(two)

    def _day(self, facilities: list[Facility], person: Person, on: date) -> list[Inspection]:
        """A day's visits in the order of a short way, with times of arrival."""
        home = routing.home_of(person, facilities)
        left, order = list(facilities), []
        lat, lon = home
        while left:
            nearest = min(left, key=lambda f: (f.lat - lat) ** 2 + (f.lon - lon) ** 2)
            left.remove(nearest)
            order.append(nearest)
            lat, lon = nearest.lat, nearest.lon
        rows = []
        for number, facility in enumerate(order, start=1):
            visit = self._planned(facility, person, on)
            minutes = 9 * 60 + 10 + (number - 1) * 78
            visit.planned_order, visit.planned_at = number, time(minutes // 60, minutes % 60)
            rows.append(visit)
        return rows

    def _planned(
        self, facility: Facility, person: Person | None, on: date | None, kind: str = Inspection.Kind.PLANNED
    ) -> Inspection:
        return Inspection(
            uid=uuid.UUID(int=self.random.getrandbits(128), version=4),
            facility=facility,
            round=self.round,
            kind=kind,
            state=Inspection.State.ASSIGNED if person else Inspection.State.PLANNED,
            inspector=person,
            planned_on=on,
            is_sample=True,
        )

    def _two_answers(self, visit: Inspection, one: Person, two: Person) -> None:
        """A visit under way in which two people have seen different things."""
        asked = self._asked(visit.facility)
        begun = timezone.now() - timedelta(minutes=50)
        visit.state, visit.started_at, visit.version = Inspection.State.UNDER_WAY, begun, 6
        visit.checklist = [requirement.pk for requirement in asked]
        visit.save()
        visit.companions.add(two)
        visit.editions.set({requirement.edition_id for requirement in asked})
        rows = [
            Answer(
                inspection=visit,
                requirement=requirement,
                state="met",
                answered_at=begun + timedelta(minutes=2 * number),
                by=one,
                device="sample-phone",
            )
            for number, requirement in enumerate(asked[:6])
        ]
        Answer.objects.bulk_create(rows)
        first = rows[0]
        at = first.answered_at + timedelta(minutes=4)
        unlike = remark(asked[0].key, two.language)
        ours: dict[str, Any] = {"state": "met", "severity": "", "note": "", "place": "", "building": None}
        theirs = ours | {"state": "unmet", "note": unlike.text, "place": unlike.place, "at": ms(at)}
        Conflict.objects.create(
            inspection=visit,
            requirement=asked[0],
            ours=ours | {"at": ms(first.answered_at), "by": {"id": one.pk, "name": one.full_name}, "version": 1},
            theirs=theirs,
            sent_by=two,
            device="sample-phone-2",
            sent_at=at,
        )

    def _hospital_again(self, other: Person) -> None:
        """The hospital's gate is looked at again next week, by another person than the one who found it."""
        finding = next(f for f in self.findings if f.facility.code == HOSPITAL and f.state == Finding.State.OPEN)
        by = other if finding.found_by_id != other.pk else self.people["sample-inspector"]
        visit = self._planned(finding.facility, by, self.today + timedelta(days=6), kind=Inspection.Kind.AGAIN)
        visit.round = None
        visit.save()
        visit.verifies.add(finding)
        self.visits.append(visit)

    # --- Helpers --------------------------------------------------------------------------------------------------------

    def _save(self) -> None:
        Inspection.objects.bulk_create(self.visits)
        Finding.objects.bulk_create(self.findings)
        Answer.objects.bulk_create(self.answers, batch_size=1000)
        Photo.objects.bulk_create(self.photos)
        link = Inspection.verifies.through
        link.objects.bulk_create(
            link(inspection_id=visit.pk, finding_id=finding.pk) for visit, rows in self.verified for finding in rows
        )
        pairs = {(answer.inspection_id, answer.requirement.edition_id) for answer in self.answers}
        editions = Inspection.editions.through
        editions.objects.bulk_create(
            editions(inspection_id=visit, edition_id=edition) for visit, edition in sorted(pairs)
        )

    def _round(self) -> Round:
        region = Area.objects.filter(kind=Area.Kind.REGION, is_sample=True).order_by("pk").first()
        return Round.objects.create(
            name="Плановый обход осени" if self.today.month > 8 else "Плановый обход весны",
            rule=Round.Rule.DUE,
            options={"older_than_days": 365, "share": 10, "types": [], "categories": []},
            seed=self.random.getrandbits(48),
            area=region or self.facilities[0].area,
            starts_on=self.today - timedelta(days=30),
            ends_on=self.today + timedelta(days=45),
            state=Round.State.RUNNING,
            reason="Каждый объект посещается не реже одного раза в год.",
            made_by=Person.objects.filter(username="sample-chief").first(),
            made_at=timezone.now() - timedelta(days=32),
            is_sample=True,
        )

    def _pictures(self) -> dict[str, list[StoredFile]]:
        return {
            scene: [self._store(photo(scene, n), "photo", f"{scene}-{n}.jpg") for n in range(PHOTO_SETS)]
            for scene in SCENES
        }

    def _store(self, content: bytes, kind: str, name: str) -> StoredFile:
        return files.store(None, content, kind=kind, name=f"sample-visit-{name}", system="sample", is_sample=True)

    def _two_people(self, facility: Facility) -> tuple[Person, Person]:
        """Who found it and who looked again: two of three, the first inspector only in the city."""
        names = ["sample-inspector-2", "sample-inspector-3"]
        if self._in_city(facility):
            names = ["sample-inspector", *names]
        one, two = self.random.sample(names, 2)
        return self.people[one], self.people[two]

    def _in_city(self, facility: Facility) -> bool:
        """Whether the first inspector's area holds it."""
        return bool(self.city) and facility.area.path.startswith(self.city)

    def _asked(self, facility: Facility) -> list[Requirement]:
        facts = self.facts[facility.pk]
        return [r for r in self.requirements if r.verify != Requirement.Verify.LIVE and binds(r.applies, facts)]

    def _unmet(self, asked: list[Requirement], plan: _Planned) -> set[Requirement]:
        named = [requirement for requirement in asked if requirement.key in plan.keys]
        rest = [requirement for requirement in asked if requirement not in named]
        n = max(0, plan.findings - len(named))
        return {*named, *self.random.sample(rest, min(n, len(rest)))}

    def _near_first(self, facilities: list[Facility]) -> list[Facility]:
        """Neighbours together, so that a day's route is short."""
        return sorted(facilities, key=lambda f: (round(f.lat, 2), round(f.lon, 2), f.code))

    def _moment(self, days_ago: int, hour: int, minute: int) -> datetime:
        day = self.today - timedelta(days=days_ago)
        return timezone.make_aware(datetime.combine(day, time(hour, minute)))
