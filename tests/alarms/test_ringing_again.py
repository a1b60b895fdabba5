"""A further call at a facility whose alarm somebody has accepted already: it must be heard, and accepted anew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from tirek.alarms import actions
from tirek.alarms.models import Alarm, Kind
from tirek.alarms.queries.desk import board, day_figures
from tirek.alarms.queries.lines import time_line
from tirek.audit import chain
from tirek.audit.models import Entry
from tirek.live.models import Event
from tirek_protocols.dc09 import encode_sia

from .conftest import NOON

pytestmark = pytest.mark.django_db

State = Alarm.State


@pytest.fixture
def officer(person: Any) -> Any:
    return person("duty_officer")


@pytest.fixture
def accepted(make_panel: Any, side: Any) -> Alarm:
    """A panic alarm of zone 1 that was accepted ten seconds after it came."""
    make_panel()
    side.send(side.sia("1234", "PA", 1))
    Alarm.objects.update(state=State.ACKNOWLEDGED, acknowledged_at=NOON + timedelta(seconds=10))
    return Alarm.objects.get()


def rang(alarm: Alarm) -> int:
    """How often the desk was told to ring for it."""
    return Event.objects.filter(kind="alarm.changed", data__id=alarm.pk, data__new=True).count()


def test_a_press_on_the_next_day_rings(accepted: Alarm, side: Any, clock: Any, officer: Any) -> None:
    clock.tick(timedelta(days=1).total_seconds())
    side.send(side.sia("1234", "PA", 1))
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.again_at, alarm.signal_count) == (State.NEW, clock(), 2)
    assert rang(alarm) == 2
    with override("en"):
        (row,) = board(officer).open
    assert (row.loud, row.again, row.alarm.calls_since) == (True, "Pressed again", clock())
    assert board(officer).new == 1


@pytest.mark.parametrize("state", [State.ACKNOWLEDGED, State.IN_HAND])
def test_another_zone_rings_at_once(accepted: Alarm, side: Any, clock: Any, state: str) -> None:
    Alarm.objects.update(state=state)
    clock.tick(20)
    side.send(side.sia("1234", "PA", 2))
    assert Alarm.objects.get().state == State.NEW
    assert rang(accepted) == 2


def test_another_panel_rings_at_once(accepted: Alarm, make_panel: Any, side: Any, clock: Any) -> None:
    make_panel("5678")
    clock.tick(20)
    side.send(side.sia("5678", "PA", 1))
    assert Alarm.objects.get().state == State.NEW


def test_who_had_it_in_hand_stays_in_the_log(accepted: Alarm, side: Any, clock: Any, officer: Any) -> None:
    actions.take_alarm(officer, accepted.pk)
    clock.tick(20)
    side.send(side.sia("1234", "PA", 2))
    assert Alarm.objects.get().taken_by is None
    entry = Entry.objects.get(verb="alarms.reopen_alarm")
    assert entry.actor == "system:receiver"
    assert (entry.before["state"], entry.before["taken_by_id"], entry.after["state"]) == ("in_hand", officer.pk, "new")
    assert list(chain.verify()) == []


def test_the_same_button_within_minutes_belongs_to_the_call_that_was_accepted(
    accepted: Alarm, side: Any, clock: Any
) -> None:
    for _press in range(10):
        clock.tick(60)
        side.send(side.sia("1234", "PA", 1))
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.signal_count, alarm.again_at) == (State.ACKNOWLEDGED, 11, None)
    assert rang(alarm) == 1


def test_a_chattering_zone_does_not_hide_another_button(accepted: Alarm, side: Any, clock: Any) -> None:
    side.send(side.sia("1234", "PA", 2))
    for _press in range(6):
        clock.tick(60)
        side.send(side.sia("1234", "PA", 1))
    Alarm.objects.update(state=State.ACKNOWLEDGED)
    side.send(side.sia("1234", "PA", 2))
    assert Alarm.objects.get().state == State.NEW


def test_the_end_of_a_call_is_no_call(accepted: Alarm, side: Any, clock: Any) -> None:
    clock.tick(240)
    side.send(side.sia("1234", "PR", 1))
    assert Alarm.objects.get().state == State.ACKNOWLEDGED
    clock.tick(10)
    side.send(side.sia("1234", "PA", 1))
    assert Alarm.objects.get().state == State.NEW


def test_a_panel_that_numbers_every_message_alike_is_heard_again(make_panel: Any, side: Any, clock: Any) -> None:
    """Without a time stamp the second press looks like the first one sent again."""
    make_panel()
    side.send(encode_sia("1234", "PA", 1, sequence=1))
    Alarm.objects.update(state=State.ACKNOWLEDGED)
    clock.tick(60)
    side.send(encode_sia("1234", "PA", 1, sequence=1))
    assert Alarm.objects.get().state == State.ACKNOWLEDGED
    clock.tick(180)
    side.send(encode_sia("1234", "PA", 1, sequence=1))
    assert Alarm.objects.get().state == State.NEW


def test_what_makes_no_sound_stays_accepted(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel("1234")
    make_panel("5678", facility=1, test_until=NOON + timedelta(hours=3))
    side.send(side.cid("1234", "301"), side.sia("5678", "PA"))
    Alarm.objects.update(state=State.ACKNOWLEDGED)
    clock.tick(3600)
    side.send(side.cid("1234", "301", 2), side.sia("5678", "PA", 2))
    assert set(Alarm.objects.values_list("state", "signal_count")) == {(State.ACKNOWLEDGED, 2)}


#: What sounds, but puts no life in danger: a tamper contact, an intrusion, a code that no table knows.
NO_LIFE = ("TA", "BA", "QQ")


@pytest.mark.parametrize("code", NO_LIFE)
@pytest.mark.parametrize("every", [240, 86400])
def test_what_flaps_for_days_rings_once(make_panel: Any, side: Any, clock: Any, code: str, every: int) -> None:
    make_panel()
    side.send(side.sia("1234", code, 1))
    Alarm.objects.update(state=State.IN_HAND)
    for _turn in range(5):
        clock.tick(every)
        side.send(side.sia("1234", code, 1))
    alarm = Alarm.objects.get()
    assert (alarm.state, alarm.signal_count, alarm.again_at) == (State.IN_HAND, 6, None)
    assert rang(alarm) == 1


@pytest.mark.parametrize("code", NO_LIFE)
def test_each_further_zone_of_each_panel_rings_once(make_panel: Any, side: Any, clock: Any, code: str) -> None:
    make_panel()
    make_panel("5678")
    side.send(side.sia("1234", code, 1))
    for account, zone in (("1234", 2), ("5678", 1)):
        Alarm.objects.update(state=State.ACKNOWLEDGED)
        clock.tick(3600)
        side.send(side.sia(account, code, zone))
        assert Alarm.objects.get().state == State.NEW
    Alarm.objects.update(state=State.ACKNOWLEDGED)
    clock.tick(3600)
    side.send(side.sia("1234", code, 1), side.sia("1234", code, 2), side.sia("5678", code, 1))
    assert Alarm.objects.get().state == State.ACKNOWLEDGED


def test_a_flapping_contact_does_not_hide_a_press(accepted: Alarm, side: Any, clock: Any) -> None:
    """Decided for each alarm of a batch by its own rule."""
    side.send(side.sia("1234", "TA", 1))
    Alarm.objects.update(state=State.ACKNOWLEDGED)
    clock.tick(240)
    side.send(side.sia("1234", "TA", 1), side.sia("1234", "PA", 1))
    assert dict(Alarm.objects.values_list("kind", "state")) == {"panic": State.NEW, "tamper": State.ACKNOWLEDGED}


def test_both_times_of_acceptance_are_kept(
    accepted: Alarm, side: Any, clock: Any, officer: Any, person: Any, client_for: Any
) -> None:
    actions.acknowledge_alarm(officer, accepted.pk)
    first = Alarm.objects.get().acknowledged_at
    clock.now = timezone.now() - timedelta(seconds=30)
    side.send(side.sia("1234", "PA", 2))
    colleague = person("duty_officer")
    alarm = actions.acknowledge_alarm(colleague, accepted.pk)
    assert (alarm.state, alarm.acknowledged_at) == (State.ACKNOWLEDGED, first)
    assert alarm.again_acknowledged_by == colleague
    assert 30 <= (alarm.again_acknowledged_at - alarm.again_at).total_seconds() < 60
    again = actions.acknowledge_alarm(officer, accepted.pk)
    assert again.again_acknowledged_by == colleague, "the first counts"
    page = client_for(officer).get(reverse("alarms:alarm", args=[accepted.pk])).content.decode()
    assert page.count("Accepted after") == 2


@pytest.mark.parametrize("act", [actions.take_alarm, lambda *who: actions.close_alarm(*who, "real")])
def test_taking_and_closing_accept_it_anew_as_well(
    accepted: Alarm, side: Any, clock: Any, officer: Any, act: Any
) -> None:
    clock.tick(20)
    side.send(side.sia("1234", "PA", 2))
    alarm = act(officer, accepted.pk)
    assert alarm.again_acknowledged_by == officer
    assert alarm.acknowledged_at == NOON + timedelta(seconds=10)


def test_the_figures_of_the_day_count_each_call(small_province: Any, officer: Any) -> None:
    at = timezone.now()
    Alarm.objects.create(
        facility=small_province.facilities[0], kind=Kind.PANIC, opened_at=at - timedelta(days=2), last_signal_at=at,
        acknowledged_at=at - timedelta(days=1), again_at=at, again_acknowledged_at=at + timedelta(seconds=8),
    )  # fmt: skip
    figures = day_figures(officer, at)
    assert (figures.opened, figures.median_s) == (0, 8)


LANGUAGES = {
    "kk": ("Қайта басылды", "Сигнал қайталанды"),
    "ru": ("Нажато повторно", "Сигнал повторился"),
    "en": ("Pressed again", "Signalled again"),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("code", "number"), [("PA", 0), ("FA", 1)])
def test_the_time_line_says_so_in_three_languages(
    make_panel: Any, side: Any, clock: Any, officer: Any, language: str, code: str, number: int
) -> None:
    make_panel()
    side.send(side.sia("1234", code, 1))
    Alarm.objects.update(state=State.ACKNOWLEDGED)
    clock.tick(20)
    side.send(side.sia("1234", code, 12))
    with override(language):
        *_before, line = time_line(Alarm.objects.get(), officer)
        assert line.text.startswith(LANGUAGES[language][number])
    assert "12" in line.text
