"""A signature counts if a pinned certificate made it over the whole message, and never otherwise."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from tirek_protocols.cap import CapError, emit, parse, sign, validate, verify

from .conftest import self_signed

DS = "{http://www.w3.org/2000/09/xmldsig#}"


@pytest.fixture
def signed(alert, key, certificate):
    return sign(emit(alert), key, certificate)


def test_what_was_signed_comes_back(alert, signed, certificate):
    verified = verify(signed, [certificate])
    assert parse(verified.xml).alert == alert
    assert b"Signature" not in verified.xml
    assert verified.certificate == certificate
    assert verified.fingerprint == certificate.fingerprint(SHA256()).hex()


def test_a_signed_message_is_still_valid_cap(alert, signed):
    assert validate(signed) == []
    parsed = parse(signed)
    assert parsed.alert == alert
    assert parsed.problems == ()
    assert parsed.signatures == 1


def test_rsa_and_pem_work_too(alert, rsa_key):
    certificate = self_signed(rsa_key).public_bytes(Encoding.PEM)
    pem = rsa_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signed = sign(emit(alert), pem, certificate)
    assert parse(verify(signed, [certificate]).xml).alert == alert


def test_any_of_several_pinned_certificates_will_do(signed, certificate, rsa_key):
    assert verify(signed, [self_signed(rsa_key), certificate]).certificate == certificate


def test_only_pinned_certificates_count(alert, signed, key, rsa_key):
    for pinned in ([], [self_signed(rsa_key)], [self_signed(ec.generate_private_key(ec.SECP256R1()))]):
        with pytest.raises(CapError):
            verify(signed, pinned)
    with pytest.raises(CapError):
        verify(emit(alert), [self_signed(key)])


def test_a_stranger_with_the_same_name_is_refused(alert, certificate):
    stranger = ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(CapError):
        verify(sign(emit(alert), stranger, self_signed(stranger, name="centre")), [certificate])


@pytest.mark.parametrize("days", [(-10, -1), (1, 10)])
def test_a_certificate_out_of_its_time_is_refused(alert, key, days):
    certificate = self_signed(key, days=days)
    signed = sign(emit(alert), key, certificate)
    with pytest.raises(CapError, match="valid"):
        verify(signed, [certificate])
    assert verify(signed, [certificate], at=datetime.now(UTC) + timedelta(days=sum(days) / 2))


def changed(signed, change):
    root = etree.fromstring(signed)
    change(root)
    return etree.tostring(root)


def wrap(root):
    """The signed message hidden away inside another one, whose signature points to it."""
    inner = etree.fromstring(etree.tostring(root))
    inner.set("Id", "x")
    signature = root.find(f"{DS}Signature")
    signature.find(f".//{DS}Reference").set("URI", "#x")
    etree.SubElement(signature, f"{DS}Object").append(inner)
    root.find("{*}identifier").text = "evil"


@pytest.mark.parametrize(
    "change",
    [
        lambda root: root.find("{*}identifier").set("x", "y"),
        lambda root: root.remove(root.find("{*}note")),
        lambda root: root.append(etree.fromstring("<info xmlns='urn:oasis:names:tc:emergency:cap:1.2'/>")),
        lambda root: root.insert(0, root.find("{*}scope")),
        lambda root: root.find(f".//{DS}Reference").set("URI", "#other"),
        lambda root: root.find(f".//{DS}Transform").set("Algorithm", "http://www.w3.org/TR/1999/REC-xpath-19991116"),
        lambda root: root.find(f".//{DS}DigestMethod").set("Algorithm", "http://www.w3.org/2000/09/xmldsig#sha1"),
        lambda root: root.find(f".//{DS}SignatureMethod").set("Algorithm", f"{DS[1:-1]}hmac-sha1"),
        lambda root: root.find(f".//{DS}SignatureMethod").set("Algorithm", "none"),
        lambda root: root.find(f".//{DS}SignatureValue").clear(),
        lambda root: root.find(f".//{DS}SignedInfo").clear(),
        lambda root: root.find(f"{DS}Signature").clear(),
        lambda root: root.find("{*}info").append(root.find(f"{DS}Signature")),
        lambda root: root.extend([etree.fromstring(f"<Signature xmlns='{DS[1:-1]}'/>") for _ in range(20)]),
        wrap,
    ],
)
def test_altered_messages_are_refused(signed, certificate, change):
    with pytest.raises(CapError):
        verify(changed(signed, change), [certificate])


@settings(
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    deadline=None,
)
@given(st.data())
def test_any_change_to_a_byte_is_refused_or_changes_nothing(alert, signed, certificate, data):
    raw = bytearray(signed)
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        verified = verify(bytes(raw), [certificate])
    except CapError:
        return
    # White space inside tags, the declaration, or the certificate that is not looked at.
    assert parse(verified.xml).alert == alert


def test_content_is_only_what_was_signed(signed, certificate):
    """Text that the second attempt of the verifier leaves out of account does not come back either."""
    sneaked = signed.replace(b"<note>", b'<note> xmlns=""')
    with pytest.raises(CapError):
        verify(sneaked, [certificate])


def test_what_cannot_be_signed(alert, key, certificate, rsa_key):
    xml = emit(alert)
    for make in (
        lambda: sign(sign(xml, key, certificate), key, certificate),
        lambda: sign(xml, rsa_key, certificate),
        lambda: sign(xml, ed25519.Ed25519PrivateKey.generate(), certificate),
        lambda: sign(xml, b"no key", certificate),
        lambda: sign(xml, key, b"no certificate"),
        lambda: sign(b"<html/>", key, certificate),
        lambda: sign(b"nothing", key, certificate),
        lambda: verify(xml, [certificate]),
        lambda: verify(b"nothing", [certificate]),
        lambda: verify(sign(xml, key, certificate), [b"no certificate"]),
    ):
        with pytest.raises(CapError):
            make()
