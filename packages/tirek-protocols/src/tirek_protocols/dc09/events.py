"""Events inside the data block: SIA DCS function blocks (DC-03) and Contact ID blocks (DC-05)."""

import re
from dataclasses import dataclass

from .cid_codes import CID_CODES
from .errors import Malformed
from .meaning import event_concerns, event_kind, event_name
from .sia_codes import SIA_CODES

_CID = re.compile(r"([136])([0-9A-F]{3}) ?([0-9A-F]{2}) ?([0-9A-F]{3})", re.IGNORECASE)
#: First digit of a Contact ID block for each qualifier.
CID_DIGITS = {"new": "1", "restore": "3", "status": "6"}
_CID_QUALIFIERS = {digit: qualifier for qualifier, digit in CID_DIGITS.items()}

# One packet of a SIA block: a modifier such as ri1, or a code with its number, unit field and description.
_SIA = re.compile(
    r"/?(?:([a-z]{2})([0-9:.-]*)|([A-Z]{2})([0-9A-F]*)(?:\*('[^']*'|[^/^|]*)[A-Z]{0,2})?)(?:\^([^^]*)\^?)?"
)


@dataclass(slots=True)
class Event:
    """One thing that happened. A value: do not change it."""

    #: "SIA" or "CID".
    system: str
    #: Two letters ("PA") or three digits ("120").
    code: str
    #: "new", "restore" (it ended, or the system was armed) or "status" (said before, still so).
    qualifier: str
    #: Numbers without leading zeros; None where the event carries none, or zero, which means "no particular one".
    zone: str | None = None
    partition: str | None = None
    user: str | None = None
    #: The number exactly as sent, whatever it counts, and what it counts: see `codes.UNITS`.
    address: str = ""
    unit: str = ""
    #: Description the panel gave, often the name of the zone or the user.
    text: str = ""
    #: SIA modifiers as sent, such as (("ti", "19:44"), ("ri", "4")).
    modifiers: tuple[tuple[str, str], ...] = ()

    @property
    def kind(self) -> str:
        """One of KINDS: what to do with the event."""
        return event_kind(self.system, self.code, self.qualifier)

    @property
    def concerns(self) -> str:
        """The kind of the condition, also when it has ended: "panic" for a panic restoral."""
        return event_concerns(self.system, self.code)

    def name(self, lang: str = "en") -> str:
        """What happened, in "en", "ru" or "kk"."""
        return event_name(self.system, self.code, lang, self.qualifier)


def _number(digits: str) -> str | None:
    return digits.lstrip("0") or None


def read_cid(blocks: list[str]) -> tuple[Event, ...]:
    """Read Contact ID blocks `QEEE GG CCC`; raises Malformed when there is none."""
    events = []
    for block in blocks:
        found = _CID.fullmatch(block.strip())
        if found is None:
            continue
        digit, code, partition, address = found.groups()
        code = code.upper()
        row = CID_CODES.get(code)
        unit = row.unit if row is not None else "zone"
        number = _number(address)
        events.append(
            Event(
                "CID",
                code,
                _CID_QUALIFIERS[digit],
                None if unit == "user" else number,
                _number(partition),
                number if unit == "user" else None,
                address,
                unit,
            )
        )
    if not events:
        raise Malformed("no Contact ID event in the data")
    return tuple(events)


def read_sia(block: str, *, old: bool = False) -> list[Event]:
    """Read one SIA function block without its N or O; raises Malformed when it holds no event.

    What follows the last readable packet becomes the text of the last event: an alarm is not thrown away for a
    description in a form that nobody wrote down.
    """
    events: list[Event] = []
    modifiers: dict[str, str] = {}
    at = 0
    while found := _SIA.match(block, at):
        modifier, value, code, address, unit_field, description = found.groups()
        if modifier is not None:
            modifiers[modifier] = value
        else:
            events.append(_sia_event(code, address, unit_field, description, modifiers, old))
        at = found.end()
    if not events:
        raise Malformed("no event in a SIA block")
    rest = block[at:].strip("/ ^")
    if rest and not events[-1].text:
        events[-1].text = rest
    return events


def _sia_event(
    code: str, address: str, unit_field: str | None, description: str | None, modifiers: dict[str, str], old: bool
) -> Event:
    row = SIA_CODES.get(code)
    unit = row.unit if row is not None else "zone"
    number = _number(address)
    qualifier = "restore" if row is not None and row.kind == "restore" else "new"
    text = description or ""
    if not text and unit_field and unit_field.startswith("'"):
        text = unit_field.strip("'")
    return Event(
        "SIA",
        code,
        "status" if old else qualifier,
        number if unit in ("zone", "door") else None,
        (number if unit == "area" else None) or _number(modifiers.get("ri", "")),
        (number if unit == "user" else None) or _number(modifiers.get("id", "")),
        address,
        unit,
        text.strip(),
        tuple(modifiers.items()),
    )
