"""What people do with alarms and panels: state, trace, scope, refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from tirek.accounts.models import Assignment, Person
from tirek.alarms import actions
from tirek.alarms.forms import PanelForm
from tirek.alarms.models import Alarm, Kind, Panel, ResponsePlan, ResponseStep, Signal, UnknownAccount
from tirek.alarms.receiver.keys import unseal
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.facilities.models import Contact, Facility
from tirek.live.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def alarm(small_province: Any) -> Alarm:
    now = timezone.now()
    return Alarm.objects.create(
        facility=small_province.facilities[0], kind=Kind.PANIC, urgency=0, opened_at=now, last_signal_at=now
    )


@pytest.fixture
def officer(person: Any) -> Any:
    return person("duty_officer")


def test_the_course_of_an_alarm(alarm: Alarm, officer: Any, person: Any) -> None:
    colleague = person("duty_officer")
    first = actions.acknowledge_alarm(officer, alarm.pk)
    assert (first.state, first.acknowledged_by) == ("acknowledged", officer)
    again = actions.acknowledge_alarm(colleague, alarm.pk)
    assert again.acknowledged_by == officer, "the first counts"
    assert actions.take_alarm(officer, alarm.pk).state == "in_hand"
    assert actions.take_alarm(colleague, alarm.pk).taken_by == colleague
    closed = actions.close_alarm(colleague, alarm.pk, "real", "Наряд на месте")
    assert (closed.state, closed.outcome, closed.closed_by) == ("closed", "real", colleague)
    with pytest.raises(Refused):
        actions.close_alarm(colleague, alarm.pk, "real")
    assert actions.reopen_alarm(officer, alarm.pk, "Закрыта по ошибке").state == "in_hand"
    kinds = list(alarm.notes.values_list("kind", flat=True))
    assert kinds == ["acknowledged", "taken", "taken", "closed", "reopened"]
    verbs = Entry.objects.filter(object_type="alarms.alarm").order_by("id").values_list("verb", flat=True)
    assert list(verbs)[-1] == "alarms.reopen_alarm"
    assert Event.objects.filter(kind="alarm.changed", data__id=alarm.pk).count() == len(verbs)


def test_closing_needs_an_outcome_and_a_false_alarm_its_cause(alarm: Alarm, officer: Any) -> None:
    for outcome, note in (("", ""), ("itself", ""), ("false", "  ")):
        with pytest.raises(Refused):
            actions.close_alarm(officer, alarm.pk, outcome, note)
    assert actions.close_alarm(officer, alarm.pk, "false", "Сквозняк").close_note == "Сквозняк"


def test_reopening_is_refused_while_another_is_open(alarm: Alarm, officer: Any) -> None:
    actions.close_alarm(officer, alarm.pk, "real")
    now = timezone.now()
    Alarm.objects.create(facility=alarm.facility, kind=Kind.PANIC, opened_at=now, last_signal_at=now)
    with pytest.raises(Refused):
        actions.reopen_alarm(officer, alarm.pk, "why")
    assert Alarm.objects.get(pk=alarm.pk).state == "closed"


def test_notes_and_steps(alarm: Alarm, officer: Any) -> None:
    plan = ResponsePlan.objects.create(code="X", kind=Kind.PANIC, name_en="Attack")
    step = ResponseStep.objects.create(plan=plan, order=1, text_kk="кк", text_ru="ру", text_en="ring")
    other = ResponsePlan.objects.create(code="Y", kind=Kind.FIRE, name_en="Fire")
    stranger = ResponseStep.objects.create(plan=other, order=1, text_kk="кк", text_ru="ру", text_en="leave")
    actions.check_step(officer, alarm.pk, step.pk)
    actions.check_step(officer, alarm.pk, step.pk)
    actions.note_alarm(officer, alarm.pk, "Охрана на месте")
    actions.check_step(officer, alarm.pk, step.pk, done=False)
    assert not alarm.steps.exists()
    assert list(alarm.notes.values_list("kind", flat=True)) == ["step", "note", "unstep"]
    with pytest.raises(Refused):
        actions.check_step(officer, alarm.pk, stranger.pk)
    with pytest.raises(Refused):
        actions.note_alarm(officer, alarm.pk, " ")


def test_the_first_desk_that_shows_it_is_kept(alarm: Alarm, officer: Any, person: Any) -> None:
    assert actions.mark_shown(person("overseer"), [alarm.pk]) == 0, "who only looks is no desk"
    assert actions.mark_shown(officer, [alarm.pk]) == 1
    first = Alarm.objects.get().shown_at
    assert actions.mark_shown(officer, [alarm.pk]) == 0
    assert Alarm.objects.get().shown_at == first
    assert alarm.notes.get().kind == "shown"


class TestScope:
    def test_another_district(self, alarm: Alarm, person: Any, small_province: Any) -> None:
        south = person("duty_officer", small_province.districts[1])
        with pytest.raises(Alarm.DoesNotExist):
            actions.acknowledge_alarm(south, alarm.pk)
        north = person("duty_officer", small_province.districts[0])
        assert actions.acknowledge_alarm(north, alarm.pk).state == "acknowledged"

    @pytest.mark.parametrize("role", ["overseer", "inspector", "administrator", "facility_contact", None])
    def test_who_may_not(self, alarm: Alarm, person: Any, role: str | None) -> None:
        with pytest.raises(PermissionDenied):
            actions.acknowledge_alarm(person(role), alarm.pk)

    def test_a_contact_sees_its_own_facility(self, alarm: Alarm, person: Any, make_panel: Any) -> None:
        contact = person("facility_contact")
        panel, other = make_panel("1"), make_panel("2", facility=1)
        assert not Alarm.objects.restrict(contact).exists()
        Contact.objects.create(facility=alarm.facility, person=contact, full_name="A", phone="1")
        assert list(Alarm.objects.restrict(contact)) == [alarm]
        assert list(Panel.objects.restrict(contact)) == [panel]
        assert other not in Panel.objects.restrict(contact)


FIELDS = {"account": "4f39", "name": "Main", "prefix": "", "heartbeat_s": 60, "check_time": False}


class TestPanels:
    def test_adding_keeps_the_key_secret(self, person: Any, small_province: Any) -> None:
        admin = person("administrator")
        key = "00112233445566778899AABBCCDDEEFF"
        zones = [actions.ZoneLine("12", ("Түйме", "Кнопка", "Button"), ("қабылдау", "приёмный покой", "reception"))]
        panel = actions.add_panel(admin, small_province.facilities[0], {**FIELDS, "zones": zones}, key)
        zone = panel.zones.get()
        assert (panel.account, zone.name_kk, zone.name_ru, zone.name_en) == ("4F39", "Түйме", "Кнопка", "Button")
        assert (zone.place_kk, zone.place_ru, zone.place_en) == ("қабылдау", "приёмный покой", "reception")
        assert unseal(panel.key).hex().upper() == key
        assert key.lower().encode() not in bytes(panel.key).hex().encode()
        entry = Entry.objects.get(verb="alarms.add_panel")
        assert key.lower() not in str(entry.after).lower()
        assert entry.after["key"] == "set"
        assert Event.objects.filter(kind="panel.changed", data__id=panel.pk).exists()

    def test_an_account_stands_once(self, person: Any, small_province: Any) -> None:
        admin = person("administrator")
        actions.add_panel(admin, small_province.facilities[0], FIELDS)
        with pytest.raises(Refused):
            actions.add_panel(admin, small_province.facilities[1], FIELDS)
        with pytest.raises(Refused):
            actions.add_panel(admin, small_province.facilities[1], {**FIELDS, "account": "7"}, "xyz")

    def test_changing_leaves_the_key_or_takes_it_away(self, person: Any, make_panel: Any) -> None:
        admin, panel = person("administrator"), make_panel("4F39", key=bytes(16))
        changed = actions.change_panel(admin, panel.pk, panel.facility, {**FIELDS, "name": "New"})
        assert changed.name == "New"
        assert unseal(changed.key) == bytes(16)
        assert actions.change_panel(admin, panel.pk, panel.facility, FIELDS, drop_key=True).key is None

    def test_under_test(self, person: Any, make_panel: Any) -> None:
        officer, panel = person("duty_officer"), make_panel()
        assert actions.start_test(officer, panel.pk, 30).test_until > timezone.now()
        assert actions.start_test(officer, panel.pk, 0).test_until is None
        for minutes in (-1, 481):
            with pytest.raises(Refused):
                actions.start_test(officer, panel.pk, minutes)
        with pytest.raises(PermissionDenied):
            actions.start_test(person("overseer"), panel.pk, 10)

    def test_adopting_an_unknown_account(self, person: Any, side: Any, small_province: Any) -> None:
        side.send(side.sia("9999", "PA"))
        row = UnknownAccount.objects.get()
        panel = actions.adopt_account(person("administrator"), row.pk, small_province.facilities[0], FIELDS)
        assert panel.account == "9999"
        assert Signal.objects.get().panel == panel
        assert not UnknownAccount.objects.exists()
        assert side.send(side.sia("9999", "FA")) == ["ACK"]

    def test_only_where_one_may_add_and_change_them(self, person: Any, small_province: Any, make_panel: Any) -> None:
        """Who may look at the whole province but administers one district adds and moves panels in that district alone."""
        here, there = small_province.facilities[0], small_province.facilities[2]
        assert here.area.path.startswith(small_province.districts[0].path)
        assert not there.area.path.startswith(small_province.districts[0].path)
        admin = person("administrator", small_province.districts[0])
        Assignment.objects.create(person=admin, role="overseer")
        admin = Person.objects.get(pk=admin.pk)
        assert Facility.objects.restrict(admin, "view").filter(pk=there.pk).exists()
        panel = actions.add_panel(admin, here, FIELDS)
        with pytest.raises(PermissionDenied):
            actions.add_panel(admin, there, {**FIELDS, "account": "7"})
        with pytest.raises(PermissionDenied):
            actions.change_panel(admin, panel.pk, there, FIELDS)
        with pytest.raises(Panel.DoesNotExist):
            actions.change_panel(admin, make_panel("8", facility=2).pk, here, FIELDS)
        unknown = UnknownAccount.objects.create(
            account="9", address="10.0.0.5", first_seen=timezone.now(), last_seen=timezone.now(), last_raw=b""
        )
        with pytest.raises(PermissionDenied):
            actions.adopt_account(admin, unknown.pk, there, FIELDS)
        assert UnknownAccount.objects.filter(pk=unknown.pk).exists()
        assert sorted(Panel.objects.values_list("account", "facility")) == [("4F39", here.pk), ("8", there.pk)]

    def test_the_form_offers_only_these_facilities(self, person: Any, small_province: Any, make_panel: Any) -> None:
        here, there = small_province.facilities[0], small_province.facilities[2]
        admin = person("administrator", small_province.districts[0])
        Assignment.objects.create(person=admin, role="overseer")
        admin = Person.objects.get(pk=admin.pk)
        for form in (PanelForm(user=admin), PanelForm(user=admin, panel=make_panel("8"))):
            assert here in form.fields["facility"].queryset
            assert there not in form.fields["facility"].queryset

    def test_the_log_keeps_the_names_of_zones_in_every_language(self, person: Any, small_province: Any) -> None:
        admin, hospital = person("administrator"), small_province.facilities[0]
        panel = actions.add_panel(admin, hospital, FIELDS)
        zones = [actions.ZoneLine("12", ("Түйме", "Кнопка", "Button"))]
        actions.change_panel(admin, panel.pk, hospital, {**FIELDS, "zones": zones})
        assert Entry.objects.get(verb="alarms.change_panel").after["zones"] == {"12": "Түйме | Кнопка | Button"}
