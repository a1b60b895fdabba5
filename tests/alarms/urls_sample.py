"""How the battery asks for the pages about alarms and panels."""

from __future__ import annotations

from django.utils import timezone

from tests.battery.samples import Sample
from tests.fixtures import Province, make_facility
from tirek.alarms.models import Alarm, Kind, Panel, ResponsePlan, ResponseStep, Signal, UnknownAccount, Zone


def _panel(province: Province) -> dict[str, int]:
    panel, made = Panel.objects.get_or_create(
        account="4F39", defaults={"facility": province.facilities[0], "is_sample": True}
    )
    if made:
        Zone.objects.create(panel=panel, number="12", name_ru="Тревожная кнопка")
    return {"pk": panel.pk}


def _alarm(province: Province) -> dict[str, int]:
    now = timezone.now()
    alarm, _made = Alarm.objects.get_or_create(
        facility=province.facilities[0], kind=Kind.PANIC, defaults={"opened_at": now, "last_signal_at": now}
    )
    return {"pk": alarm.pk}


def _step(province: Province) -> dict[str, int]:
    plan, made = ResponsePlan.objects.get_or_create(code="battery", defaults={"kind": Kind.PANIC, "name_en": "Attack"})
    if made:
        ResponseStep.objects.create(plan=plan, order=1, text_kk="кк", text_ru="ру", text_en="ring")
    return {**_alarm(province), "step": plan.steps.get().pk}


def _unknown(_province: Province) -> dict[str, int]:
    now = timezone.now()
    row, _made = UnknownAccount.objects.get_or_create(
        account="9999", address="10.0.0.9", defaults={"first_seen": now, "last_seen": now, "last_raw": b'"NULL"'}
    )
    return {"pk": row.pk}


def _pressable(province: Province) -> dict[str, int]:
    _panel(province)
    return {}


def _more_alarms(province: Province, count: int) -> None:
    now = timezone.now()
    for _number in range(count):
        facility = make_facility("Clinic", province.settlements[0])
        Alarm.objects.create(facility=facility, kind=Kind.FIRE, urgency=3, opened_at=now, last_signal_at=now)


def _more_panels(province: Province, count: int) -> None:
    for _number in range(count):
        number = Panel.objects.count()
        panel = Panel.objects.create(account=f"{0xA000 + number:X}", facility=province.facilities[0], is_sample=True)
        Zone.objects.create(panel=panel, number="1", name_ru="Тревожная кнопка")


def _more_signals(province: Province, count: int) -> None:
    panel = _panel(province)["pk"]
    for number in range(count):
        Signal.objects.create(
            received_at=timezone.now(), panel_id=panel, account="4F39", token="SIA-DCS", sequence="0001",
            code="CL", system="SIA", kind="open_close", raw=b'"SIA-DCS"', duplicate_key=f"k{number}",
        )  # fmt: skip


def _more_unknown(province: Province, count: int) -> None:
    now, start = timezone.now(), UnknownAccount.objects.count()
    for number in range(start, start + count):
        UnknownAccount.objects.create(
            account=f"U{number}", address="10.0.0.9", first_seen=now, last_seen=now, last_raw=b'"NULL"'
        )


def _notes(province: Province, count: int) -> None:
    alarm = Alarm.objects.get(pk=_alarm(province)["pk"])
    for _number in range(count):
        alarm.notes.create(at=timezone.now(), kind="note", text="seen")


SAMPLES = {
    "alarms:desk": Sample(rows=_more_alarms),
    "alarms:desk_list": Sample(rows=_more_alarms),
    "alarms:map_json": Sample(rows=_more_alarms),
    "alarms:history": Sample(rows=_more_alarms),
    "alarms:alarm": Sample(make=_alarm, rows=_notes),
    "alarms:acknowledge": _alarm,
    "alarms:take": _alarm,
    "alarms:close": _alarm,
    "alarms:reopen": _alarm,
    "alarms:note": _alarm,
    "alarms:step": _step,
    "alarms:shown": Sample(answers={204}),
    "alarms:panels": Sample(rows=_more_panels),
    "alarms:panel": Sample(make=_panel, rows=_more_signals),
    "alarms:panel_edit": _panel,
    "alarms:panel_clock": _panel,
    "alarms:panel_test": _panel,
    "alarms:unknown": Sample(rows=_more_unknown),
    # An account that nobody knows lies nowhere.
    "alarms:adopt": Sample(make=_unknown, scoped=False),
    # Only while sample data is loaded.
    "alarms:press": Sample(make=_pressable, rows=_more_panels, answers={404}),
}
