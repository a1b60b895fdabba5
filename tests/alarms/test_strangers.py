"""What strangers send is kept within bounds: in a minute, in a day, of one frame, and in all."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from tirek.alarms.models import Alarm, Kind, Signal, UnknownAccount
from tirek.alarms.receiver import strangers
from tirek.alarms.receiver.reading import MOST_EVENTS
from tirek.alarms.receiver.strangers import RAW, ROWS_A_MINUTE, Budget, prune
from tirek_protocols.dc09 import encode, encode_sia

from .conftest import NOON

pytestmark = pytest.mark.django_db


def signal(age_days: float = 0, **fields: Any) -> Signal:
    at = timezone.now() - timedelta(days=age_days)
    options = {"account": "FFFF", "token": "SIA-DCS", "sequence": "0001", "raw": b"x", "duplicate_key": "k"} | fields
    return Signal.objects.create(received_at=at, **options)


def account(number: int, age_days: float = 0) -> UnknownAccount:
    at = timezone.now() - timedelta(days=age_days)
    return UnknownAccount.objects.create(
        account=f"{number:04X}", address="10.0.0.5", first_seen=at, last_seen=at, last_raw=b"x"
    )


def test_a_kilobyte_of_a_frame_is_kept(side: Any) -> None:
    side.send(encode("SIA-DCS", "FFFF", "#FFFF|NPA1^" + "x" * 8000 + "^", sequence=1, timestamp=NOON))
    assert len(Signal.objects.get().raw) == len(UnknownAccount.objects.get().last_raw) == RAW


def test_a_frame_of_a_panel_is_kept_whole_once(make_panel: Any, side: Any) -> None:
    make_panel()
    frame = encode("SIA-DCS", "1234", "#1234|NPA1/FA2/BA3^" + "x" * 8000 + "^", sequence=1, timestamp=NOON)
    side.send(frame)
    sizes = [len(raw) for raw in Signal.objects.order_by("pk").values_list("raw", flat=True)]
    assert sizes == [len(frame) - 2, RAW, RAW]


def test_a_frame_with_thousands_of_events_makes_a_hundred_rows(make_panel: Any, side: Any) -> None:
    make_panel()
    data = "#1234|N" + "RP1/" * 3000 + "PA7"
    frame = encode("SIA-DCS", "1234", data, sequence=1, timestamp=NOON)
    assert side.send(frame, frame) == ["ACK", "ACK"]
    assert Signal.objects.count() == MOST_EVENTS
    assert Alarm.objects.get().kind == Kind.PANIC, "what calls somebody is not among those left out"


def test_the_budget_counts_rows_and_not_frames(side: Any) -> None:
    frames = [encode("SIA-DCS", "FFFF", "#FFFF|N" + "CL1/" * 50, sequence=n, timestamp=NOON) for n in range(1, 10)]
    assert side.send(*frames).count("ACK") == Signal.objects.count() // 50 == ROWS_A_MINUTE // 50


def test_the_day_has_a_budget_of_its_own(side: Any, monkeypatch: Any) -> None:
    now = 0.0
    monkeypatch.setattr(strangers, "time", SimpleNamespace(monotonic=lambda: now))
    budget = Budget(100, 86_400)
    assert budget.has(100)
    budget.spend(100)
    now += 864
    assert (budget.has(1), budget.has(2)) == (True, False)
    now += 10 * 86_400
    assert (budget.has(100), budget.has(101)) == (True, False)
    side.intake.strangers._budgets = (Budget(1000, 60), Budget(3, 86_400))
    frames = [encode_sia("FFFF", "CL", 1, n, timestamp=NOON) for n in range(1, 6)]
    assert side.send(*frames) == ["ACK"] * 3 + [""] * 2


def test_the_worker_clears_away_what_is_old(make_panel: Any) -> None:
    panel = make_panel()
    old, new, known = signal(91), signal(89), signal(400, panel=panel)
    account(1, 91)
    kept = account(2, 89)
    assert prune() == 2
    assert set(Signal.objects.all()) == {new, known}
    assert old not in Signal.objects.all()
    assert UnknownAccount.objects.get() == kept


def test_and_the_oldest_of_what_is_too_much(make_panel: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(strangers, "ROWS_KEPT", 3)
    monkeypatch.setattr(strangers, "ACCOUNTS_KEPT", 2)
    monkeypatch.setattr(strangers, "AT_ONCE", 2)
    panel = make_panel()
    known = {signal(30 + n, panel=panel) for n in range(5)}
    rows = [signal(n) for n in range(9)]
    accounts = [account(n, n) for n in range(4)]
    assert prune() == 6 + 2
    assert set(Signal.objects.all()) == {*rows[:3], *known}
    assert set(UnknownAccount.objects.all()) == set(accounts[:2])
    assert prune() == 0
