"""One message in two languages, as the centre would send it, and keys to sign it with."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from tirek_protocols.cap import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    Pair,
    Point,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)

SENT = datetime(2026, 10, 5, 9, 30, tzinfo=timezone(timedelta(hours=5)))
AREA = Area(
    "Ақтөбе",
    polygons=((Point(50.2, 57.1), Point(50.3, 57.1), Point(50.3, 57.3), Point(50.2, 57.1)),),
    circles=(Circle(50.2839, 57.167, 2.5),),
    geocodes=(Pair("KATO", "151010000"),),
)


def info(language, headline):
    return Info(
        language=language,
        categories=(Category.SECURITY,),
        event="Шабуыл қаупі",
        response_types=(ResponseType.SHELTER,),
        urgency=Urgency.IMMEDIATE,
        severity=Severity.EXTREME,
        certainty=Certainty.LIKELY,
        expires=SENT + timedelta(hours=2),
        headline=headline,
        instruction="Есікті жауып, терезеден алыс тұрыңыз.",
        areas=(AREA,),
    )


@pytest.fixture
def alert():
    return Alert(
        identifier="urn:oid:2.49.0.0.398.7.1",
        sender="tirek@example.kz",
        sent=SENT,
        status=Status.EXERCISE,
        msg_type=MsgType.ALERT,
        scope=Scope.PUBLIC,
        note="Exercise Autumn",
        codes=("tirek",),
        incidents=("alarm-17",),
        info=(info("kk", "Барлығының назарына!"), info("ru", "Внимание всем!")),
    )


def self_signed(key, name="centre", days=(-1, 30), public_key=None):
    """A certificate of a key, or of someone else's public key signed by it."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(public_key or key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .sign(key, SHA256())
    )


@pytest.fixture(scope="session")
def rsa_key():
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="session")
def key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture(scope="session")
def certificate(key):
    return self_signed(key)
