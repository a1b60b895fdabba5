"""A message as XML, if it deserves it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from lxml import etree

from .document import NAMESPACE
from .errors import CapError, Problem
from .messages import Alert, Area, Info, Pair, Resource
from .rules import check
from .schema import errors_of
from .values import (
    format_circle,
    format_list,
    format_number,
    format_polygon,
    format_reference,
    format_time,
)

# No prefix: the key is None, which the type of lxml's argument leaves out.
_DEFAULT_NAMESPACE: Any = {None: NAMESPACE}


def emit(alert: Alert) -> bytes:
    """The message as a CAP 1.2 document in UTF-8.

    Raises `CapError`, listing every problem with its place, for whatever the standard forbids. Coordinates
    are written to eight decimals.
    """
    if problems := check(alert):
        raise CapError("The message breaks the rules of CAP 1.2:", problems)
    root = _alert(alert)
    if errors := errors_of(root):
        raise CapError("The message breaks the schema of CAP 1.2:", [Problem("", error, "form") for error in errors])
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _add(parent: etree._Element, name: str, value: str | None) -> None:
    """Append `<name>value</name>`; nothing for an optional value that is not there."""
    if value:
        etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = value


def _add_time(parent: etree._Element, name: str, value: datetime | None) -> None:
    if value is not None:
        _add(parent, name, format_time(value))


def _add_pairs(parent: etree._Element, name: str, pairs: Iterable[Pair]) -> None:
    for pair_name, value in pairs:
        element = etree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
        _add(element, "valueName", pair_name)
        etree.SubElement(element, f"{{{NAMESPACE}}}value").text = value


def _alert(alert: Alert) -> etree._Element:
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap=_DEFAULT_NAMESPACE)
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add_time(root, "sent", alert.sent)
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.msg_type)
    _add(root, "source", alert.source)
    _add(root, "scope", alert.scope)
    _add(root, "restriction", alert.restriction)
    _add(root, "addresses", format_list(alert.addresses))
    for code in alert.codes:
        _add(root, "code", code)
    _add(root, "note", alert.note)
    _add(root, "references", " ".join(map(format_reference, alert.references)))
    _add(root, "incidents", format_list(alert.incidents))
    for info in alert.info:
        _add_info(root, info)
    return root


def _add_info(root: etree._Element, info: Info) -> None:
    element = etree.SubElement(root, f"{{{NAMESPACE}}}info")
    _add(element, "language", info.language)
    for category in info.categories:
        _add(element, "category", category)
    _add(element, "event", info.event)
    for response in info.response_types:
        _add(element, "responseType", response)
    _add(element, "urgency", info.urgency)
    _add(element, "severity", info.severity)
    _add(element, "certainty", info.certainty)
    _add(element, "audience", info.audience)
    _add_pairs(element, "eventCode", info.event_codes)
    _add_time(element, "effective", info.effective)
    _add_time(element, "onset", info.onset)
    _add_time(element, "expires", info.expires)
    _add(element, "senderName", info.sender_name)
    _add(element, "headline", info.headline)
    _add(element, "description", info.description)
    _add(element, "instruction", info.instruction)
    _add(element, "web", info.web)
    _add(element, "contact", info.contact)
    _add_pairs(element, "parameter", info.parameters)
    for resource in info.resources:
        _add_resource(element, resource)
    for area in info.areas:
        _add_area(element, area)


def _add_resource(info: etree._Element, resource: Resource) -> None:
    element = etree.SubElement(info, f"{{{NAMESPACE}}}resource")
    _add(element, "resourceDesc", resource.description)
    _add(element, "mimeType", resource.mime_type)
    _add(element, "size", None if resource.size is None else str(resource.size))
    _add(element, "uri", resource.uri)
    _add(element, "derefUri", resource.deref_uri)
    _add(element, "digest", resource.digest)


def _add_area(info: etree._Element, area: Area) -> None:
    element = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    _add(element, "areaDesc", area.description)
    for polygon in area.polygons:
        _add(element, "polygon", format_polygon(polygon))
    for circle in area.circles:
        _add(element, "circle", format_circle(circle))
    _add_pairs(element, "geocode", area.geocodes)
    _add(element, "altitude", None if area.altitude is None else format_number(area.altitude))
    _add(element, "ceiling", None if area.ceiling is None else format_number(area.ceiling))
