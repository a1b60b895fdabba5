"""Opening and duty hours: read as people write them, shown as the reader's language writes them.

A week is seven days, Monday first, each None when it is closed, or opening and closing in turn, in minutes from midnight, in
order and apart: [540, 780, 840, 1080] is 9:00-13:00 and 14:00-18:00. What ends after midnight closes beyond 1440: 22:00-6:00
is [1320, 1800]. All day and night is [0, 1440].

As written, a semicolon or a comma parts hours of different days; hours after a comma that name no days are more hours of the
days before, and so is a break: "Mon-Fri 9-18, break 13-14; Sat 9-14".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

Day = list[int] | None
Week = list[Day]
Span = tuple[int, int]

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
# "Without a break" says nothing, and is taken out first.
UNBROKEN = re.compile(
    r"\b(?:без\s+(?:обеденн\w+\s+)?(?:перерыв\w*|обед\w*)|үзіліссіз|(?:no|without)\s+(?:a\s+)?(?:lunch\s+)?(?:break|lunch))\b",
    re.IGNORECASE,
)
BREAK = re.compile(
    r"\b(?:(?:с|with)\s+)?(?:(?:обеденн\w+|түскі|lunch)\s+)?(?:перерыв\w*|обед\w*|үзіліс\w*|break|lunch)"
    r"(?:\s+(?:на|for)\s+(?:обед|lunch))?\b",
    re.IGNORECASE,
)
DASH = r"\s*(?:[-–—−]|до|to|дейін)\s*"
TIME = r"(\d{1,2})(?:[:.](\d{2}))?"
SPAN = re.compile(rf"(?:\b(?:с|from)\s+)?{TIME}{DASH}{TIME}")
WORD = re.compile(r"[^\W\d_]+", re.UNICODE)


class Unreadable(ValueError):
    """A part of the text that is no hours; the text of the error is that part."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the text says: `days` None where it names none, `spans` None where it tells of a break only."""

    text: str
    days: list[int] | None
    spans: list[Span] | None
    breaks: list[Span]


def parse(text: str) -> Week:
    """A week from "Mon-Fri 8:00-18:00; Sat 9-14", in any of the three languages; [] for an empty text. Raises Unreadable."""
    text = UNBROKEN.sub(" ", text).strip()
    if not text:
        return []
    week: Week = [None] * DAYS
    days: list[int] = []
    for line in re.split(r"[;\n]+", text):
        for number, part in enumerate(_parts(line)):
            if part.spans is None:
                days = part.days or days
            elif part.days is None and number:
                if not part.spans:
                    raise Unreadable(part.text)
                for day in days:
                    week[day] = _joined([*spans_of(week[day]), *part.spans], part)
            else:
                days = list(range(DAYS)) if part.days is None else part.days
                for day in days:
                    week[day] = _joined(part.spans, part)
            if part.breaks and not days:
                raise Unreadable(part.text)
            for day in days if part.breaks else ():
                week[day] = _without(week[day], part)
    return week


def spans_of(day: Day) -> Iterator[Span]:
    """Opening and closing of a day, pair by pair."""
    hours = day or []
    return zip(hours[::2], hours[1::2], strict=True)


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
            shown.append(f"{days} {', '.join(_span(span) for span in spans_of(hours))}")
        start += length
    return ", ".join(shown) or pgettext("hours", "closed")


def is_open(week: Week, at: datetime | None = None) -> bool | None:
    """Whether it is open at a moment (now), by local time; None where the hours are not known."""
    if len(week) != DAYS:
        return None
    local = timezone.localtime(at)
    minute, today = local.hour * 60 + local.minute, local.weekday()
    return any(opens <= minute < closes for opens, closes in spans_of(week[today])) or any(
        minute + MINUTES < closes for _opens, closes in spans_of(week[today - 1])
    )


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


def _parts(line: str) -> Iterator[Part]:
    """Parts that each name hours. A comma may stand between days or between parts: what names no hours belongs to the next."""
    waiting = ""
    for piece in line.split(","):
        waiting = f"{waiting}, {piece}" if waiting.strip() else piece
        if ROUND.search(waiting) or CLOSED.search(waiting) or SPAN.search(waiting):
            yield _part(waiting)
            waiting = ""
    if waiting.strip(" ."):
        yield _part(waiting)


def _part(text: str) -> Part:
    told = text.strip()
    head, *tails = BREAK.split(text.strip(" .,"))
    breaks = [_minutes(span, told) for tail in tails for span in SPAN.findall(tail)]
    rest = " ".join(SPAN.sub(" ", tail) for tail in tails)
    if len(breaks) < len(tails):
        raise Unreadable(told)
    spans: list[Span] | None = None
    if ROUND.search(head):
        spans, head = [(0, MINUTES)], ROUND.sub(" ", head)
    elif found := SPAN.findall(head):
        spans, head = [_minutes(span, told) for span in found], SPAN.sub(" ", head)
    elif CLOSED.search(head):
        spans, head = [], CLOSED.sub(" ", head)
    elif not breaks:
        raise Unreadable(told)
    return Part(told, _days(f"{head} {rest}", told), spans, breaks)


def _joined(spans: Iterable[Span], part: Part) -> Day:
    """A day of these spans in order, those that touch made one. Raises Unreadable where they overlap."""
    day: list[int] = []
    for opens, closes in sorted(spans):
        if day and opens < day[-1]:
            raise Unreadable(part.text)
        if day and opens == day[-1]:
            day[-1] = closes
        else:
            day += [opens, closes]
    return day or None


def _without(day: Day, part: Part) -> Day:
    """A day less the breaks of a part. Raises Unreadable where a break lies outside of the hours."""
    spans = list(spans_of(day))
    for begin, end in part.breaks:
        around = next((span for span in spans if span[0] < begin and end < span[1]), None)
        if around is None:
            raise Unreadable(part.text)
        spans.remove(around)
        spans += [(around[0], begin), (end, around[1])]
    return _joined(spans, part)


def _minutes(span: Sequence[str], part: str) -> Span:
    opens, closes = int(span[0]) * 60 + int(span[1] or 0), int(span[2]) * 60 + int(span[3] or 0)
    if max(opens, closes) > MINUTES or int(span[1] or 0) > 59 or int(span[3] or 0) > 59 or opens == MINUTES:
        raise Unreadable(part)
    if closes <= opens:
        closes += MINUTES
    return opens, closes


def _days(rest: str, part: str) -> list[int] | None:
    """The days that what is left of a part names; None when it names none."""
    cleaned = re.sub(r"(?<=[^\W\d_])\s+(?:по|to)\s+", "-", rest.casefold())
    cleaned = re.sub(r"\b(?:и|and|және|по|on|с|from)\b", " ", cleaned)
    words = WORD.findall(cleaned)
    if re.search(r"\d", cleaned):
        raise Unreadable(part)
    if not words:
        return None
    if set(words) <= DAILY:
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
    raise Unreadable(part)


def _same_stem(word: str, name: str) -> bool:
    """Whether a longer word is the day under another ending: "понедельника", "monday"."""
    return word.startswith(name) if len(name) == 3 else len(name) > 3 and word[:4] == name[:4]


def _span(span: Span) -> str:
    if span == (0, MINUTES):
        return _("day and night")
    return f"{_clock(span[0])}–{_clock(span[1])}"


def _clock(minutes: int) -> str:
    if minutes == MINUTES:
        return "24:00"
    return f"{minutes // 60 % 24}:{minutes % 60:02}"
