"""Two officers who warn one neighbourhood after the other, by the same acts as the pages."""

from __future__ import annotations

import time
from random import Random

from django.db.utils import OperationalError

from tirek.accounts.models import Assignment, Person
from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.warning import wording
from tirek.warning.actions import Draft, compose_alert, confirm_alert, send_for_confirmation
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.models import Mode, Plan
from tirek.warning.shapes import round_shape

RADIUS_M = 250


def officer(username: str) -> Person:
    """A person who may do all that the story needs."""
    person, _made = Person.objects.get_or_create(username=username, defaults={"full_name": username})
    Assignment.objects.get_or_create(person=person, role="duty_officer", area=None)
    return Person.objects.get(pk=person.pk)


class Officers:
    """Warn round a random one of `facilities`, not twice within `quiet_s`, so that no warning replaces another."""

    def __init__(self, facilities: list[Facility], chance: Random, quiet_s: float) -> None:
        self.author, self.second = officer("chaos-author"), officer("chaos-second")
        self.plan = Plan.objects.get(code="shelter")
        self.texts = {t.language: {p: getattr(t, p) for p in wording.PARTS} for t in self.plan.texts.all()}
        self.last_used = dict.fromkeys(facilities, 0.0)
        self.quiet_s = quiet_s
        self.chance = chance
        self.issued: list[int] = []

    def warn(self) -> None:
        """Compose, send, confirm one exercise. Does nothing while every neighbourhood still sounds."""
        now = time.monotonic()
        rested = [f for f, used in self.last_used.items() if now - used > self.quiet_s or not used]
        if not rested:
            return
        facility = self.chance.choice(rested)
        names = {"kk": facility.name_kk, "ru": facility.name_ru, "en": facility.name_en or facility.name_ru}
        slots = {language: {"place": name, "area": name} for language, name in names.items()}
        draft = Draft(
            mode=Mode.EXERCISE,
            plan=self.plan,
            shape=round_shape(facility.lat, facility.lon, RADIUS_M),
            texts=wording.fill(self.texts, slots),
            slots=slots,
            place=names,
        )
        try:
            alert = compose_alert(self.author, draft)
            send_for_confirmation(self.author, alert.pk)
            alert.refresh_from_db()
            self.issued.append(confirm_alert(self.second, alert.pk, seen=fingerprint(alert)).pk)
            self.last_used[facility] = time.monotonic()
        except (Refused, OperationalError) as error:
            print(f"  an officer was refused: {error}", flush=True)
