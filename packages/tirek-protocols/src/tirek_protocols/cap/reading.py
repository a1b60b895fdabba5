"""CAP from outside: old versions, wrong name spaces, wrong order. All is read that can be, and every fault is told."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass

from lxml import etree

from .document import NAMESPACE, SIGNATURE_NAMESPACE, load, name_of
from .elements import ALERT, AlertReader
from .errors import CapError, Problem
from .messages import Alert
from .rules import check
from .schema import errors_of

_VERSIONS = {
    "http://www.incident.com/cap/1.0": "1.0",
    "urn:oasis:names:tc:emergency:cap:1.1": "1.1",
    NAMESPACE: "1.2",
}
_VERSION_AT_END = re.compile(r"[^0-9](1\.[0-2])$")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A message that was read.

    `version` is that of its name space, "" if that tells none. `valid` says whether it is CAP 1.2 and the
    schema accepts it as it stands; then no problem is of kind "form". `unknown` holds elements that CAP
    does not have, as (path, XML). `signatures` is how many signatures it carries: only `verify` says what
    they are worth. `wrapper` is the name of the root element around it, such as "EDXLDistribution", or "".
    """

    alert: Alert
    problems: tuple[Problem, ...]
    version: str
    valid: bool
    unknown: tuple[tuple[str, str], ...] = ()
    signatures: int = 0
    wrapper: str = ""


def parse(data: bytes) -> Parsed:
    """The one message in a document, which may be wrapped (EDXL-DE, or a list of one).

    Raises `CapError` if it is not XML, holds no CAP message, or holds several (see `parse_all`).
    """
    messages = parse_all(data)
    if len(messages) > 1:
        raise CapError(f"The document holds {len(messages)} messages: read it with parse_all.")
    return messages[0]


def parse_all(data: bytes) -> tuple[Parsed, ...]:
    """All messages in a document, in their order; never empty. Raises `CapError` if it is not XML or has no CAP."""
    root = load(data)
    space_before = data[:1].isspace()
    wrapper = "" if _is_alert(root) else name_of(root)[1]
    found = [root] if not wrapper else [element for element in root.iter(etree.Element) if _is_alert(element)]
    outer = [element for element in found if not any(_is_alert(above) for above in element.iterancestors())]
    if not outer:
        raise CapError(f"The document holds no CAP message; its root is {name_of(root)[1][:60]!r}.")
    return tuple(_parsed(element, wrapper, space_before) for element in outer)


def _is_alert(element: etree._Element) -> bool:
    """An `alert` in a CAP name space, or in any other if something inside is named as in CAP."""
    namespace, name = name_of(element)
    if name != "alert":
        return False
    return namespace in _VERSIONS or any(name_of(child)[1] in ALERT for child in element.iterchildren(etree.Element))


def _parsed(element: etree._Element, wrapper: str, space_before: bool) -> Parsed:
    namespace, _ = name_of(element)
    version = _VERSIONS.get(namespace, "")
    reader = AlertReader(version or "1.2")
    if space_before:
        reader.wrong("", "has white space before the XML declaration", "form")
    if not version:
        reader.wrong("", f"has the name space {namespace[:100]!r}, which is not one of CAP", "form")
        if ending := _VERSION_AT_END.search(namespace):
            version = ending[1]
    alert = reader.alert(element)
    # Without its surroundings: the schema judges the message, not the wrapper.
    errors = errors_of(copy.deepcopy(element)) if version == "1.2" else []
    if errors and not any(problem.kind == "form" for problem in reader.problems):
        reader.problems.extend(Problem("", error, "form") for error in errors)
    told = {problem.path for problem in reader.problems}
    rules = [item for item in check(alert) if item.kind == "rule" and item.path not in told]
    return Parsed(
        alert=alert,
        problems=(*reader.problems, *rules),
        version=version,
        valid=version == "1.2" and not errors and not space_before,
        unknown=tuple(reader.unknown),
        signatures=len(element.findall(f"{{{SIGNATURE_NAMESPACE}}}Signature")),
        wrapper=wrapper,
    )
