"""Opening and duty hours: read as people write them, shown as the reader's language writes them.

A week is seven days, Monday first, each `[open, close]` in minutes from midnight or None for a day that is closed. A day that
ends after midnight closes beyond 1440: 22:00-6:00 is [1320, 1800]. All day and night is [0, 1440].
"""

from __future__ import annotations

import re
from datetime import datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Day = list[int] | None
Week = list[Day]

DAYS, MINUTES = 7, 1440
ALL_DAY: list[int] = [0, MINUTES]
# How each day is written, Monday first: English, Russian, Kazakh; longer forms begin with the shorter ones.
NAMES = (
    ("mon", "mo", "понедельник", "пн", "дүйсенбі", "дс"),
    ("tue", "tu", "вторник", "вт", "сейсенбі", "сс"),
    ("wed", "we", "среда", "среду", "ср", "сәрсенбі"),
    ("thu", "th", "четверг", "чт", "бейсенбі", "бс"),
    ("fri", "fr", "пятница", "пятницу", "пт", "жұма", "жм"),
    ("sat", "sa", "суббота", "субботу", "сб", "сенбі", "сн"),
    ("sun", "su", "воскресенье", "вс", "жексенбі", "жс", "жк"),
)
DAILY = {
    "daily",
    "every",
    "everyday",
    "ежедневно",
    "күнсайын",
    "күн",
    "сайын",
    "каждый",
    "день",
    "day",
    "без",
    "выходных",
    "демалыссыз",
}
WORKDAYS = {"weekdays", "будни", "будням", "жұмыс", "күндері", "workdays"}
WEEKEND = {"weekend", "weekends", "выходные", "демалыс"}
ROUND = re.compile(
    r"24\s*/\s*7|круглосуточно|тәулік\s*бойы|day and night|a?round the clock|24\s*(?:ч|h|сағ)\w*|24 hours",
    re.IGNORECASE,
)
CLOSED = re.compile(r"\b(?:closed|выходной|закрыто|жабық|демалыс күні|не работает)\b", re.IGNORECASE)
DASH = r"\s*(?:[-–—−]|до|to|дейін)\s*"
TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
SPAN = re.compile(rf"(?:с\s+|from\s+)?{TIME}{DASH}{TIME}")
WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


class Unreadable(ValueError):
    """A part of the text that is no hours; the text of the error is that part."""


def parse(text: str) -> Week:
    """A week from "Mon-Fri 8:00-18:00; Sat 9-14", in any of the three languages; [] for an empty text. Raises Unreadable."""
    text = text.strip()
    if not text:
        return []
    week: Week = [None] * DAYS
    for part in _parts(text):
        days, hours = _part(part)
        for day in days:
            week[day] = list(hours) if hours else None
    return week


def show(week: Week) -> str:
    """A week in the reader's language: "Mon–Fri 8:00–18:00, Sat 9:00–14:00". Empty for [] (not known)."""
    if len(week) != DAYS:
        return ""
    if all(day == ALL_DAY for day in week):
        return _("day and night")
    names = day_names()
    shown, start = [], 0
    for hours, group in groupby(week):
        length = len(list(group))
        if hours:
            days = names[start] if length == 1 else f"{names[start]}–{names[start + length - 1]}"
            if length == DAYS:
                days = _("daily")
            shown.append(f"{days} {_span(hours)}")
        start += length
    return ", ".join(shown) or pgettext("hours", "closed")


def is_open(week: Week, at: datetime | None = None) -> bool | None:
    """Whether it is open at a moment (now), by local time; None where the hours are not known."""
    if len(week) != DAYS:
        return None
    local = timezone.localtime(at)
    minute, today = local.hour * 60 + local.minute, local.weekday()
    hours, before = week[today], week[today - 1]
    return bool(hours and hours[0] <= minute < hours[1]) or bool(before and minute + MINUTES < before[1])


def on_duty(text: str, at: datetime | None = None) -> bool | None:
    """Whether somebody with these hours, as written, is on duty now; None where the text is no hours."""
    try:
        return is_open(parse(text), at)
    except Unreadable:
        return None


def day_names() -> list[str]:
    """Short names of the days, Monday first."""
    return [
        pgettext("day", "Mon"), pgettext("day", "Tue"), pgettext("day", "Wed"), pgettext("day", "Thu"),
        pgettext("day", "Fri"), pgettext("day", "Sat"), pgettext("day", "Sun"),
    ]  # fmt: skip


def _parts(text: str) -> list[str]:
    """Parts that each name hours. A comma may stand between days or between parts: what names no hours belongs to the next."""
    found: list[str] = []
    for line in re.split(r"[;\n]+", text):
        waiting = ""
        for piece in line.split(","):
            waiting = f"{waiting}, {piece}" if waiting.strip() else piece
            if ROUND.search(waiting) or CLOSED.search(waiting) or SPAN.search(waiting):
                found.append(waiting)
                waiting = ""
        if waiting.strip(" ."):
            found.append(waiting)
    return found


def _part(part: str) -> tuple[list[int], list[int] | None]:
    rest, hours = part.strip(" .,"), None
    if ROUND.search(rest):
        rest, hours = ROUND.sub(" ", rest), list(ALL_DAY)
    elif spans := SPAN.findall(rest):
        if len(spans) > 1:
            raise Unreadable(part.strip())
        hours = _minutes(spans[0], part)
        rest = SPAN.sub(" ", rest)
    elif CLOSED.search(rest):
        rest = CLOSED.sub(" ", rest)
    else:
        raise Unreadable(part.strip())
    return _days(rest, part), hours


def _minutes(span: tuple[str, str, str, str], part: str) -> list[int]:
    opens, closes = int(span[0]) * 60 + int(span[1] or 0), int(span[2]) * 60 + int(span[3] or 0)
    if max(opens, closes) > MINUTES or int(span[1] or 0) > 59 or int(span[3] or 0) > 59 or opens == MINUTES:
        raise Unreadable(part.strip())
    if closes <= opens:
        closes += MINUTES
    return [opens, closes]


def _days(rest: str, part: str) -> list[int]:
    """The days that what is left of a part names; all seven when it names none."""
    cleaned = re.sub(r"(?<=[^\W\d_])\s+(?:по|to)\s+", "-", rest.casefold())
    cleaned = re.sub(r"\b(?:и|and|және|по|on|с|from)\b", " ", cleaned)
    words = WORD.findall(cleaned)
    if re.search(r"\d", cleaned):
        raise Unreadable(part.strip())
    if not words or set(words) <= DAILY:
        return list(range(DAYS))
    if set(words) <= WORKDAYS:
        return list(range(5))
    if set(words) <= WEEKEND:
        return [5, 6]
    days: list[int] = []
    for piece in re.split(r"[,\s]+(?![-–—−])(?<![-–—−])", re.sub(r"\s*[-–—−]\s*", "-", cleaned).strip(" ,.:")):
        if not piece.strip(" .,:"):
            continue
        first, _dash, last = piece.strip(" .,:").partition("-")
        start, end = _day(first, part), _day(last or first, part)
        days += [day % DAYS for day in range(start, end + (1 if end >= start else DAYS + 1))]
    return days


def _day(word: str, part: str) -> int:
    word = word.strip(" .,:")
    for number, names in enumerate(NAMES):
        if word in names or (len(word) > 3 and any(_same_stem(word, name) for name in names)):
            return number
    raise Unreadable(part.strip())


def _same_stem(word: str, name: str) -> bool:
    """Whether a longer word is the day under another ending: "понедельника", "monday"."""
    return word.startswith(name) if len(name) == 3 else len(name) > 3 and word[:4] == name[:4]


def _span(hours: list[int]) -> str:
    if hours == ALL_DAY:
        return _("day and night")
    return f"{_clock(hours[0])}–{_clock(hours[1])}"


def _clock(minutes: int) -> str:
    if minutes == MINUTES:
        return "24:00"
    return f"{minutes // 60 % 24}:{minutes % 60:02}"
