"""Time stamps: `HH:MM:SS,MM-DD-YYYY` in UTC (section 5.5.1.9)."""

import re
from datetime import UTC, datetime, timedelta

#: How far a time stamp may lie in the past and in the future.
EARLY = timedelta(seconds=40)
LATE = timedelta(seconds=20)

_STAMP = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2},[0-9]{2}-[0-9]{2}-[0-9]{4}")


def format_stamp(moment: datetime) -> str:
    """Write an aware datetime as DC-09 does, without the leading underscore."""
    return moment.astimezone(UTC).strftime("%H:%M:%S,%m-%d-%Y")


def read_stamp(text: str) -> datetime | None:
    """Read a time stamp without its underscore; None when it is no possible time."""
    # The first and the last year of the calendar do not exist whole in every time zone, nor in every database.
    if not _STAMP.fullmatch(text) or text[15:19] in ("0001", "9999"):
        return None
    try:
        return datetime.fromisoformat(f"{text[15:19]}-{text[9:14]}T{text[:8]}+00:00")
    except ValueError:
        return None


def within(stamp: datetime, now: datetime, early: timedelta = EARLY, late: timedelta = LATE) -> bool:
    """Tell whether `stamp` lies at most `early` before and at most `late` after `now`."""
    return -early <= stamp - now <= late
