"""What is written is valid, comes back the same, and what may not be written is refused with every reason."""

import dataclasses
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from tirek_protocols.cap import (
    NAMESPACE,
    CapError,
    Circle,
    Pair,
    Point,
    Reference,
    Resource,
    check,
    emit,
    parse,
    validate,
)

from .conftest import SENT
from .strategies import alerts


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(alerts())
def test_every_message_is_valid_and_comes_back(alert):
    data = emit(alert)
    assert validate(data) == []
    parsed = parse(data)
    assert parsed.alert == alert
    assert parsed.problems == ()
    assert parsed.valid
    assert parsed.version == "1.2"
    assert emit(parsed.alert) == data


def test_the_written_form(alert):
    data = emit(alert)
    root = etree.fromstring(data)
    assert data.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<alert xmlns=")
    assert root.tag == f"{{{NAMESPACE}}}alert"
    assert root.findtext(f"{{{NAMESPACE}}}sent") == "2026-10-05T09:30:00+05:00"
    assert [element.text for element in root.iter(f"{{{NAMESPACE}}}polygon")] == [
        "50.2,57.1 50.3,57.1 50.3,57.3 50.2,57.1"
    ] * 2
    assert root.find(f".//{{{NAMESPACE}}}circle").text == "50.2839,57.167 2.5"
    assert "Барлығының назарына!" in data.decode()


def test_utc_is_never_z(alert):
    data = emit(dataclasses.replace(alert, sent=datetime(2026, 10, 5, 4, 30, tzinfo=UTC)))
    assert b"<sent>2026-10-05T04:30:00-00:00</sent>" in data


def test_names_with_spaces_stand_in_quotes(alert):
    data = emit(dataclasses.replace(alert, addresses=("duty desk", "a@b.kz"), incidents=("alarm 1", "2")))
    assert b'<addresses>"duty desk" a@b.kz</addresses>' in data
    assert parse(data).alert.addresses == ("duty desk", "a@b.kz")


def wrong_alert(**fields):
    return lambda alert: dataclasses.replace(alert, **fields)


def wrong_info(**fields):
    return lambda alert: dataclasses.replace(
        alert, info=(dataclasses.replace(alert.info[0], **fields), *alert.info[1:])
    )


def wrong_area(**fields):
    def change(alert):
        area = dataclasses.replace(alert.info[0].areas[0], **fields)
        return wrong_info(areas=(area,))(alert)

    return change


def wrong_resource(**fields):
    values = {"description": "map", "mime_type": "image/png"} | fields
    return wrong_info(resources=(Resource(**values),))


SQUARE = (Point(50, 57), Point(51, 57), Point(51, 58), Point(50, 57))
BAD = [
    ("identifier", wrong_alert(identifier="")),
    ("identifier", wrong_alert(identifier="a b")),
    ("identifier", wrong_alert(identifier="a,b")),
    ("identifier", wrong_alert(identifier="a<b")),
    ("identifier", wrong_alert(identifier="a&b")),
    ("identifier", wrong_alert(identifier=None)),
    ("sender", wrong_alert(sender="duty desk")),
    ("sent", wrong_alert(sent=None)),
    ("sent", wrong_alert(sent="2026-10-05T09:30:00+05:00")),
    ("sent", wrong_alert(sent=datetime(2026, 10, 5))),  # noqa: DTZ001
    ("sent", wrong_alert(sent=SENT.replace(microsecond=1))),
    ("sent", wrong_alert(sent=SENT.replace(tzinfo=timezone(timedelta(hours=15))))),
    ("sent", wrong_alert(sent=SENT.replace(tzinfo=timezone(timedelta(seconds=30))))),
    ("status", wrong_alert(status="Real")),
    ("status", wrong_alert(status=None)),
    ("msgType", wrong_alert(msg_type="alert")),
    ("scope", wrong_alert(scope="Everybody")),
    ("restriction", wrong_alert(scope="Restricted")),
    ("restriction", wrong_alert(restriction="police only")),
    ("addresses", wrong_alert(scope="Private")),
    ("addresses[1]", wrong_alert(addresses=('a"b',))),
    ("addresses", wrong_alert(addresses="a b")),
    ("code[1]", wrong_alert(codes=("",))),
    ("note", wrong_alert(note="\x00")),
    ("references", wrong_alert(msg_type="Update")),
    ("references", wrong_alert(msg_type="Cancel")),
    ("references[1]", wrong_alert(references=("a,b,c",))),
    ("references[1]/identifier", wrong_alert(references=(Reference("a", "b,c", SENT),))),
    ("info[1]", wrong_alert(info=("text",))),
    ("info[2]/language", wrong_info(language="RU")),
    ("info[1]/language", wrong_info(language="")),
    ("info[1]/language", wrong_info(language="қазақша")),
    ("info[1]/category", wrong_info(categories=())),
    ("info[1]/category[1]", wrong_info(categories=("War",))),
    ("info[1]/event", wrong_info(event=" ")),
    ("info[1]/responseType[1]", wrong_info(response_types=("Run",))),
    ("info[1]/urgency", wrong_info(urgency="Now")),
    ("info[1]/severity", wrong_info(severity=None)),
    ("info[1]/certainty", wrong_info(certainty="Very Likely")),
    ("info[1]/eventCode[1]/valueName", wrong_info(event_codes=(Pair("", "x"),))),
    ("info[1]/parameter[1]", wrong_info(parameters=(("a", "b", "c"),))),
    ("info[1]/expires", wrong_info(expires=SENT - timedelta(seconds=1))),
    ("info[1]/expires", wrong_info(effective=SENT + timedelta(days=1))),
    ("info[1]/onset", wrong_info(onset=5)),
    ("info[1]/web", wrong_info(web="www.example.org")),
    ("info[1]/web", wrong_info(web="https://example.org/a b")),
    ("info[1]/resource[1]/resourceDesc", wrong_resource(description="")),
    ("info[1]/resource[1]/mimeType", wrong_resource(mime_type="picture")),
    ("info[1]/resource[1]/size", wrong_resource(size=-1)),
    ("info[1]/resource[1]/size", wrong_resource(size="12")),
    ("info[1]/resource[1]/uri", wrong_resource(uri="a b")),
    ("info[1]/resource[1]/derefUri", wrong_resource(deref_uri="***")),
    ("info[1]/resource[1]/digest", wrong_resource(digest="abc")),
    ("info[1]/area[1]/areaDesc", wrong_area(description="")),
    ("info[1]/area[1]/polygon[1]", wrong_area(polygons=(SQUARE[:3],))),
    ("info[1]/area[1]/polygon[1]", wrong_area(polygons=((*SQUARE[:3], Point(50, 57.1)),))),
    ("info[1]/area[1]/polygon[1]", wrong_area(polygons=((50, 57, 51, 57),))),
    ("info[1]/area[1]/polygon[1]/latitude", wrong_area(polygons=((Point(91, 57), *SQUARE[1:3], Point(91, 57)),))),
    ("info[1]/area[1]/polygon[1]/longitude", wrong_area(polygons=((Point(5, 181), *SQUARE[1:3], Point(5, 181)),))),
    ("info[1]/area[1]/circle[1]/radius", wrong_area(circles=(Circle(50, 57, -1),))),
    ("info[1]/area[1]/circle[1]/radius", wrong_area(circles=(Circle(50, 57, float("nan")),))),
    ("info[1]/area[1]/circle[1]", wrong_area(circles=((50, 57),))),
    ("info[1]/area[1]/geocode[1]/valueName", wrong_area(geocodes=(("", ""),))),
    ("info[1]/area[1]/ceiling", wrong_area(ceiling=100)),
    ("info[1]/area[1]/altitude", wrong_area(altitude=float("inf"))),
]


@pytest.mark.parametrize(("path", "change"), BAD, ids=[f"{number}-{path}" for number, (path, _) in enumerate(BAD)])
def test_what_the_standard_forbids_is_not_written(alert, path, change):
    broken = change(alert)
    assert path in [problem.path for problem in check(broken)]
    with pytest.raises(CapError) as caught:
        emit(broken)
    assert path in [problem.path for problem in caught.value.problems]
    assert path in str(caught.value)


def test_every_reason_is_given_at_once(alert):
    broken = wrong_alert(identifier="", scope="Private")(wrong_info(urgency=None, web="x")(alert))
    with pytest.raises(CapError) as caught:
        emit(broken)
    assert [problem.path for problem in caught.value.problems] == [
        "identifier",
        "addresses",
        "info[1]/urgency",
        "info[1]/web",
    ]


def test_what_only_the_schema_knows_is_refused_too(alert):
    with pytest.raises(CapError) as caught:
        emit(wrong_info(web="https://[::1")(alert))
    assert caught.value.problems[0].kind == "form"
