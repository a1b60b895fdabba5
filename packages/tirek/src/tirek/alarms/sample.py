"""Panels, response plans and a believable past of the sample province. Nothing of it happened."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from tirek.accounts.models import Person
from tirek.alarms.actions.panel import by_language
from tirek.alarms.devices import device_of
from tirek.alarms.kinds import urgency
from tirek.alarms.models import (
    Alarm,
    AlarmNote,
    AlarmStep,
    Kind,
    Panel,
    ResponsePlan,
    ResponseStep,
    Signal,
    Zone,
)
from tirek.alarms.receiver.keys import seal
from tirek.alarms.sample_plans import COMMON, PLANS, ZONES
from tirek.audit.act import act
from tirek.equipment.actions.linked import items_for
from tirek.facilities.models import Facility, FacilityType

SEED = 20260340
HOSPITAL = "sample-hospital"
HOSPITAL_ACCOUNT = "4F39"
PANELS = 40
HEARTBEAT_S = 30
PAST_DAYS = 30
PAST_ALARMS = 64
#: In turn: no key, AES-128, AES-256. The hospital's panel is encrypted.
KEY_SIZES = (16, 0, 32, 16, 0, 24)

#: Kind, code of the signal, how often, share of false ones.
PAST = (
    (Kind.PANIC, "PA", 9, 0.7),
    (Kind.BURGLARY, "BA", 16, 0.75),
    (Kind.FIRE, "FA", 8, 0.8),
    (Kind.TAMPER, "TA", 6, 0.6),
    (Kind.TROUBLE, "AT", 14, 0.0),
    (Kind.SILENT, "", 8, 0.0),
    (Kind.MEDICAL, "MA", 3, 0.3),
)
CAUSES = {
    "ru": (
        "Нажали случайно при уборке",
        "Проверка охраной без предупреждения",
        "Сквозняк открыл дверь",
        "Пар на кухне",
    ),
    "kk": ("Тазалау кезінде байқаусызда басылды", "Күзет ескертпей тексерді", "Есікті жел ашты", "Асүйдегі бу"),
}
DEEDS = {
    "ru": ("Наряд на месте, порядок восстановлен", "Охрана справилась, наряд отозван", "Передано в районный отдел"),
    "kk": ("Жасақ орнында, тәртіп қалпына келді", "Күзет өзі реттеді, жасақ қайтарылды", "Аудандық бөлімге берілді"),
}


def load(say: Callable[[str], None]) -> None:
    """Load plans, panels and past alarms. What is there stays as it is."""
    if Panel.objects.filter(is_sample=True).exists():
        return
    facilities = _facilities()
    if not facilities:
        return
    with act("alarms.load_sample", system="sample") as trace:
        _load_plans()
        panels = _load_panels(facilities)
        past = _Past(panels).load()
        trace.on(panels[0], after={"panels": len(panels), "alarms": past})
        trace.event("panel.changed", {"id": 0}, permission="alarms.view_panel")
    say(f"{len(panels)} alarm panels, {len(PLANS)} response plans, {past} past alarms")


def clear() -> int:
    """Remove sample panels, their signals, sample alarms and plans. Returns how many rows went."""
    panels = Panel.objects.filter(is_sample=True)
    first = panels.first()
    if first is None:
        return 0
    with act("alarms.clear_sample", system="sample") as trace:
        trace.on(first)
        trace.event("panel.changed", {"id": 0}, permission="alarms.view_panel")
        with transaction.atomic():
            alarms = Alarm.objects.filter(facility__is_sample=True)
            removed = Signal.objects.filter(panel__in=panels).delete()[0]
            removed += AlarmStep.objects.filter(alarm__in=alarms).delete()[0]
            removed += Signal.objects.filter(alarm__in=alarms).delete()[0]
            removed += alarms.delete()[0] + panels.delete()[0]
            plans = ResponsePlan.objects.filter(is_sample=True, steps__alarmstep=None).values("pk")
            removed += ResponsePlan.objects.filter(pk__in=list(plans.values_list("pk", flat=True))).delete()[0]
    return removed


def _facilities() -> list[Facility]:
    """The hospital first, then the places that matter most, of every type some."""
    rows = Facility.objects.listed().filter(is_sample=True).select_related("type", "area").defer("area__boundary")
    by_type: dict[str, list[Facility]] = {}
    for facility in rows.order_by("category", "code"):
        by_type.setdefault(facility.type.code, []).append(facility)
    chosen = [f for f in by_type.get("hospital", []) if f.code == HOSPITAL]
    turns = max((len(group) for group in by_type.values()), default=0)
    for turn in range(turns):
        chosen += [group[turn] for group in by_type.values() if turn < len(group) and group[turn].code != HOSPITAL]
    return chosen[:PANELS]


def _load_plans() -> None:
    types = {row.code: row for row in FacilityType.objects.all()}
    for plan in PLANS:
        if ResponsePlan.objects.filter(code=plan.code).exists():
            continue
        row = ResponsePlan.objects.create(
            code=plan.code,
            kind=plan.kind,
            facility_type=types.get(plan.type),
            name_kk=plan.kk,
            name_ru=plan.ru,
            name_en=plan.en,
            warning_plan=plan.warning,
            radius_m=plan.radius_m,
            is_sample=True,
        )
        ResponseStep.objects.bulk_create(
            ResponseStep(plan=row, order=order, text_kk=kk, text_ru=ru, text_en=en, act=button)
            for order, (kk, ru, en, button) in enumerate(plan.steps, 1)
        )


def _load_panels(facilities: list[Facility]) -> list[Panel]:
    chance = random.Random(SEED)
    panels = []
    for number, facility in enumerate(facilities):
        size = KEY_SIZES[number % len(KEY_SIZES)]
        account = HOSPITAL_ACCOUNT if facility.code == HOSPITAL else f"{0x5100 + number:04X}"
        panels.append(
            Panel(
                account=account,
                facility=facility,
                name=f"Панель {number + 1}",
                key=seal(chance.randbytes(size)) if size else None,
                heartbeat_s=HEARTBEAT_S,
                check_time=size == 32,
                is_sample=True,
            )
        )
    for panel, item in zip(panels, items_for([device_of(panel) for panel in panels]), strict=True):
        panel.item = item
    Panel.objects.bulk_create(panels)
    Zone.objects.bulk_create(
        Zone(panel=panel, number=zone.number, **by_language("name", zone.name), **by_language("place", zone.place))
        for panel in panels
        for zone in ZONES.get(panel.facility.type.code, COMMON)
    )
    return panels


@dataclass(frozen=True, slots=True)
class _Course:
    """How one past alarm went."""

    panel: Panel
    kind: Kind
    code: str
    opened: datetime
    accepted_s: float
    closed_s: float
    outcome: str
    officer: Person


class _Past:
    """Makes past alarms with their time lines; holds the random numbers."""

    def __init__(self, panels: list[Panel]) -> None:
        self.random = random.Random(SEED + 1)
        self.panels = panels
        self.now = timezone.now()
        self.officers = list(
            Person.objects.filter(is_sample=True, assignments__role="duty_officer").distinct().order_by("pk")
        )

    def load(self) -> int:
        """Returns how many alarms were made. Without sample officers there is nobody who could have closed one."""
        if not self.officers:
            return 0
        kinds = [row for row in PAST for _ in range(row[2])]
        courses = [self._course(number, *kinds[number % len(kinds)]) for number in range(PAST_ALARMS)]
        for course in courses:
            self._write(course)
        self._open_ones()
        return len(courses)

    def _course(self, number: int, kind: Kind, code: str, _often: int, false: float) -> _Course:
        # Some of today, so that the figures of the day mean something; the rest over the month before.
        hours = self.random.uniform(0.8, 9) if number % 8 == 0 else self.random.uniform(12, PAST_DAYS * 24)
        machine = kind in (Kind.TROUBLE, Kind.SILENT)
        outcome = Alarm.Outcome.FALSE if self.random.random() < false else Alarm.Outcome.REAL
        return _Course(
            panel=self.random.choice(self.panels[:-2]),
            kind=kind,
            code=code,
            opened=self.now - timedelta(hours=hours),
            accepted_s=self.random.lognormvariate(3.6 if machine else 2.2, 0.5),
            closed_s=self.random.uniform(240, 2400),
            outcome=Alarm.Outcome.ITSELF if kind == Kind.SILENT else outcome,
            officer=self.random.choice(self.officers),
        )

    def _write(self, course: _Course) -> Alarm:
        accepted = course.opened + timedelta(seconds=course.accepted_s)
        closed = course.opened + timedelta(seconds=course.accepted_s + course.closed_s)
        by_itself = course.outcome == Alarm.Outcome.ITSELF
        words = CAUSES if course.outcome == Alarm.Outcome.FALSE else DEEDS
        note = "" if by_itself else self.random.choice(words.get(course.officer.language, words["ru"]))
        alarm = self._alarm(
            course,
            state=Alarm.State.CLOSED,
            acknowledged_at=accepted,
            acknowledged_by=course.officer,
            closed_at=closed,
            closed_by=None if by_itself else course.officer,
            outcome=course.outcome,
            close_note=note,
        )
        lines = [
            *self._beginning(course),
            (accepted, "acknowledged", course.officer, "", {}),
            (closed, "closed", None if by_itself else course.officer, note, {"outcome": course.outcome}),
        ]
        self._lines(alarm, lines)
        return alarm

    def _alarm(self, course: _Course, **fields: Any) -> Alarm:
        return Alarm.objects.create(
            facility=course.panel.facility,
            kind=course.kind,
            urgency=urgency(course.kind),
            opened_at=course.opened,
            last_signal_at=course.opened,
            shown_at=course.opened + timedelta(seconds=0.4),
            signal_count=1,
            is_sample=True,
            **fields,
        )

    def _beginning(self, course: _Course) -> list[tuple[datetime, str, Person | None, str, dict[str, Any]]]:
        account = course.panel.account
        if not course.code:
            return [(course.opened, "silent", None, "", {"panel": account})]
        data = {
            "panel": account, "system": "SIA", "code": course.code, "qualifier": "new",
            "zone": self._zone(course), "transport": "tcp", "encrypted": bool(course.panel.key),
        }  # fmt: skip
        soon = course.opened + timedelta(milliseconds=self.random.uniform(15, 60))
        shown = course.opened + timedelta(milliseconds=self.random.uniform(200, 900))
        return [
            (course.opened, "signal", None, "", data),
            (soon, "answered", None, "", {"panel": account, "answer": "ACK"}),
            (shown, "shown", None, "", {"ms": round((shown - course.opened).total_seconds() * 1000)}),
        ]

    def _zone(self, course: _Course) -> str:
        """A zone of the panel that can send this code, if it has one."""
        zones = ZONES.get(course.panel.facility.type.code, COMMON)
        return self.random.choice([zone for zone in zones if course.code in zone.codes.split()] or [zones[0]]).number

    def _lines(self, alarm: Alarm, lines: list[tuple[datetime, str, Person | None, str, dict[str, Any]]]) -> None:
        AlarmNote.objects.bulk_create(
            AlarmNote(alarm=alarm, at=at, kind=kind, person=person, text=text, data=data)
            for at, kind, person, text, data in lines
        )

    def _open_ones(self) -> None:
        """Two of low urgency, so that the desk is not empty: a silent panel, and an intrusion somebody deals with."""
        officer, silent, intrusion = self.officers[-1], self.panels[-1], self.panels[min(7, len(self.panels) - 1)]
        since = self.now - timedelta(minutes=38)
        Panel.objects.filter(pk=silent.pk).update(last_seen=since - timedelta(seconds=75), silent_since=since)
        course = _Course(silent, Kind.SILENT, "", since, 41, 0, "", officer)
        accepted = since + timedelta(seconds=41)
        alarm = self._alarm(course, state=Alarm.State.ACKNOWLEDGED, acknowledged_at=accepted, acknowledged_by=officer)
        self._lines(alarm, [*self._beginning(course), (accepted, "acknowledged", officer, "", {})])
        opened = self.now - timedelta(minutes=6, seconds=12)
        course = _Course(intrusion, Kind.BURGLARY, "BA", opened, 8, 0, "", officer)
        accepted = opened + timedelta(seconds=8)
        taken = opened + timedelta(seconds=21)
        alarm = self._alarm(
            course,
            state=Alarm.State.IN_HAND,
            acknowledged_at=accepted,
            acknowledged_by=officer,
            taken_at=taken,
            taken_by=officer,
        )
        lines = [
            *self._beginning(course),
            (accepted, "acknowledged", officer, "", {}),
            (taken, "taken", officer, "", {}),
            (taken + timedelta(seconds=50), "note", officer, "Охрана осматривает двор, наряд в пути", {}),
        ]
        self._lines(alarm, lines)
