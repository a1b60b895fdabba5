"""Sample passports: some in force and true, some that facts have overtaken, a few in work; most facilities have none yet.

The heads who approved them are closed accounts: they stand on the passports and cannot be played.
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tirek.accounts.models import Person
from tirek.audit.act import act
from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.passports import content
from tirek.passports.content import Facts
from tirek.passports.models import Passport

SEED = 20260230
HOSPITAL_CODE = "sample-hospital"
IN_FORCE, STALE, TO_AGREE, DRAFTS = 34, 9, 4, 5
HEAD = "sample-head-"
REASON = "Укажите проектную вместимость по залам и приложите новый план этажей."
State = Passport.State


def load(say: Callable[[str], None]) -> None:
    """Write the sample passports. What is there stays as it is."""
    if Passport.objects.filter(is_sample=True).exists():
        return
    people = {person.username: person for person in Person.objects.filter(is_sample=True)}
    wanted = ("sample-chief", "sample-contact", "sample-inspector")
    rows = Facility.objects.listed().filter(is_sample=True).select_related("type").order_by("category", "code")
    facilities = [row for row in rows if row.code != HOSPITAL_CODE]
    hospital = next((row for row in rows if row.code == HOSPITAL_CODE), None)
    if hospital is None or not all(name in people for name in wanted):
        return
    dice = random.Random(SEED)
    chosen = [hospital, *dice.sample(facilities, min(len(facilities), IN_FORCE + STALE + TO_AGREE + DRAFTS - 1))]
    with act("passports.load_sample", system="sample") as trace:
        made = _Maker(dice, people, chosen).make()
        Passport.objects.bulk_create(made)
        links = [
            Passport.plans.through(passport_id=passport.pk, storedfile_id=file)
            for passport in made
            for file in set(content.plan_ids(passport.facts))
        ]
        Passport.plans.through.objects.bulk_create(links)
        figures.recount(facility.pk for facility in chosen)
        trace.on(made[0], after={"passports": len(made)})
    in_force = sum(passport.state == State.AGREED for passport in made)
    say(f"{len(made)} passports, {in_force} in force, {STALE} of these out of date")


def clear() -> int:
    """Remove the sample passports and the heads who approved them. Returns how many rows went."""
    rows = Passport.objects.filter(is_sample=True)
    first = rows.select_related("facility__area").first()
    if first is None:
        return 0
    touched = set(rows.values_list("facility", flat=True))
    with act("passports.clear_sample", system="sample") as trace:
        trace.on(first)
        removed = rows.count()
        rows.delete()
        figures.recount(touched)
    for head in Person.objects.filter(is_sample=True, username__startswith=HEAD):
        try:
            with transaction.atomic():
                head.delete()
            removed += 1
        except ProtectedError:
            continue
    return removed


class _Maker:
    """Writes the versions; the first facility is the hospital."""

    def __init__(self, dice: random.Random, people: dict[str, Person], facilities: list[Facility]) -> None:
        self.dice = dice
        self.chief, self.inspector = people["sample-chief"], people["sample-inspector"]
        self.facilities = facilities
        self.facts = content.facts_of(facility.pk for facility in facilities)
        self.heads = {facilities[0].pk: people["sample-contact"]} | self._heads(facilities[1:])
        self.now = timezone.now()

    def make(self) -> list[Passport]:
        made: list[Passport] = []
        plan = [State.AGREED] * IN_FORCE + ["stale"] * STALE + [State.APPROVED] * TO_AGREE + [State.DRAFT] * DRAFTS
        for facility, state in zip(self.facilities, plan, strict=False):
            facts = self.facts[facility.pk]
            days = self.dice.randint(20, 330)
            version = 1
            if facility is self.facilities[0] or self.dice.random() < 0.3:  # a version before it
                made.append(self._signed(facility, 1, self._older(facts), days + 365, State.REPLACED))
                version = 2
            if state == "stale":
                passport = self._signed(facility, version, self._older(facts), days, State.AGREED)
                passport.stale_since = self.now - timedelta(days=self.dice.randint(1, 19), hours=3)
                made.append(passport)
            elif state == State.AGREED:
                made.append(self._signed(facility, version, facts, days, State.AGREED))
            else:
                made.append(self._in_work(facility, version, facts, state))
        return made

    def _signed(self, facility: Facility, version: int, facts: Facts, days: int, state: str) -> Passport:
        passport = self._row(facility, version, facts, days)
        passport.state = state
        self._approve(passport, facility)
        passport.agreed_by, passport.agreed_sha256 = self.chief, passport.sha256
        passport.agreed_at = passport.made_at + timedelta(days=5, hours=2)
        return passport

    def _in_work(self, facility: Facility, version: int, facts: Facts, state: str) -> Passport:
        passport = self._row(facility, version, facts, self.dice.randint(2, 9))
        passport.state = state
        if state == State.APPROVED:
            self._approve(passport, facility)
        elif self.dice.random() < 0.4:
            passport.refused_by, passport.refused_why = self.chief, REASON
            passport.refused_at = passport.made_at + timedelta(days=1)
        return passport

    def _row(self, facility: Facility, version: int, facts: Facts, days: int) -> Passport:
        return Passport(
            facility=facility,
            version=version,
            facts=facts,
            sha256=content.sha256(facts),
            made_by=self.inspector,
            made_at=self._at(days),
            is_sample=True,
        )

    def _at(self, days: int) -> datetime:
        """A moment of a working day so many days ago."""
        day = timezone.localtime(self.now) - timedelta(days=days)
        return day.replace(hour=self.dice.randint(9, 15), minute=self.dice.randint(0, 59))

    def _approve(self, passport: Passport, facility: Facility) -> None:
        passport.approved_by, passport.approved_sha256 = self.heads[facility.pk], passport.sha256
        passport.approved_at = passport.made_at + timedelta(days=1, hours=1)

    def _older(self, facts: Facts) -> Facts:
        """The facts as they may have been: some people fewer, another telephone, less equipment."""
        old = copy.deepcopy(facts)
        old["characteristics"]["capacity"] = max(20, round(facts["characteristics"]["capacity"] * 0.85, -1))
        if facts["general"]["phone"]:
            old["general"]["phone"] = facts["general"]["phone"][:-2] + "01"
        if facts["characteristics"]["staff"]:
            old["characteristics"]["staff"] = max(3, facts["characteristics"]["staff"] - self.dice.randint(2, 9))
        kinds = old["equipment"]["kinds"]
        if kinds:
            kinds[0]["count"] = max(1, kinds[0]["count"] - self.dice.randint(1, 3))
        if len(old["characteristics"]["entrances"]) > 1 and self.dice.random() < 0.5:
            old["characteristics"]["entrances"].pop()
        return old

    def _heads(self, facilities: list[Facility]) -> dict[int, Person]:
        found: dict[int, Person] = {}
        for facility in facilities:
            contacts = self.facts[facility.pk]["general"]["contacts"]
            name = facility.head or (contacts[-1]["name"] if contacts else facility.code)
            head = Person(
                username=f"{HEAD}{facility.code}"[:150],
                full_name=name,
                position="директор",
                agency_id=facility.agency_id,
                is_sample=True,
                is_active=False,
            )
            head.set_unusable_password()
            found[facility.pk] = head
        Person.objects.bulk_create(found.values())
        return found
