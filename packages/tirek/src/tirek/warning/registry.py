"""What other apps tell the pages of warning, without warning importing them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One line in the time line of an event. `key` lines are the turning points."""

    at: datetime
    text: str
    by: str = ""
    key: bool = False


TimelineSource = Callable[[Any, int], Iterable[Line]]
AlarmWords = Callable[[Any, int], dict[str, str] | None]
AlarmLink = Callable[[int], str]

_timeline: list[TimelineSource] = []
_alarm_words: list[AlarmWords] = []
_alarm_link: list[AlarmLink] = []


def timeline_source(source: TimelineSource) -> TimelineSource:
    """Register `source(user, alarm_id)`: what happened before the warning, e.g. the signals and acts of its alarm."""
    _timeline.append(source)
    return source


def alarm_words(source: AlarmWords) -> AlarmWords:
    """Register `source(user, alarm_id)`: an alarm in a few words in each language, None for one that the person may not see."""
    _alarm_words.append(source)
    return source


def alarm_link(link: AlarmLink) -> AlarmLink:
    """Register `link(alarm_id)`: the address of an alarm's page."""
    _alarm_link.append(link)
    return link


def lines_of_alarm(user: Any, alarm_id: int) -> list[Line]:
    """All that registered sources know of an alarm."""
    return [line for source in _timeline for line in source(user, alarm_id)]


def words_of_alarm(user: Any, alarm_id: int | None) -> dict[str, str]:
    """An alarm in a few words, by language; empty when no app knows it, or the person may not see it."""
    return next((words for source in _alarm_words if alarm_id and (words := source(user, alarm_id))), {})


def url_of_alarm(alarm_id: int | None) -> str:
    """The alarm's page, or "" when no app has one."""
    return next((link(alarm_id) for link in _alarm_link), "") if alarm_id else ""
