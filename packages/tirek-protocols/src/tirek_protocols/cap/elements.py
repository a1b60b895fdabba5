"""The elements of a CAP message, one by one. Nothing raises: what cannot be read is told and left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Literal, NamedTuple, TypeVar

from lxml import etree

from .document import SIGNATURE_NAMESPACE, name_of
from .errors import Problem
from .messages import (
    Alert,
    Area,
    Category,
    Certainty,
    Info,
    MsgType,
    Pair,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from .values import (
    is_strict_time,
    read_circle,
    read_list,
    read_number,
    read_polygon,
    read_reference,
    read_time,
)


class _Rule(NamedTuple):
    order: int
    needed: bool
    many: bool


_Table = dict[str, _Rule]


def _table(names: str) -> _Table:
    """Element names in the order of the standard: "!" must be there, "*" may be there often, "+" both."""
    return {
        name.rstrip("!*+"): _Rule(order, name[-1] in "!+", name[-1] in "*+") for order, name in enumerate(names.split())
    }


# Section 3.2.1 to 3.2.4
ALERT = _table(
    "identifier! sender! sent! status! msgType! source scope! restriction addresses code* note references"
    " incidents info*"
)
INFO = _table(
    "language category+ event! responseType* urgency! severity! certainty! audience eventCode* effective"
    " onset expires senderName headline description instruction web contact parameter* resource* area*"
)
RESOURCE = _table("resourceDesc! mimeType! size uri derefUri digest")
AREA = _table("areaDesc! polygon* circle* geocode* altitude ceiling")
PAIR = _table("valueName! value!")

_DEFAULT_LANGUAGE = "en-US"
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_MOST_DIGITS = 18
_LONGEST_UNKNOWN = 2000
_SCHEMA_INSTANCE = "{http://www.w3.org/2001/XMLSchema-instance}"
# CAP 1.0 had one more word for certainty.
_OLD_WORDS = {"1.0": {"very likely": "Likely"}}

_Kind = Literal["form", "rule"]
_Found = dict[str, list[tuple[str, etree._Element]]]
_E = TypeVar("_E", bound=StrEnum)
_V = TypeVar("_V")


class AlertReader:
    """Reads one message. `problems` and `unknown` (path, XML) grow while it does."""

    def __init__(self, version: str) -> None:
        self._version = version
        self.problems: list[Problem] = []
        self.unknown: list[tuple[str, str]] = []

    def wrong(self, path: str, message: str, kind: _Kind = "rule") -> None:
        self.problems.append(Problem(path, message, kind))

    # Elements in elements

    def _children(self, parent: etree._Element, path: str, table: _Table) -> _Found:
        """The child elements that CAP knows, by name, each with its path."""
        namespace = name_of(parent)[0]
        prefix = f"{path}/" if path else ""
        found: _Found = {name: [] for name in table}
        highest = 0
        self._no_attributes(parent, path)
        if any(text and text.strip() for text in (parent.text, *(child.tail for child in parent))):
            self.wrong(path, "has text between its elements", "form")
        for child in parent.iterchildren(etree.Element):
            child_namespace, name = name_of(child)
            if child_namespace == SIGNATURE_NAMESPACE and table is ALERT:
                highest = len(table)
                continue
            rule = table.get(name)
            if rule is None or child_namespace not in ("", namespace):
                self._keep_unknown(f"{prefix}{name}", child)
                continue
            place = f"{prefix}{name}[{len(found[name]) + 1}]" if rule.many else f"{prefix}{name}"
            if child_namespace != namespace:
                self.wrong(place, "has no name space", "form")
            if rule.order < highest:
                self.wrong(place, "is out of order", "form")
            highest = max(highest, rule.order)
            if found[name] and not rule.many:
                self.wrong(place, "is there more than once", "form")
            found[name].append((place, child))
        for name, rule in table.items():
            if rule.needed and not found[name]:
                self.wrong(f"{prefix}{name}", "is missing", "form")
        return found

    def _keep_unknown(self, path: str, element: etree._Element) -> None:
        self.wrong(path, "is not an element of CAP here", "form")
        xml = etree.tostring(element, encoding="unicode", with_tail=False)
        self.unknown.append((path, xml[:_LONGEST_UNKNOWN]))

    def _no_attributes(self, element: etree._Element, path: str) -> None:
        if any(not str(name).startswith(_SCHEMA_INSTANCE) for name in element.attrib):
            self.wrong(path, "has attributes", "form")

    # Single values

    def _raw(self, path: str, element: etree._Element) -> str:
        self._no_attributes(element, path)
        for child in element.iterchildren(etree.Element):
            self._keep_unknown(f"{path}/{name_of(child)[1]}", child)
        return "".join([element.text or "", *(child.tail or "" for child in element)])

    def _text(self, found: _Found, name: str) -> str:
        return self._raw(*found[name][0]).strip() if found[name] else ""

    def _texts(self, found: _Found, name: str) -> tuple[str, ...]:
        return tuple(self._raw(*item).strip() for item in found[name])

    def _choice(self, path: str, raw: str, choices: type[_E]) -> _E | None:
        for choice in choices:
            if raw == choice.value:
                return choice
        plain = " ".join(raw.split()).casefold()
        if old := _OLD_WORDS.get(self._version, {}).get(plain):
            return choices(old)
        self.wrong(path, f"is {raw[:60]!r}, not one of {', '.join(choices)}", "form")
        return next((choice for choice in choices if choice.casefold() == plain.replace(" ", "")), None)

    def _one_choice(self, found: _Found, name: str, choices: type[_E]) -> _E | None:
        return self._choice(found[name][0][0], self._raw(*found[name][0]), choices) if found[name] else None

    def _choices(self, found: _Found, name: str, choices: type[_E]) -> tuple[_E, ...]:
        read = (self._choice(path, self._raw(path, element), choices) for path, element in found[name])
        return tuple(choice for choice in read if choice is not None)

    def _time(self, found: _Found, name: str) -> datetime | None:
        if not found[name]:
            return None
        path, element = found[name][0]
        text = self._raw(path, element).strip()
        value = read_time(text)
        if value is None:
            self.wrong(path, f"is not a time: {text[:60]!r}", "form")
        elif not is_strict_time(text):
            self.wrong(path, f"is not written as 2026-01-31T23:59:00+05:00: {text[:60]!r}", "form")
        elif text.endswith("+00:00"):
            self.wrong(path, "has UTC as +00:00; it must be -00:00")
        return value

    def _decimal(self, found: _Found, name: str) -> float | None:
        if not found[name]:
            return None
        path, element = found[name][0]
        text = self._raw(path, element).strip()
        if not _DECIMAL.fullmatch(text):
            self.wrong(path, f"is not a number: {text[:60]!r}", "form")
        return read_number(text)

    def _size(self, found: _Found) -> int | None:
        if not found["size"]:
            return None
        path, element = found["size"][0]
        text = self._raw(path, element).strip()
        if not _INTEGER.fullmatch(text):
            self.wrong(path, f"is not a whole number: {text[:60]!r}", "form")
            return None
        if len(text) > _MOST_DIGITS:
            self.wrong(path, "is too large")
            return None
        return int(text)

    def _language(self, found: _Found) -> str:
        text = self._text(found, "language")
        if text and not _LANGUAGE.fullmatch(text):
            self.wrong(found["language"][0][0], f"is not a language: {text[:60]!r}", "form")
        return text or _DEFAULT_LANGUAGE

    def _shapes(self, found: _Found, name: str, read: Callable[[str], _V | None]) -> tuple[_V, ...]:
        shapes = []
        for path, element in found[name]:
            text = self._raw(path, element).strip()
            if (shape := read(text)) is None:
                self.wrong(path, f"cannot be read: {text[:60]!r}")
            else:
                shapes.append(shape)
        return tuple(shapes)

    def _pairs(self, found: _Found, name: str) -> tuple[Pair, ...]:
        return tuple(self._pair(path, element) for path, element in found[name])

    def _pair(self, path: str, element: etree._Element) -> Pair:
        if len(element) == 0 and "=" in (element.text or ""):
            # CAP 1.0 wrote name=value.
            if self._version != "1.0":
                self.wrong(path, "is written as in CAP 1.0", "form")
            name, _, value = (element.text or "").partition("=")
            return Pair(name.strip(), value.strip())
        parts = self._children(element, path, PAIR)
        return Pair(self._text(parts, "valueName"), self._text(parts, "value"))

    def _references(self, found: _Found) -> tuple[Reference, ...]:
        references = []
        for number, text in enumerate(self._text(found, "references").split(), 1):
            if (reference := read_reference(text)) is None:
                self.wrong(f"references[{number}]", f"is not sender,identifier,sent: {text[:60]!r}")
            else:
                references.append(reference)
        return tuple(references)

    # The four kinds of elements that hold others

    def alert(self, element: etree._Element) -> Alert:
        found = self._children(element, "", ALERT)
        return Alert(
            identifier=self._text(found, "identifier"),
            sender=self._text(found, "sender"),
            sent=self._time(found, "sent"),
            status=self._one_choice(found, "status", Status),
            msg_type=self._one_choice(found, "msgType", MsgType),
            source=self._text(found, "source"),
            scope=self._one_choice(found, "scope", Scope),
            restriction=self._text(found, "restriction"),
            addresses=read_list(self._text(found, "addresses")),
            codes=self._texts(found, "code"),
            note=self._text(found, "note"),
            references=self._references(found),
            incidents=read_list(self._text(found, "incidents")),
            info=tuple(self._info(path, info) for path, info in found["info"]),
        )

    def _info(self, path: str, element: etree._Element) -> Info:
        found = self._children(element, path, INFO)
        return Info(
            language=self._language(found),
            categories=self._choices(found, "category", Category),
            event=self._text(found, "event"),
            response_types=self._choices(found, "responseType", ResponseType),
            urgency=self._one_choice(found, "urgency", Urgency),
            severity=self._one_choice(found, "severity", Severity),
            certainty=self._one_choice(found, "certainty", Certainty),
            audience=self._text(found, "audience"),
            event_codes=self._pairs(found, "eventCode"),
            effective=self._time(found, "effective"),
            onset=self._time(found, "onset"),
            expires=self._time(found, "expires"),
            sender_name=self._text(found, "senderName"),
            headline=self._text(found, "headline"),
            description=self._text(found, "description"),
            instruction=self._text(found, "instruction"),
            web=self._text(found, "web"),
            contact=self._text(found, "contact"),
            parameters=self._pairs(found, "parameter"),
            resources=tuple(self._resource(place, resource) for place, resource in found["resource"]),
            areas=tuple(self._area(place, area) for place, area in found["area"]),
        )

    def _resource(self, path: str, element: etree._Element) -> Resource:
        found = self._children(element, path, RESOURCE)
        return Resource(
            description=self._text(found, "resourceDesc"),
            mime_type=self._text(found, "mimeType"),
            size=self._size(found),
            uri=self._text(found, "uri"),
            deref_uri=self._text(found, "derefUri"),
            digest=self._text(found, "digest"),
        )

    def _area(self, path: str, element: etree._Element) -> Area:
        found = self._children(element, path, AREA)
        return Area(
            description=self._text(found, "areaDesc"),
            polygons=self._shapes(found, "polygon", read_polygon),
            circles=self._shapes(found, "circle", read_circle),
            geocodes=self._pairs(found, "geocode"),
            altitude=self._decimal(found, "altitude"),
            ceiling=self._decimal(found, "ceiling"),
        )
