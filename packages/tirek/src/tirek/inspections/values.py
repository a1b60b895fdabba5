"""What a device may say of one answer or field, read and checked. Pure but for the sentences."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tirek.audit.plain import text as plain_text

STATES = frozenset({"met", "unmet", "na", "unknown"})
SEVERITIES = frozenset({"minor", "serious", "critical"})
MOST_NOTE, MOST_PLACE = 5000, 160
FIELDS = {"note": MOST_NOTE, "representative": 160, "representative_position": 160, "signature_refused": 300}
MOST_NUMBER = 2**62


class Impossible(ValueError):
    """A value that cannot be taken in. The message is a translated sentence."""


@dataclass(frozen=True, slots=True)
class Value:
    """One answer. `severity` is empty unless it is not met and differs from that of the requirement."""

    state: str
    severity: str = ""
    note: str = ""
    place: str = ""
    building: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "severity": self.severity,
            "note": self.note,
            "place": self.place,
            "building": self.building,
        }


def read_value(data: Any) -> Value:
    """The answer in a change. Raises `Impossible`."""
    if not isinstance(data, dict):
        raise Impossible(_("The answer cannot be read."))
    state, severity, building = data.get("state"), data.get("severity") or "", data.get("building")
    if state not in STATES:
        raise Impossible(_("There is no such answer."))
    if severity not in SEVERITIES | {""}:
        raise Impossible(_("There is no such severity."))
    if building is not None and not is_number(building):
        raise Impossible(_("There is no such building."))
    return Value(
        state,
        severity if state == "unmet" else "",
        words(data.get("note"), MOST_NOTE),
        words(data.get("place"), MOST_PLACE),
        building,
    )


def read_field(name: Any, data: Any) -> str:
    """The text of a field. Raises `Impossible`."""
    if name not in FIELDS:
        raise Impossible(_("There is no such field."))
    if not isinstance(data, dict):
        raise Impossible(_("The text cannot be read."))
    return words(data.get("text"), FIELDS[name])


def words(value: Any, most: int) -> str:
    """A text of a device, without edges. Raises `Impossible` when it is none or too long."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Impossible(_("The text cannot be read."))
    text = plain_text(value).strip()
    if len(text) > most:
        raise Impossible(_("The text is longer than %(n)d characters. Shorten it.") % {"n": most})
    return text


def is_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_NUMBER


def place_of(data: dict[str, Any]) -> tuple[float | None, float | None, float | None]:
    """Latitude, longitude and accuracy in metres; None for each that is none."""
    lat, lon = _number(data.get("lat"), 90), _number(data.get("lon"), 180)
    if lat is None or lon is None:
        return None, None, None
    accuracy = _number(data.get("accuracy"), 1e7)
    return lat, lon, None if accuracy is None or accuracy < 0 else accuracy


def _number(value: Any, most: float) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) and abs(number) <= most else None
