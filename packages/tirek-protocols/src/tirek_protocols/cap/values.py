"""CAP's written forms of times, places, lists and references."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

from .messages import Circle, Point, Reference

_STRICT_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d", re.ASCII)
_LOOSE_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:[.,]\d+)?)?\s*(?:([Zz])|([+-])(\d\d):?(\d\d))?", re.ASCII
)
_LIST_ITEM = re.compile(r'"([^"]*)"|(\S+)')
_LONGEST_OFFSET = timedelta(hours=14)


def format_time(value: datetime) -> str:
    """As section 3.3.2 wants it: whole seconds, numeric zone, and UTC as "-00:00"."""
    text = value.isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "-00:00" if text.endswith("+00:00") else text


def time_problem(value: object) -> str:
    """Why `value` cannot be written as a CAP time, or ""."""
    if not isinstance(value, datetime):
        return "must be a time"
    if (offset := value.utcoffset()) is None:
        return "must have a time zone"
    if value.microsecond:
        return "must be in whole seconds"
    if offset % timedelta(minutes=1) or abs(offset) > _LONGEST_OFFSET:
        return "must have a time zone in whole minutes, at most 14 hours from UTC"
    return ""


def is_strict_time(text: str) -> bool:
    """Whether a time that can be read is also written as the schema wants it."""
    return _STRICT_TIME.fullmatch(text) is not None


def read_time(text: str) -> datetime | None:
    """A time in CAP's form or a common mistake for it; without a zone it is taken as UTC. None if it is no time."""
    found = _LOOSE_TIME.fullmatch(text)
    if not found:
        return None
    day, hour, minute, second, _, sign, zone_hours, zone_minutes = found.groups()
    offset = timedelta(hours=int(zone_hours or 0), minutes=int(zone_minutes or 0))
    if offset > _LONGEST_OFFSET or int(zone_minutes or 0) > 59 or int(minute) > 59 or int(second or 0) > 59:
        return None
    clock = timedelta(hours=int(hour), minutes=int(minute), seconds=int(second or 0))
    # XML Schema lets a day end at 24:00:00.
    if clock > timedelta(hours=24):
        return None
    try:
        zone = timezone(-offset if sign == "-" else offset) if offset else UTC
        return datetime.fromisoformat(day).replace(tzinfo=zone) + clock
    except (ValueError, OverflowError):
        return None


def format_number(value: float) -> str:
    """Decimal, without exponent, to eight places: in degrees a millimetre."""
    text = f"{value:.8f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def read_number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def read_point(text: str) -> Point | None:
    parts = text.split(",")
    numbers = [read_number(part) for part in parts]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    return Point(numbers[0], numbers[1])


def read_polygon(text: str) -> tuple[Point, ...] | None:
    points = [read_point(part) for part in text.split()]
    found = tuple(point for point in points if point is not None)
    return found if found and len(found) == len(points) else None


def read_circle(text: str) -> Circle | None:
    centre, _, rest = text.partition(" ")
    point, radius = read_point(centre), read_number(rest.strip())
    return Circle(*point, radius) if point is not None and radius is not None else None


def format_polygon(points: Iterable[Point]) -> str:
    return " ".join(f"{format_number(lat)},{format_number(lon)}" for lat, lon in points)


def format_circle(circle: Circle) -> str:
    lat, lon, radius = map(format_number, circle)
    return f"{lat},{lon} {radius}"


def format_list(items: Iterable[str]) -> str:
    """A list in one element: items that hold white space stand in double quotes (section 3.2.1, addresses)."""
    return " ".join(f'"{item}"' if any(map(str.isspace, item)) else item for item in items)


def read_list(text: str) -> tuple[str, ...]:
    return tuple(quoted or plain for quoted, plain in _LIST_ITEM.findall(text) if quoted or plain)


def format_reference(reference: Reference) -> str:
    return f"{reference.sender},{reference.identifier},{format_time(reference.sent)}"


def read_reference(text: str) -> Reference | None:
    """`sender,identifier,sent`. Some senders have commas, against the standard: the last two parts are taken first."""
    parts = text.rsplit(",", 2)
    if len(parts) != 3 or not all(parts) or (sent := read_time(parts[2])) is None:
        return None
    return Reference(parts[0], parts[1], sent)
