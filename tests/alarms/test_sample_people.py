"""The bar of sample roles needs no password: its people work with sample data and touch nothing real."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from tirek.alarms import actions
from tirek.alarms.forms import PanelForm
from tirek.alarms.models import Alarm, Kind, Panel, ResponsePlan, ResponseStep, UnknownAccount
from tirek.audit.act import Refused
from tirek.audit.models import Entry

pytestmark = pytest.mark.django_db

FIELDS = {"account": "4f39", "name": "Main", "prefix": "", "heartbeat_s": 60, "check_time": False}


@pytest.fixture
def step(db: None) -> ResponseStep:
    plan = ResponsePlan.objects.create(code="X", kind=Kind.PANIC, name_en="Attack")
    return ResponseStep.objects.create(plan=plan, order=1, text_kk="кк", text_ru="ру", text_en="ring")


@pytest.fixture
def alarm(small_province: Any) -> Alarm:
    now = timezone.now()
    return Alarm.objects.create(
        facility=small_province.facilities[0], kind=Kind.PANIC, urgency=0, opened_at=now, last_signal_at=now
    )


def refused(act: Any, *arguments: Any) -> None:
    before = Entry.objects.count()
    with pytest.raises(Refused):
        act(*arguments)
    assert Entry.objects.count() == before


def test_no_real_alarm_is_touched(person: Any, alarm: Alarm, step: ResponseStep) -> None:
    officer = person("duty_officer", is_sample=True)
    refused(actions.acknowledge_alarm, officer, alarm.pk)
    refused(actions.take_alarm, officer, alarm.pk)
    refused(actions.close_alarm, officer, alarm.pk, "test")
    refused(actions.note_alarm, officer, alarm.pk, "calm")
    refused(actions.check_step, officer, alarm.pk, step.pk)
    assert actions.mark_shown(officer, [alarm.pk]) == 0
    assert list(Alarm.objects.values_list("state", "shown_at")) == [("new", None)]
    assert not alarm.notes.exists()
    Alarm.objects.update(state=Alarm.State.CLOSED)
    refused(actions.reopen_alarm, officer, alarm.pk, "why")


def test_the_page_says_so(person: Any, client_for: Any, alarm: Alarm) -> None:
    client = client_for(person("duty_officer", is_sample=True))
    answer = client.post(reverse("alarms:acknowledge", args=[alarm.pk]), headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert "Sample people" in answer.content.decode()


def test_sample_alarms_are_theirs_and_everybodys(person: Any, alarm: Alarm, step: ResponseStep) -> None:
    Alarm.objects.update(is_sample=True)
    sample = person("duty_officer", is_sample=True)
    assert actions.mark_shown(sample, [alarm.pk]) == 1
    assert actions.acknowledge_alarm(sample, alarm.pk).state == "acknowledged"
    actions.check_step(sample, alarm.pk, step.pk)
    assert actions.take_alarm(person("duty_officer"), alarm.pk).state == "in_hand"
    assert actions.close_alarm(sample, alarm.pk, "real").state == "closed"


def test_no_real_panel_is_touched(person: Any, make_panel: Any, small_province: Any) -> None:
    admin, panel = person("administrator", is_sample=True), make_panel()
    refused(actions.start_test, admin, panel.pk, 30)
    refused(actions.change_panel, admin, panel.pk, panel.facility, FIELDS)
    refused(actions.add_panel, admin, small_province.facilities[1], FIELDS)
    assert Panel.objects.get().test_until is None


def test_sample_panels_stay_at_sample_facilities(person: Any, small_province: Any) -> None:
    admin = person("administrator", is_sample=True)
    here, there = small_province.facilities[:2]
    here.is_sample = True
    here.save()
    panel = actions.add_panel(admin, here, FIELDS)
    assert panel.is_sample
    assert actions.start_test(admin, panel.pk, 30).test_until
    refused(actions.change_panel, admin, panel.pk, there, FIELDS)
    assert list(PanelForm(user=admin).fields["facility"].queryset) == [here]
    moved = actions.change_panel(person("administrator"), panel.pk, there, FIELDS)
    assert not moved.is_sample, "what stands at a real facility calls in earnest"


def test_no_account_of_a_real_panel_is_taken(person: Any, small_province: Any, make_panel: Any, side: Any) -> None:
    admin, facility = person("administrator", is_sample=True), small_province.facilities[0]
    facility.is_sample = True
    facility.save()
    make_panel("1234", facility=1)
    side.send(side.sia("9999", "PA"))
    for account in ("1234", "9999"):
        refused(actions.add_panel, admin, facility, {**FIELDS, "account": account, "prefix": "1"})
    refused(actions.adopt_account, admin, UnknownAccount.objects.get().pk, facility, FIELDS)
    mine = actions.add_panel(admin, facility, FIELDS)
    refused(actions.change_panel, admin, mine.pk, facility, {**FIELDS, "account": "1234", "prefix": "1"})
