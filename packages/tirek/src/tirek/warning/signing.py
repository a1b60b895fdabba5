"""The centre's keys: Ed25519 for commands to endpoints, and a certificate for CAP messages. Made at first use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.conf import settings

from tirek_protocols.command import SigningKey

COMMAND_KEY = "centre-command-key"
CAP_KEY = "cap-key.pem"
CAP_CERTIFICATE = "cap-certificate.pem"
CERTIFICATE_YEARS = 10


@cache
def centre_key() -> SigningKey:
    """The key that signs commands."""
    return SigningKey.from_bytes(settings.HOME.secret_bytes(COMMAND_KEY, lambda: SigningKey.generate().bytes))


def centre_public_keys() -> tuple[bytes, ...]:
    """What an endpoint is told at enrolment: raw public keys whose commands it obeys."""
    return (centre_key().public.bytes,)


@cache
def cap_key() -> rsa.RSAPrivateKey:
    """The private key that signs CAP messages."""
    key = load_pem_private_key(settings.HOME.secret_bytes(CAP_KEY, _make_cap_key), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@cache
def cap_certificate_pem() -> bytes:
    """The self-signed certificate (PEM) that partners pin."""
    return bytes(settings.HOME.secret_bytes(CAP_CERTIFICATE, _make_certificate))


def make_keys() -> None:
    """Make all keys that are missing, so that the first warning does not wait for them."""
    centre_key()
    cap_certificate_pem()


def _make_cap_key() -> bytes:
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _make_certificate() -> bytes:
    key = cap_key()
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, settings.CAP_SENDER)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365 * CERTIFICATE_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
                key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    return certificate.public_bytes(Encoding.PEM)
