"""Reading is lenient, tells what is wrong, and is not harmed by hostile input."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tirek_protocols.cap import (
    MAX_BYTES,
    CapError,
    Certainty,
    Pair,
    Status,
    Urgency,
    emit,
    parse,
    parse_all,
    validate,
)

from .strategies import alerts, broken


def problems(data, kind=None):
    return [problem.path for problem in parse(data).problems if kind in (None, problem.kind)]


@pytest.fixture
def xml(alert):
    return emit(alert)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (b"<status>Exercise", b"<status> exercise ", "status"),
        (b"+05:00</sent>", b"Z</sent>", "sent"),
        (b"+05:00</sent>", b".123+05:00</sent>", "sent"),
        (b"+05:00</sent>", b"</sent>", "sent"),
        (b"T09:30:00+05:00</sent>", b" 09:30+0500</sent>", "sent"),
        (b"<urgency>Immediate</urgency>", b"<urgency></urgency>", "info[1]/urgency"),
        (b"<scope>Public</scope>", b"", "scope"),
        (b"<areaDesc>", b"<Type>city</Type><areaDesc>", "info[1]/area[1]/Type"),
        (b"<event>", b"<event lang='kk'>", "info[1]/event"),
        (b"<language>kk", b"<language>k_k", "info[1]/language"),
        (b"</info>", b"stray</info>", "info[2]"),
    ],
)
def test_faults_of_form_are_told_and_the_rest_is_read(alert, xml, old, new, path):
    assert old in xml
    data = new.join(xml.rsplit(old, 1)) if old == b"</info>" else xml.replace(old, new, 1)
    parsed = parse(data)
    assert not parsed.valid
    assert path in problems(data, "form")
    assert parsed.alert.identifier == alert.identifier
    assert parsed.alert.info[1] == alert.info[1]


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        (b"<msgType>Alert", b"<msgType>Cancel", "references"),
        (b"<sent>2026-10-05T09:30:00+05:00", b"<sent>2026-10-05T04:30:00+00:00", "sent"),
        (b"<expires>2026", b"<expires>2025", "info[1]/expires"),
        (b"<circle>50.2839,57.167 2.5", b"<circle>50.2839;57.167", "info[1]/area[1]/circle[1]"),
        (b"50.2,57.1</polygon>", b"50.2,57.2</polygon>", "info[1]/area[1]/polygon[1]"),
        (b"50.2,57.1</polygon>", b"</polygon>", "info[1]/area[1]/polygon[1]"),
        (b"<incidents>", b"<references>a,b</references><incidents>", "references[1]"),
    ],
)
def test_what_only_the_words_of_the_standard_forbid_is_a_rule(xml, old, new, path):
    data = xml.replace(old, new, 1)
    assert data != xml
    assert validate(data) == []
    assert parse(data).valid
    assert problems(data, "form") == []
    assert problems(data) == [path]


def test_near_words_are_understood(xml):
    parsed = parse(xml.replace(b">Exercise<", b">EXERCISE<").replace(b">Immediate<", b"> immediate\n<"))
    assert parsed.alert.status is Status.EXERCISE
    assert parsed.alert.info[0].urgency is Urgency.IMMEDIATE


def test_unknown_elements_are_kept(xml):
    parsed = parse(xml.replace(b"<incidents>", b"<x:faith xmlns:x='urn:x'>n<b/></x:faith><incidents>"))
    ((path, kept),) = parsed.unknown
    assert path == "faith"
    assert kept.endswith(">n<b/></x:faith>")


def test_order_does_not_matter_for_reading(alert, xml):
    data = xml.replace(b"<sender>tirek@example.kz</sender>", b"").replace(
        b"<note>", b"<sender>tirek@example.kz</sender><note>"
    )
    assert parse(data).alert == alert
    assert "sender" in problems(data, "form")


@pytest.mark.parametrize(
    ("namespace", "version"),
    [
        ("urn:oasis:names:tc:emergency:cap:1.1", "1.1"),
        ("http://www.incident.com/cap/1.0", "1.0"),
        ("urn:oasis:names:tc:emergency:alerts:1.2", "1.2"),
        ("urn:whatever", ""),
        ("", ""),
    ],
)
def test_other_name_spaces_are_read(alert, xml, namespace, version):
    parsed = parse(xml.replace(b"urn:oasis:names:tc:emergency:cap:1.2", namespace.encode()))
    assert parsed.alert == alert
    assert parsed.version == version
    assert not parsed.valid
    assert bool(parsed.problems) == (version in ("", "1.2"))


def test_cap_1_0_has_its_own_ways():
    data = b"""<alert xmlns="http://www.incident.com/cap/1.0"><identifier>1</identifier><sender>s</sender>
    <sent>2004-01-01T00:00:00-07:00</sent><status>Actual</status><msgType>Alert</msgType><scope>Public</scope><info>
    <category>Met</category><event>Storm</event><urgency>Expected</urgency><severity>Severe</severity>
    <certainty>Very Likely</certainty><eventCode>same=SVR</eventCode></info></alert>"""
    parsed = parse(data)
    assert parsed.problems == ()
    assert parsed.alert.info[0].certainty is Certainty.LIKELY
    assert parsed.alert.info[0].event_codes == (Pair("same", "SVR"),)
    assert "info[1]/eventCode[1]" in problems(
        data.replace(b"http://www.incident.com/cap/1.0", b"urn:oasis:names:tc:emergency:cap:1.1")
    )


def test_a_wrapper_is_opened(alert, xml):
    body = xml.partition(b"?>")[2]
    parsed = parse(
        b"<EDXLDistribution xmlns='urn:oasis:names:tc:emergency:EDXL:DE:1.0'><x>" + body + b"</x></EDXLDistribution>"
    )
    assert parsed.alert == alert
    assert parsed.valid
    assert parsed.wrapper == "EDXLDistribution"


def test_several_messages_are_never_silently_one(alert, xml):
    body = xml.partition(b"?>")[2]
    feed = b"<alerts>" + body + body.replace(b".7.1<", b".7.2<") + b"</alerts>"
    assert [item.alert.identifier[-1] for item in parse_all(feed)] == ["1", "2"]
    with pytest.raises(CapError, match="2 messages"):
        parse(feed)


def test_white_space_before_the_declaration_is_a_fault_but_is_read(alert, xml):
    parsed = parse(b"\r\n " + xml)
    assert parsed.alert == alert
    assert not parsed.valid
    assert [problem.kind for problem in parsed.problems] == ["form"]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<html/>",
        b"<alert/>",
        b"<alert><script/></alert>",
        b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>",
        b"<a>" * 400 + b"</a>" * 400,
        b"\xff\xfe",
        b"<?xml version='1.0' encoding='no-such'?><alert/>",
        b"<alert>" + b" " * MAX_BYTES + b"</alert>",
    ],
    ids=lambda data: repr(data[:30]),
)
def test_what_is_not_cap_is_refused(data):
    with pytest.raises(CapError):
        parse(data)
    assert validate(data)


@pytest.mark.parametrize(
    "subset",
    [
        "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
        "<!ENTITY x SYSTEM 'http://127.0.0.1:9/'>",
        "<!ENTITY x 'harmless'>",
        "<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY x '&b;&b;&b;&b;&b;&b;&b;&b;'>",
        "<!ENTITY % p SYSTEM 'file:///etc/passwd'>%p;<!ENTITY x ''>",
    ],
)
def test_entities_are_refused(xml, subset):
    body = xml.partition(b"?>")[2].replace(b"<headline>", b"<headline>&x;", 1)
    attack = f"<?xml version='1.0'?><!DOCTYPE alert [{subset}]>".encode() + body
    with pytest.raises(CapError) as caught:
        parse(attack)
    assert "root:" not in str(caught.value)
    assert not any("root:" in line for line in validate(attack))


def test_files_are_not_included(xml):
    include = b"<xi:include xmlns:xi='http://www.w3.org/2001/XInclude' href='/etc/passwd' parse='text'/>"
    parsed = parse(xml.replace(b"<headline>", b"<headline>" + include, 1))
    assert "root:" not in repr(parsed)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_a_message_is_valid_exactly_if_no_fault_of_form_is_told(data):
    document = data.draw(broken(emit(data.draw(alerts()))))
    parsed = parse_all(document)[0] if b"<alert" in document else None
    if parsed and parsed.version == "1.2" and not parsed.wrapper:
        told = [problem for problem in parsed.problems if problem.kind == "form"]
        assert parsed.valid == (not told) == (validate(document) == []), told


@given(
    st.binary(max_size=200)
    | st.binary(max_size=100).map(b"<alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>".__add__)
)
def test_any_bytes_raise_nothing_but_our_error(data):
    try:
        parse_all(data)
    except CapError:
        assert validate(data)
