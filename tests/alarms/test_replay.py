"""A recorded frame of a panel with a key must not keep alive a panel that was cut; and no panel may be mute for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.urls import reverse

from tirek.alarms import actions
from tirek.alarms.models import Alarm, Kind, Panel
from tirek.alarms.receiver.intake import Intake
from tirek.alarms.receiver.supervision import Supervision
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek_protocols.dc09.cipher import encrypt
from tirek_protocols.dc09.frames import build_frame

from .conftest import KEY, NOON, PanelSide

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def supervision(intake: Intake, clock: Any) -> Supervision:
    return Supervision(intake, clock)


@pytest.fixture
def panel(make_panel: Any) -> Panel:
    made: Panel = make_panel(key=KEY, heartbeat_s=60)
    return made


def beat(side: Any, stamp: datetime | None = None, sequence: int = 0) -> bytes:
    """An encrypted NULL, stamped now unless told otherwise."""
    frame: bytes = side.null("1234", key=KEY, timestamp=stamp or side.clock(), sequence=sequence)
    return frame


def last_seen() -> datetime | None:
    return Panel.objects.get().last_seen


def silent() -> bool:
    return Alarm.objects.filter(kind=Kind.SILENT).exclude(state=Alarm.State.CLOSED).exists()


@pytest.mark.parametrize("every", [30, 120])
def test_one_recorded_heartbeat_does_not_keep_a_cut_panel_alive(
    panel: Panel, side: Any, clock: Any, supervision: Supervision, every: int
) -> None:
    recorded = beat(side)
    assert side.send(recorded) == ["ACK"]
    for _turn in range(5):
        clock.tick(every)
        assert side.send(recorded) == ["ACK"]
    clock.tick(150)
    supervision.look(clock())
    assert silent()
    assert last_seen() == NOON
    side.send(recorded)
    assert silent(), "nor does it end the alarm"
    side.send(beat(side))
    assert not silent()


def test_nor_do_many_that_were_recorded_over_an_hour(panel: Panel, side: Any, clock: Any) -> None:
    recorded = []
    for number in range(60):
        recorded.append(beat(side, sequence=number))
        side.send(recorded[-1])
        clock.tick(60)
    heard = last_seen()
    for frame in recorded:
        side.send(frame)
        clock.tick(60)
    assert last_seen() == heard


def test_the_number_outside_of_the_cipher_makes_no_new_frame(panel: Panel, side: Any, clock: Any) -> None:
    """Anybody can write another sequence number before the cipher: what counts is the stamp inside it."""
    side.send(beat(side))
    clock.tick(30)
    side.send(beat(side, NOON, sequence=77))
    assert last_seen() == NOON


def test_a_recorded_alarm_is_no_sign_of_life_either(panel: Panel, side: Any, clock: Any) -> None:
    frame = side.sia("1234", "CL", key=KEY)
    side.send(frame)
    clock.tick(timedelta(days=2).total_seconds())
    side.send(frame)
    assert last_seen() == NOON


def test_it_holds_over_a_restart(panel: Panel, side: Any, clock: Any) -> None:
    recorded = beat(side)
    side.send(recorded)
    assert Panel.objects.get().newest_stamp == NOON
    for wait in (30, 3600):
        clock.tick(wait)
        PanelSide(Intake(clock), clock).send(recorded)
        assert last_seen() == NOON


def test_the_same_whether_the_time_stamp_is_checked(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel(key=KEY, check_time=True)
    recorded = beat(side)
    side.send(recorded)
    clock.tick(20)
    assert side.send(recorded) == ["ACK"]
    assert last_seen() == NOON


def test_frames_out_of_order_and_two_in_one_second_do_no_harm(panel: Panel, side: Any, clock: Any) -> None:
    early = beat(side)
    clock.tick(20)
    side.send(beat(side), beat(side, sequence=2))
    clock.tick(1)
    side.send(early)
    assert Panel.objects.get().newest_stamp == NOON + timedelta(seconds=20)
    clock.tick(60)
    side.send(beat(side))
    assert last_seen() == clock()


class TestClocks:
    def test_one_that_is_always_wrong_is_heard(self, make_panel: Any, side: Any, clock: Any) -> None:
        for hours, account in ((-5, "1111"), (5, "2222")):
            make_panel(account, key=KEY)
            for _beat in range(3):
                clock.tick(60)
                side.send(side.null(account, key=KEY, timestamp=clock() + timedelta(hours=hours)))
                assert Panel.objects.get(account=account).last_seen == clock()

    def test_one_that_was_ahead_and_took_our_time_is_heard_at_once(self, panel: Panel, side: Any, clock: Any) -> None:
        side.send(beat(side, NOON + timedelta(days=4000)))
        for _beat in range(3):
            clock.tick(60)
            side.send(beat(side, clock() - timedelta(seconds=5)))
            assert last_seen() == clock()
        assert Panel.objects.get().newest_stamp == NOON + timedelta(days=4000), "what was recorded then stays old"

    def test_one_that_was_set_back_by_an_hour_is_not_mute_for_ever(
        self, panel: Panel, side: Any, clock: Any, supervision: Supervision
    ) -> None:
        side.send(beat(side))
        for _beat in range(59):
            clock.tick(60)
            side.send(beat(side, clock() - timedelta(hours=1)))
            supervision.look(clock())
        assert silent(), "it cannot be told from a recording"
        clock.tick(120)
        side.send(beat(side, clock() - timedelta(hours=1)))
        assert not silent()
        assert last_seen() == clock()

    def test_a_little_back_is_within_bounds(self, panel: Panel, side: Any, clock: Any) -> None:
        side.send(beat(side))
        clock.tick(20)
        side.send(beat(side, clock() - timedelta(seconds=40)))
        assert last_seen() == clock()

    def test_one_that_lost_its_time_begins_anew_with_a_new_key(
        self, panel: Panel, side: Any, clock: Any, person: Any
    ) -> None:
        side.send(beat(side))
        fields = {"account": "1234", "heartbeat_s": 60}
        key = bytes(range(1, 17))
        actions.change_panel(person("administrator"), panel.pk, panel.facility, fields, key.hex())
        side.intake.book.load()
        clock.tick(60)
        side.send(side.null("1234", key=key, timestamp=datetime(2000, 1, 1, tzinfo=NOON.tzinfo)))
        assert last_seen() == clock()
        assert Panel.objects.get().newest_stamp.year == 2000


SAYS_SO = "Calls come with old time stamps"


class TestClockStartedAnew:
    """The installer's clock was a year ahead for one frame, and was then set by hand, a minute and a half off."""

    @pytest.fixture
    def behind(self, panel: Panel, side: Any, clock: Any, supervision: Supervision) -> Panel:
        side.send(beat(side, NOON + timedelta(days=365)))
        for _beat in range(5):
            clock.tick(60)
            side.send(beat(side, clock() - timedelta(seconds=90)))
            supervision.look(clock())
        assert silent()
        return panel

    def page(self, client_for: Any, user: Any, panel: Panel) -> str:
        return str(client_for(user).get(reverse("alarms:panel", args=[panel.pk])).content.decode())

    def test_the_page_says_why_and_the_act_ends_it(
        self, behind: Panel, side: Any, clock: Any, person: Any, client_for: Any
    ) -> None:
        admin = person("administrator")
        page = self.page(client_for, admin, behind)
        assert SAYS_SO in page
        address = reverse("alarms:panel_clock", args=[behind.pk])
        assert f'action="{address}" data-confirm="' in page
        assert client_for(admin).post(address).url == reverse("alarms:panel", args=[behind.pk])
        assert SAYS_SO not in self.page(client_for, admin, behind)
        side.intake.book.load()
        for _beat in range(2):
            clock.tick(60)
            side.send(beat(side, clock() - timedelta(seconds=90)))
            assert last_seen() == clock()
        assert not silent()
        assert Panel.objects.get().newest_stamp == clock() - timedelta(seconds=90)
        entry = Entry.objects.filter(verb="alarms.change_panel").get()
        assert entry.before["newest_stamp"].startswith("2027")
        assert (entry.after["newest_stamp"], entry.before["clock_anew_at"]) == (None, None)

    def test_recordings_count_no_more_than_before(self, behind: Panel, side: Any, clock: Any, person: Any) -> None:
        actions.start_clock_anew(person("administrator"), behind.pk)
        side.intake.book.load()
        recorded = beat(side, clock() - timedelta(seconds=90))
        for _turn in range(3):
            clock.tick(60)
            side.send(recorded)
        assert last_seen() == clock() - timedelta(seconds=120)

    def test_what_is_under_way_does_not_undo_it(self, panel: Panel, side: Any, clock: Any, person: Any) -> None:
        """The receiver may have read the panel just before."""
        side.send(beat(side, NOON + timedelta(days=365)))
        side.intake.book.load()
        actions.start_clock_anew(person("administrator"), panel.pk)
        side.intake.book.refresh = lambda _accounts: None
        clock.tick(60)
        side.send(beat(side, NOON + timedelta(days=366)))
        assert Panel.objects.get().newest_stamp is None
        side.intake.book.load()
        clock.tick(60)
        side.send(beat(side, clock() - timedelta(seconds=90)))
        assert last_seen() == clock()

    def test_a_restart_keeps_it(self, behind: Panel, clock: Any, person: Any) -> None:
        actions.start_clock_anew(person("administrator"), behind.pk)
        clock.tick(60)
        side = PanelSide(Intake(clock), clock)
        side.send(beat(side, clock() - timedelta(seconds=90)))
        assert last_seen() == clock()

    def test_only_administrators_and_sample_people_not_for_a_real_panel(
        self, behind: Panel, person: Any, client_for: Any
    ) -> None:
        officer, sample = person("duty_officer"), person("administrator", is_sample=True)
        address = reverse("alarms:panel_clock", args=[behind.pk])
        assert address not in self.page(client_for, officer, behind)
        assert client_for(officer).post(address).status_code in (403, 404)
        with pytest.raises(PermissionDenied):
            actions.start_clock_anew(officer, behind.pk)
        with pytest.raises(Refused):
            actions.start_clock_anew(sample, behind.pk)
        client_for(sample).post(address)
        assert Panel.objects.get().newest_stamp == NOON + timedelta(days=365)
        assert not Entry.objects.filter(verb="alarms.change_panel").exists()

    def test_not_said_of_copies_nor_of_a_panel_that_is_heard(
        self, panel: Panel, side: Any, clock: Any, person: Any, client_for: Any
    ) -> None:
        officer = person("duty_officer")
        first = beat(side)
        clock.tick(20)
        second = beat(side)
        side.send(first, second)
        side.send(first, second)
        assert Panel.objects.get().old_stamps_at is None
        clock.tick(240)
        side.send(first)
        assert Panel.objects.get().old_stamps_at == clock()
        assert SAYS_SO in self.page(client_for, officer, panel)
        clock.tick(5)
        side.send(beat(side))
        assert SAYS_SO not in self.page(client_for, officer, panel)

    def test_a_burst_of_old_calls_is_written_seldom_and_together(self, make_panel: Any, side: Any, clock: Any) -> None:
        from .test_storm import statements

        accounts = [f"{number:04X}" for number in range(0x4000, 0x4000 + 44)]
        for account in accounts:
            make_panel(account, key=KEY)

        def send(chosen: list[str], number: int) -> None:
            stamp = NOON - timedelta(hours=number)
            side.send(*(side.null(a, key=KEY, timestamp=stamp) for a in chosen))

        send(accounts, 0)
        clock.tick(60)
        few = statements(lambda: send(accounts[:4], 1))
        many = statements(lambda: send(accounts[4:], 2))
        assert many <= few
        assert Panel.objects.filter(old_stamps_at=clock()).count() == len(accounts)
        clock.tick(5)
        assert statements(lambda: send(accounts, 3)) <= 1, "at most the question whether a panel was changed"


def test_without_a_time_stamp_each_frame_counts(panel: Panel, side: Any, clock: Any) -> None:
    frame = build_frame(b'"*NULL"0000L0#1234[' + encrypt(KEY, b"|#1234|]"))
    for _beat in range(2):
        clock.tick(60)
        assert side.send(frame) == ["ACK"]
        assert last_seen() == clock()


def test_a_panel_in_clear_is_heard_as_before(make_panel: Any, side: Any, clock: Any) -> None:
    make_panel()
    frame = side.null("1234", timestamp=NOON)
    side.send(frame)
    clock.tick(60)
    side.send(frame)
    assert last_seen() == clock()
    assert Panel.objects.get().newest_stamp is None


def test_what_was_not_committed_was_not_heard(panel: Panel, side: Any, clock: Any, monkeypatch: Any) -> None:
    def refuse(*_args: Any, **_options: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr("tirek.alarms.receiver.intake.emit", refuse)
    frame = beat(side)
    with pytest.raises(OperationalError):
        side.send(frame)
    monkeypatch.undo()
    side.send(frame)
    assert last_seen() == NOON


def test_heartbeats_of_many_panels_are_written_together(make_panel: Any, side: Any, clock: Any) -> None:
    from .test_storm import statements

    accounts = [f"{number:04X}" for number in range(0x4000, 0x4000 + 44)]
    for account in accounts:
        make_panel(account, key=KEY)

    def send(chosen: list[str]) -> None:
        side.send(*(side.null(a, key=KEY, timestamp=clock()) for a in chosen))

    few = statements(lambda: send(accounts[:4]))
    many = statements(lambda: send(accounts[4:]))
    assert many <= few + 1
    assert Panel.objects.filter(newest_stamp=NOON, key__isnull=False).count() == len(accounts)
    clock.tick(5)
    assert statements(lambda: send(accounts)) <= 1, "and seldom: at most the question whether a panel was changed"
