"""What other apps put on the desk; the desk imports none of them. `tirek.config.meeting` joins it with warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Around:
    """What a warning around a place would reach."""

    people: int
    endpoints: int
    failing: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line in an alarm's time line that another app contributes, e.g. a warning that was issued for it."""

    at: datetime
    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A way from an alarm to what another app does with it, e.g. to write it down as an incident."""

    label: str
    url: str
    icon: str


AroundSource = Callable[[Any, float, float, int], Around | None]
LineSource = Callable[[Any, int], Iterable[Line]]
LinkSource = Callable[[Any, int], Iterable[Link]]

_around: list[AroundSource] = []
_lines: list[LineSource] = []
_links: list[LinkSource] = []


def around(source: AroundSource) -> AroundSource:
    """Register `source(user, lat, lon, radius_m)`: who and what a warning around that point would reach."""
    _around.append(source)
    return source


def lines(source: LineSource) -> LineSource:
    """Register `source(user, alarm_id)`: lines for the time line of an alarm."""
    _lines.append(source)
    return source


def links(source: LinkSource) -> LinkSource:
    """Register `source(user, alarm_id)`: links beside the acts on an alarm that is no test."""
    _links.append(source)
    return source


def extra_links(user: Any, alarm_id: int) -> list[Link]:
    """The links that registered sources offer."""
    return [link for source in _links for link in source(user, alarm_id)]


def reach(user: Any, lat: float, lon: float, radius_m: int) -> Around | None:
    """The first answer of a registered source, or None when no app answers."""
    return next((found for source in _around if (found := source(user, lat, lon, radius_m))), None)


def extra_lines(user: Any, alarm_id: int) -> list[Line]:
    """What registered sources add to an alarm's time line."""
    return [line for source in _lines for line in source(user, alarm_id)]
