"""Hypothesis strategies for messages that CAP allows, and for documents that it does not."""

import base64
import copy
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import strategies as st
from lxml import etree

from tirek_protocols.cap import (
    NAMESPACE,
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    Pair,
    Point,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)

# What XML can hold, in texts that have no white space at their ends, because reading takes that away.
_letters = st.characters(exclude_categories=["Cs", "Cc", "Cn"])
texts = st.text(_letters, min_size=1, max_size=30).map(str.strip).filter(bool)
maybe = st.just("") | texts
names = st.from_regex(r"[A-Za-z0-9.:@_-]{1,30}", fullmatch=True)
items = texts.map(lambda text: text.replace('"', "'"))

zones = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)) if minutes else UTC)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=zones).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=0)
)
degrees = st.integers(-90_000_000, 90_000_000).map(lambda millionths: millionths / 1e6)
points = st.builds(Point, degrees, degrees)
polygons = st.lists(points, min_size=3, max_size=6).map(lambda ring: (*ring, ring[0]))
circles = st.builds(Circle, degrees, degrees, st.integers(0, 20_000_000).map(lambda metres: metres / 1000))
pairs = st.lists(st.builds(Pair, texts, maybe), max_size=2).map(tuple)


@st.composite
def areas(draw):
    altitude = draw(st.none() | st.integers(-1000, 60_000))
    return Area(
        description=draw(texts),
        polygons=tuple(draw(st.lists(polygons, max_size=2))),
        circles=tuple(draw(st.lists(circles, max_size=2))),
        geocodes=draw(pairs),
        altitude=altitude,
        ceiling=None if altitude is None else draw(st.none() | st.integers(0, 60_000)),
    )


resources = st.builds(
    Resource,
    description=texts,
    mime_type=st.sampled_from(["image/png", "audio/mpeg", "text/html; charset=utf-8", "application/vnd.x+json"]),
    size=st.none() | st.integers(0, 10**9),
    uri=st.sampled_from(["", "https://example.org/a.png", "a.png"]),
    deref_uri=st.binary(max_size=20).map(lambda raw: base64.b64encode(raw).decode()),
    digest=st.sampled_from(["", "0123456789abcdef0123456789abcdef01234567"]),
)


@st.composite
def infos(draw, language, sent):
    effective = draw(st.none() | st.integers(-1000, 1000).map(lambda minutes: sent + timedelta(minutes=minutes)))
    earliest = max(sent, effective or sent)
    return Info(
        language=language,
        categories=tuple(draw(st.lists(st.sampled_from(Category), min_size=1, max_size=3))),
        event=draw(texts),
        response_types=tuple(draw(st.lists(st.sampled_from(ResponseType), max_size=3))),
        urgency=draw(st.sampled_from(Urgency)),
        severity=draw(st.sampled_from(Severity)),
        certainty=draw(st.sampled_from(Certainty)),
        audience=draw(maybe),
        event_codes=draw(pairs),
        effective=effective,
        onset=draw(st.none() | moments),
        expires=draw(st.none() | st.integers(0, 1000).map(lambda minutes: earliest + timedelta(minutes=minutes))),
        sender_name=draw(maybe),
        headline=draw(maybe),
        description=draw(maybe),
        instruction=draw(maybe),
        web=draw(st.sampled_from(["", "https://example.org/warning?id=1&lang=kk", "urn:oid:1.2"])),
        contact=draw(maybe),
        parameters=draw(pairs),
        resources=tuple(draw(st.lists(resources, max_size=1))),
        areas=tuple(draw(st.lists(areas(), max_size=2))),
    )


@st.composite
def alerts(draw):
    sent = draw(moments)
    msg_type = draw(st.sampled_from(MsgType))
    scope = draw(st.sampled_from(Scope))
    languages = draw(st.lists(st.sampled_from(["kk", "ru", "en-US", "kk-KZ"]), max_size=3, unique=True))
    needs_references = msg_type != MsgType.ALERT
    return Alert(
        identifier=draw(names),
        sender=draw(names),
        sent=sent,
        status=draw(st.sampled_from(Status)),
        msg_type=msg_type,
        scope=scope,
        source=draw(maybe),
        restriction=draw(texts) if scope == Scope.RESTRICTED else "",
        addresses=tuple(draw(st.lists(items, min_size=int(scope == Scope.PRIVATE), max_size=3))),
        codes=tuple(draw(st.lists(texts, max_size=2))),
        note=draw(maybe),
        references=tuple(
            draw(st.lists(st.builds(Reference, names, names, moments), min_size=int(needs_references), max_size=2))
        ),
        incidents=tuple(draw(st.lists(items, max_size=2))),
        info=tuple(draw(infos(language, sent)) for language in languages),
    )


_values = st.sampled_from(
    [
        "",
        " ",
        "Actual",
        " Actual",
        "actual",
        "Alert",
        "Public",
        "Unknown",
        "Foobar",
        "kk",
        "not a language",
        "2026-01-31T23:59:00-00:00",
        "2026-01-31T24:00:00+05:00",
        "2026-01-31T23:59:00+14:00",
        "2026-01-31T23:59:00+14:01",
        "2026-01-31T23:59:00Z",
        "2026-01-31T23:59:00.5+05:00",
        "2026-02-30T23:59:00+05:00",
        "2026-01-31T23:59:60+05:00",
        " 2026-01-31T23:59:00+05:00 ",
        "1",
        "-1",
        "+1.",
        ".5",
        "1e3",
        "NaN",
        "50,57 50,58 51,57 50,57",
        "50,57 10",
        "https://example.org/",
        "1999",
    ]
)
_names = st.sampled_from(
    ["identifier", "sent", "status", "info", "language", "category", "area", "value", "valueName", "circle", "other"]
)
_namespaces = st.sampled_from([NAMESPACE, "", "http://www.w3.org/2000/09/xmldsig#", "urn:other"])


@st.composite
def broken(draw, document):
    """A document with one to three changes, most of which the schema forbids."""
    root = etree.fromstring(document)
    for _ in range(draw(st.integers(1, 3))):
        inner = list(root.iterdescendants(etree.Element))
        if not inner:
            break
        element = inner[draw(st.integers(0, len(inner) - 1))]
        parent = element.getparent()
        match draw(st.integers(0, 8)):
            case 0:
                parent.remove(element)
            case 1:
                parent.insert(parent.index(element), copy.deepcopy(element))
            case 2:
                parent.insert(draw(st.integers(0, len(parent) - 1)), element)
            case 3:
                element.text = draw(_values)
            case 4:
                element.tag = f"{{{NAMESPACE}}}{draw(_names)}"
            case 5:
                local, namespace = element.tag.rpartition("}")[2], draw(_namespaces)
                element.tag = f"{{{namespace}}}{local}" if namespace else local
            case 6:
                etree.SubElement(element, f"{{{NAMESPACE}}}{draw(_names)}").text = draw(_values)
            case 7:
                element.set(draw(st.sampled_from(["lang", "{http://www.w3.org/XML/1998/namespace}lang"])), "kk")
            case 8:
                element.tail = draw(st.sampled_from(["", " ", "stray"]))
    return etree.tostring(root)
