"""Places for connections: whoever brings nothing makes room; and enough files may be open for all of them."""

from __future__ import annotations

import resource
from dataclasses import dataclass
from typing import Any

import pytest

from tirek.alarms.receiver import descriptors
from tirek.alarms.receiver.descriptors import OWN, room_for
from tirek.alarms.receiver.seats import LOST_S, Seats


@dataclass(eq=False)
class Line:
    heard: float
    address: str = "10.0.0.1"
    evicted: bool = False

    def evict(self) -> None:
        self.evicted = True


def seated(seats: Seats[Line], count: int, address: str = "10.0.0.1") -> list[Line]:
    lines = [Line(float(n), address) for n in range(count)]
    assert all(seats.take(line) for line in lines)
    return lines


def test_the_longest_silent_stranger_makes_room() -> None:
    seats: Seats[Line] = Seats(3, 3)
    first, second, third = seated(seats, 3)
    seats.heard(first)
    assert seats.take(Line(10.0))
    assert [first.evicted, second.evicted, third.evicted] == [False, True, False]
    assert len(seats) == 3
    assert seats.evicted == 1
    seats.leave(second)
    assert len(seats) == 3, "it has gone already"


def test_a_panel_keeps_its_place_while_there_is_a_stranger() -> None:
    seats: Seats[Line] = Seats(2, 2)
    panel, _stranger = seated(seats, 2)
    seats.known(panel)
    for moment in range(10, 20):
        assert seats.take(Line(float(moment)))
    assert not panel.evicted


def test_panels_are_not_evicted_unless_their_link_is_probably_lost() -> None:
    seats: Seats[Line] = Seats(2, 2)
    lines = seated(seats, 2)
    for line in lines:
        seats.known(line)
    assert not seats.take(Line(LOST_S))
    lines[0].heard = LOST_S
    seats.heard(lines[0])
    assert seats.take(Line(LOST_S + 2))
    assert [line.evicted for line in lines] == [False, True]


def test_an_address_that_has_its_share_makes_room_by_itself() -> None:
    seats: Seats[Line] = Seats(10, 2)
    (other,) = seated(seats, 1, "10.0.0.2")
    crowd = seated(seats, 2)
    assert seats.take(Line(5.0))
    assert [other.evicted, *(line.evicted for line in crowd)] == [False, True, False]


def test_who_has_no_place_is_nobody() -> None:
    seats: Seats[Line] = Seats(1, 1)
    (held,) = seated(seats, 1)
    nobody = Line(1.0)
    seats.known(nobody)
    seats.heard(nobody)
    seats.leave(nobody)
    assert list(seats) == [held]


@pytest.mark.parametrize(
    ("soft", "hard", "room", "asked"),
    [
        (1024, 4096, 2000, (2000 + OWN, 4096)),
        (1024, resource.RLIM_INFINITY, 2000, (2000 + OWN, resource.RLIM_INFINITY)),
        (1024, 1500, 1500 - OWN, (1500, 1500)),
        (8192, 8192, 2000, None),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, 2000, None),
    ],
)
def test_the_limit_of_open_files_is_raised_as_far_as_needed(
    monkeypatch: Any, soft: int, hard: int, room: int, asked: Any
) -> None:
    asks: list[Any] = []
    monkeypatch.setattr(descriptors.resource, "getrlimit", lambda _what: (soft, hard))
    monkeypatch.setattr(descriptors.resource, "setrlimit", lambda _what, limits: asks.append(limits))
    assert room_for(2000) == room
    assert asks == ([asked] if asked else [])


def test_a_system_that_refuses_leaves_room_for_fewer(monkeypatch: Any) -> None:
    def refuse(_what: int, _limits: Any) -> None:
        raise ValueError("not allowed")

    monkeypatch.setattr(descriptors.resource, "getrlimit", lambda _what: (1024, 4096))
    monkeypatch.setattr(descriptors.resource, "setrlimit", refuse)
    assert room_for(2000) == 1024 - OWN
