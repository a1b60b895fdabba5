"""The rules of CAP 1.2 for a message as a value: what the schema and the words of the standard forbid."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Literal, TypeVar

from .errors import Problem
from .messages import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
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
from .values import time_problem

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_RESTRICTED = re.compile(r"[\s,<&]")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+")
_URI = re.compile(r"[^\s<>\"{}|\\^`]+")
_MIME_TYPE = re.compile(r"[\w!#$&^.+-]+/[\w!#$&^.+-]+(\s*;.*)?", re.ASCII)
_SHA1 = re.compile(r"[0-9A-Fa-f]{40}")
_HALF_ROUND_THE_EARTH_KM = 20_038
# These speak about earlier messages, which they must name (section 3.2.1, msgType).
_NEED_REFERENCES = {MsgType.UPDATE, MsgType.CANCEL, MsgType.ACK, MsgType.ERROR}

_T = TypeVar("_T")


def check(alert: Alert) -> list[Problem]:
    """Everything that `emit` would refuse a message for, in the order of its elements."""
    checker = _Checker()
    checker.alert(alert)
    return checker.problems


class _Checker:
    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def wrong(self, path: str, message: str, kind: Literal["form", "rule", "house"] = "rule") -> None:
        self.problems.append(Problem(path, message, kind))

    # Single values

    def text(self, path: str, value: Any, *, needed: bool = False) -> bool:
        """Whether there is text to look at further."""
        if not isinstance(value, str):
            self.wrong(path, "must be text")
            return False
        if _NOT_XML.search(value):
            self.wrong(path, "has characters that XML does not allow")
            return False
        if needed and not value.strip():
            self.wrong(path, "must not be empty")
        return bool(value.strip())

    def matching(self, path: str, value: Any, pattern: re.Pattern[str], wanted: str) -> None:
        if self.text(path, value) and not pattern.fullmatch(value):
            self.wrong(path, f"must be {wanted}")

    def name(self, path: str, value: Any) -> None:
        """An `identifier` or `sender`."""
        if self.text(path, value, needed=True) and _RESTRICTED.search(value):
            self.wrong(path, "must not have spaces, commas, < or &")

    def choice(self, path: str, value: Any, choices: type[StrEnum]) -> None:
        if not isinstance(value, str) or value not in set(choices):
            self.wrong(path, f"must be one of {', '.join(choices)}")

    def time(self, path: str, value: Any) -> bool:
        if problem := time_problem(value):
            self.wrong(path, problem)
        return not problem

    def number(self, path: str, value: Any, low: float, high: float) -> None:
        if type(value) not in (int, float) or not low <= value <= high:
            self.wrong(path, f"must be a number from {low} to {high}")

    def several(self, path: str, values: Any, of: type[_T]) -> Iterator[tuple[str, _T]]:
        """Each item with its path."""
        if not isinstance(values, (tuple, list)):
            self.wrong(path, "must be a tuple")
            return
        for number, value in enumerate(values, 1):
            if isinstance(value, of):
                yield f"{path}[{number}]", value
            else:
                self.wrong(f"{path}[{number}]", f"must be of type {of.__name__}")

    def pairs(self, path: str, values: Any) -> None:
        for place, pair in self.several(path, values, tuple):
            if len(pair) != len(Pair._fields):
                self.wrong(place, "must have a name and a value")
                continue
            self.text(f"{place}/valueName", pair[0], needed=True)
            self.text(f"{place}/value", pair[1])

    def listed(self, path: str, values: Any) -> None:
        """Items that share one element, separated by spaces."""
        for place, item in self.several(path, values, str):
            if self.text(place, item, needed=True) and '"' in item:
                self.wrong(place, "must not have double quotes")

    # Section 3.2.1

    def alert(self, alert: Alert) -> None:
        self.name("identifier", alert.identifier)
        self.name("sender", alert.sender)
        sent_is_good = self.time("sent", alert.sent)
        self.choice("status", alert.status, Status)
        self.choice("msgType", alert.msg_type, MsgType)
        self.text("source", alert.source)
        self.choice("scope", alert.scope, Scope)
        if self.text("restriction", alert.restriction) != (alert.scope == Scope.RESTRICTED):
            self.wrong("restriction", "must be there if scope is Restricted, and only then")
        self.listed("addresses", alert.addresses)
        if alert.scope == Scope.PRIVATE and not alert.addresses:
            self.wrong("addresses", "must be there if scope is Private")
        for place, code in self.several("code", alert.codes, str):
            self.text(place, code, needed=True)
        self.text("note", alert.note)
        for place, reference in self.several("references", alert.references, Reference):
            self.name(f"{place}/sender", reference.sender)
            self.name(f"{place}/identifier", reference.identifier)
            self.time(f"{place}/sent", reference.sent)
        if alert.msg_type in _NEED_REFERENCES and not alert.references:
            self.wrong("references", f"must name the earlier message if msgType is {alert.msg_type}")
        self.listed("incidents", alert.incidents)
        languages: set[str] = set()
        for place, info in self.several("info", alert.info, Info):
            self.info(place, info)
            if sent_is_good:
                self.times(place, info, alert)
            if str(info.language).lower() in languages:
                self.wrong(f"{place}/language", "is the language of an earlier info", "house")
            languages.add(str(info.language).lower())

    # Section 3.2.2

    def info(self, path: str, info: Info) -> None:
        if self.text(f"{path}/language", info.language, needed=True):
            self.matching(f"{path}/language", info.language, _LANGUAGE, "a language as in RFC 3066")
        if not info.categories:
            self.wrong(f"{path}/category", "must be there")
        for place, category in self.several(f"{path}/category", info.categories, object):
            self.choice(place, category, Category)
        self.text(f"{path}/event", info.event, needed=True)
        for place, response in self.several(f"{path}/responseType", info.response_types, object):
            self.choice(place, response, ResponseType)
        self.choice(f"{path}/urgency", info.urgency, Urgency)
        self.choice(f"{path}/severity", info.severity, Severity)
        self.choice(f"{path}/certainty", info.certainty, Certainty)
        self.text(f"{path}/audience", info.audience)
        self.pairs(f"{path}/eventCode", info.event_codes)
        for name in ("effective", "onset", "expires"):
            if getattr(info, name) is not None:
                self.time(f"{path}/{name}", getattr(info, name))
        self.text(f"{path}/senderName", info.sender_name)
        for name in ("headline", "description", "instruction"):
            self.text(f"{path}/{name}", getattr(info, name))
        self.matching(f"{path}/web", info.web, _ABSOLUTE_URI, "a full, absolute URI")
        self.text(f"{path}/contact", info.contact)
        self.pairs(f"{path}/parameter", info.parameters)
        for place, resource in self.several(f"{path}/resource", info.resources, Resource):
            self.resource(place, resource)
        for place, area in self.several(f"{path}/area", info.areas, Area):
            self.area(place, area)

    def times(self, path: str, info: Info, alert: Alert) -> None:
        if info.expires is None or time_problem(info.expires) or alert.sent is None:
            return
        if info.expires < alert.sent:
            self.wrong(f"{path}/expires", "must not be before sent")
        if info.effective and not time_problem(info.effective) and info.expires < info.effective:
            self.wrong(f"{path}/expires", "must not be before effective")

    # Section 3.2.3

    def resource(self, path: str, resource: Resource) -> None:
        self.text(f"{path}/resourceDesc", resource.description, needed=True)
        if self.text(f"{path}/mimeType", resource.mime_type, needed=True):
            self.matching(f"{path}/mimeType", resource.mime_type, _MIME_TYPE, "a media type as in RFC 2046")
        if resource.size is not None and (type(resource.size) is not int or resource.size < 0):
            self.wrong(f"{path}/size", "must be a number of bytes")
        self.matching(f"{path}/uri", resource.uri, _URI, "a URI")
        if self.text(f"{path}/derefUri", resource.deref_uri):
            try:
                base64.b64decode("".join(resource.deref_uri.split()), validate=True)
            except (binascii.Error, ValueError):
                self.wrong(f"{path}/derefUri", "must be base64")
        self.matching(f"{path}/digest", resource.digest, _SHA1, "a SHA-1 hash, 40 hexadecimal digits")

    # Section 3.2.4

    def area(self, path: str, area: Area) -> None:
        self.text(f"{path}/areaDesc", area.description, needed=True)
        for place, polygon in self.several(f"{path}/polygon", area.polygons, tuple):
            self.polygon(place, polygon)
        for place, circle in self.several(f"{path}/circle", area.circles, tuple):
            if len(circle) != len(Circle._fields):
                self.wrong(place, "must have latitude, longitude and radius")
                continue
            self.point(place, circle[:2])
            self.number(f"{place}/radius", circle[2], 0, _HALF_ROUND_THE_EARTH_KM)
        self.pairs(f"{path}/geocode", area.geocodes)
        for name in ("altitude", "ceiling"):
            if getattr(area, name) is not None:
                self.number(f"{path}/{name}", getattr(area, name), -100_000, 10_000_000)
        if area.ceiling is not None and area.altitude is None:
            self.wrong(f"{path}/ceiling", "must not be there without altitude")

    def polygon(self, path: str, points: tuple[Any, ...]) -> None:
        for point in points:
            if not isinstance(point, tuple) or len(point) != 2:
                self.wrong(path, "must hold points of latitude and longitude")
                return
            self.point(path, point)
        if len(points) < 4:
            self.wrong(path, "must have at least 4 points")
        elif points[0] != points[-1]:
            self.wrong(path, "must end with the point that it starts with")

    def point(self, path: str, point: tuple[Any, ...]) -> None:
        self.number(f"{path}/latitude", point[0], -90, 90)
        self.number(f"{path}/longitude", point[1], -180, 180)
