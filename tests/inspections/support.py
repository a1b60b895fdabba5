"""What the tests of inspections share: a small standard, visits, and a phone that speaks to the server."""

from __future__ import annotations

import io
import itertools
import json
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from tests.fixtures import Province
from tirek.accounts.models import Person
from tirek.facilities.models import Facility
from tirek.files import actions as files
from tirek.inspections.models import Finding, Inspection, Round
from tirek.requirements.models import Edition, Point, Requirement, Standard

_numbers = itertools.count(1)


def make_standard(
    code: str = "house", keys: tuple[str, ...] = ("gate", "camera", "drill"), label: str = "2026"
) -> list[Requirement]:
    """A standard with an edition in force; one mandatory requirement first."""
    standard, _made = Standard.objects.get_or_create(
        code=code, defaults={"name_kk": "Стандарт", "name_ru": "Стандарт", "name_en": "Standard"}
    )
    standard.editions.filter(state=Edition.State.IN_FORCE).update(
        state=Edition.State.REPLACED, replaced_on=timezone.localdate()
    )
    edition = Edition.objects.create(
        standard=standard, label=label, state=Edition.State.IN_FORCE, sha256="0" * 64, valid_from=date(2020, 1, 1)
    )
    return [
        Requirement.objects.create(
            edition=edition,
            key=key,
            paragraph=f"{number}.",
            order=number,
            text_kk=f"{key} kk",
            text_ru=f"{key} ru",
            text_en=f"{key} in order",
            point=Point.PERIMETER if number == 1 else Point.VIDEO,
            mandatory=number == 1,
        )
        for number, key in enumerate(keys, start=1)
    ]


def requirements() -> list[Requirement]:
    """Those of the edition in force; made when there is none."""
    found = list(Requirement.objects.filter(edition__state=Edition.State.IN_FORCE).order_by("order"))
    return found or make_standard()


def make_visit(facility: Facility, inspector: Person | None = None, **fields: Any) -> Inspection:
    requirements()
    state = Inspection.State.ASSIGNED if inspector else Inspection.State.PLANNED
    fields = {"state": state, "planned_on": timezone.localdate()} | fields
    return Inspection.objects.create(facility=facility, inspector=inspector, **fields)


def make_finding(
    facility: Facility, found_by: Person, requirement: Requirement | None = None, **fields: Any
) -> Finding:
    requirement = requirement or requirements()[0]
    visit = make_visit(
        facility, found_by, state=Inspection.State.SUBMITTED, submitted_at=timezone.now(), finished_at=timezone.now()
    )
    return Finding.objects.create(
        facility=facility,
        inspection=visit,
        requirement=requirement,
        severity=fields.pop("severity", "serious"),
        text=fields.pop("text", "The gate stands open"),
        found_on=fields.pop("found_on", timezone.localdate()),
        found_by=found_by,
        **fields,
    )


def make_round(province: Province, **fields: Any) -> Round:
    today = timezone.localdate()
    given = {"name": "Autumn", "rule": Round.Rule.ALL, "starts_on": today, "ends_on": today + timedelta(days=60)}
    return Round.objects.create(**{**given, "area": province.districts[0], **fields})


def picture(colour: str = "teal", kind: str = "JPEG") -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(content, kind)
    return content.getvalue()


def now_ms() -> int:
    return round(timezone.now().timestamp() * 1000)


class Phone:
    """A phone of one person. `ahead_s`: how wrong its clock is."""

    def __init__(self, client: Client, person: Person, device: str = "", ahead_s: int = 0) -> None:
        self.client, self.person = client, person
        self.device = device or f"phone-{next(_numbers)}"
        self.ahead_ms = ahead_s * 1000
        self.seq = itertools.count(1)

    def time(self) -> int:
        return now_ms() + self.ahead_ms

    def post(self, name: str, body: Any, **parts: Any) -> Any:
        url = reverse(f"inspections:{name}", kwargs=parts)
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self.client.post(url, data, content_type="application/json", headers={"Accept": "application/json"})

    def answer(
        self, requirement: Requirement, state: str, note: str = "", base: int = 0, **value: Any
    ) -> dict[str, Any]:
        seq = next(self.seq)
        return {
            "id": f"{self.device}-{seq}",
            "seq": seq,
            "at": self.time(),
            "kind": "answer",
            "requirement": requirement.pk,
            "base": base,
            "value": {"state": state, "note": note} | value,
        }

    def field(self, name: str, text: str, base: int = 0) -> dict[str, Any]:
        seq = next(self.seq)
        change = {"id": f"{self.device}-{seq}", "seq": seq, "at": self.time(), "kind": "field", "field": name}
        return change | {"base": base, "value": {"text": text}}

    def sync(self, visit: Inspection, *changes: dict[str, Any], **more: Any) -> Any:
        body = {"device": self.device, "sent_at": self.time(), "changes": list(changes)} | more
        return self.post("device_sync", body, uid=visit.uid)

    def start(self, visit: Inspection, **more: Any) -> Any:
        body = {"device": self.device, "sent_at": self.time(), "at": self.time()} | more
        return self.post("device_start", body, uid=visit.uid)

    def upload(self, name: str, kind: str = "photo") -> None:
        """The bytes, as if they had come in pieces."""
        files.store(self.person, picture(), kind=kind, name=f"{name}.jpg", client_id=name)

    def photo(self, visit: Inspection, name: str, requirement: Requirement | None = None, **more: Any) -> Any:
        body = {
            "client_id": name,
            "upload": name,
            "sent_at": self.time(),
            "taken_at": self.time(),
            "requirement": requirement.pk if requirement else None,
        } | more
        return self.post("device_photo", body, uid=visit.uid)

    def submit(self, visit: Inspection, **more: Any) -> Any:
        body = {
            "device": self.device,
            "sent_at": self.time(),
            "finished_at": self.time(),
            "signature_refused": "Nobody was there",
        } | more
        return self.post("device_submit", body, uid=visit.uid)
