"""A region full of endpoints, and two officers: the scene of `issue_fanout`. Import only after django.setup()."""

from __future__ import annotations

import time
from random import Random

import h3
from django.core.management import call_command
from django.utils import timezone

from tirek.accounts.models import Assignment, Person
from tirek.places.models import Area
from tirek.warning import wording
from tirek.warning.actions import Draft, compose_alert, confirm_alert, send_for_confirmation
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.models import Alert, Command, Delivery, Endpoint, Mode, Plan
from tirek.warning.plans import load_plans
from tirek.warning.shapes import area_shape
from tirek.warning.signing import cap_key, centre_public_keys, make_keys
from tirek_agent.fleet import EndpointSpec
from tirek_protocols.command import SigningKey

WEST, SOUTH, EAST, NORTH = 56.9, 50.1, 57.5, 50.5


class Scene:
    """`count` enrolled endpoints in one district."""

    def __init__(self, count: int) -> None:
        call_command("migrate", verbosity=0)
        load_plans()
        make_keys()
        cap_key()
        ring = [[WEST, SOUTH], [EAST, SOUTH], [EAST, NORTH], [WEST, NORTH], [WEST, SOUTH]]
        self.area = Area.objects.create(
            kind="district", code="bench", name_en="Bench", name_ru="Стенд", name_kk="Стенд", population=500_000,
            boundary={"type": "Polygon", "coordinates": [ring]}, lat=50.3, lon=57.2,
        )  # fmt: skip
        self.area.path = f"{self.area.pk}/"
        self.area.save()
        self.alert: Alert | None = None
        self.specs = self._endpoints(count)
        self.author, self.second = self._officer("author"), self._officer("second")

    def _endpoints(self, count: int) -> list[EndpointSpec]:
        chance, now = Random(1), timezone.now()
        rows, specs = [], []
        for number in range(count):
            lat, lon = chance.uniform(SOUTH + 0.01, NORTH - 0.01), chance.uniform(WEST + 0.01, EAST - 0.01)
            key, cell, code = SigningKey.generate(), h3.latlng_to_cell(lat, lon, 10), f"bench-{number}"
            rows.append(
                Endpoint(
                    code=code,
                    name=code,
                    area=self.area,
                    lat=lat,
                    lon=lon,
                    cell=cell,
                    state="ready",
                    public_key=key.public.bytes,
                    enrolled_at=now,
                    last_seen=now,
                )
            )
            specs.append(
                EndpointSpec(
                    code, key.bytes, cell, int(now.timestamp() * 1000), tuple(centre_public_keys()), audio=False
                )
            )
        Endpoint.objects.bulk_create(rows, batch_size=500)
        return specs

    def _officer(self, name: str) -> Person:
        person = Person.objects.create(username=name, full_name=name)
        Assignment.objects.create(person=person, role="duty_officer")
        return person

    def issue(self) -> tuple[float, float]:
        """Compose and send, then confirm: returns when the confirmation began and when its act was over."""
        plan = Plan.objects.get(code="shelter")
        texts = {t.language: {p: getattr(t, p) for p in wording.PARTS} for t in plan.texts.all()}
        slots = {language: {"place": "Стенд", "area": "Стенд"} for language in texts}
        draft = Draft(Mode.EXERCISE, plan, area_shape(self.area), wording.fill(texts, slots), slots)
        alert = compose_alert(self.author, draft)
        send_for_confirmation(self.author, alert.pk)
        alert.refresh_from_db()
        seen = fingerprint(alert)
        began = time.time()
        self.alert = confirm_alert(self.second, alert.pk, seen=seen)
        return began, time.time()

    def wait_for_acceptance(self, seconds: float) -> list[float]:
        """When each delivery was accepted, seconds since 1970. Returns what there is when the patience is over."""
        rows = Delivery.objects.filter(alert=self.alert)
        deadline = time.monotonic() + seconds
        while rows.filter(accepted_at=None).exists() and time.monotonic() < deadline:
            time.sleep(0.5)
        return [at.timestamp() for at in rows.exclude(accepted_at=None).values_list("accepted_at", flat=True)]

    def published(self) -> float:
        """When the broker had the whole command, seconds since 1970."""
        return max(c.published_at.timestamp() for c in Command.objects.filter(alert=self.alert) if c.published_at)

    def command_bytes(self) -> int:
        return max(len(bytes(c.payload)) for c in Command.objects.filter(alert=self.alert))
