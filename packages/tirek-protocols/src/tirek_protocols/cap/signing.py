"""Enveloped XML signatures on CAP messages (CAP 1.2, section 3.3.4.1), checked against pinned certificates only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import cast

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, DigestAlgorithm, SignatureMethod
from signxml.exceptions import SignXMLException
from signxml.signer import XMLSigner
from signxml.verifier import SignatureConfiguration, VerifyResult, XMLVerifier

from .document import SIGNATURE_NAMESPACE, load, name_of
from .errors import CapError

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey

_DS = f"{{{SIGNATURE_NAMESPACE}}}"
_ENVELOPED = f"{SIGNATURE_NAMESPACE}enveloped-signature"
_CANONICAL = {method.value for method in CanonicalizationMethod}
# A message with more is an attempt to keep the verifier busy.
_MOST_SIGNATURES = 8
# What signxml and cryptography raise for signatures that are wrong, or are no signatures.
_REFUSALS = (
    SignXMLException,
    InvalidSignature,
    UnsupportedAlgorithm,
    ValueError,
    TypeError,
    AttributeError,
    etree.LxmlError,
)


@dataclass(frozen=True, slots=True)
class Verified:
    """A signature that holds. `xml` is what was signed and nothing else: read the message from it."""

    xml: bytes
    certificate: x509.Certificate

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the certificate, hexadecimal."""
        return self.certificate.fingerprint(SHA256()).hex()


def sign(xml: bytes, key: PrivateKey | bytes, certificate: x509.Certificate | bytes) -> bytes:
    """The message with a signature as its last element: RSA or ECDSA with SHA-256, exclusive canonical XML.

    `key` and `certificate` may be PEM. Raises `CapError` for other kinds of keys, for a key that is not
    that of the certificate, and for a message that is signed already: one more signature would break the
    first.
    """
    root = load(xml, keep_comments=True)
    if name_of(root)[1] != "alert":
        raise CapError("Only an alert is signed.")
    if root.find(f".//{_DS}Signature") is not None:
        raise CapError("The message is signed already.")
    private = _private_key(key)
    public = _certificate(certificate)
    if private.public_key() != public.public_key():
        raise CapError("The key is not that of the certificate.")
    is_rsa = isinstance(private, RSAPrivateKey)
    signer = XMLSigner(
        signature_algorithm=SignatureMethod.RSA_SHA256 if is_rsa else SignatureMethod.ECDSA_SHA256,
        digest_algorithm=DigestAlgorithm.SHA256,
        c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
    )
    signed = signer.sign(root, key=private, cert=[public])
    return etree.tostring(signed, encoding="UTF-8", xml_declaration=True)


def verify(
    xml: bytes,
    pinned_certificates: Iterable[x509.Certificate | bytes],
    *,
    at: datetime | None = None,
    allow_sha1: bool = False,
) -> Verified:
    """The signed content of a message, if one of the pinned certificates made one of its signatures.

    Certificates are objects or PEM. Keys and certificates inside the message are never trusted. The signature must
    cover the whole message. The certificate must be valid at the time `at` (now if None). `allow_sha1` accepts old
    signatures whose hash is no longer safe. Raises `CapError` for everything else: unsigned, signed by others,
    altered, or not readable.
    """
    root = load(xml, keep_comments=True)
    count = len(root.findall(f"{_DS}Signature"))
    if name_of(root)[1] != "alert" or not count:
        raise CapError("The message is not signed.")
    if count > _MOST_SIGNATURES:
        raise CapError(f"The message has {count} signatures; {_MOST_SIGNATURES} are looked at.")
    certificates = [_certificate(item) for item in pinned_certificates]
    config = _config(at, allow_sha1)
    reasons = ["no certificate is pinned"] if not certificates else []
    for number, alone in product(range(count), (False, True) if count > 1 else (False,)):
        candidate = _with_signature_first(load(xml, keep_comments=True), number, alone=alone)
        if reason := _shape_problem(candidate[0]):
            reasons.append(reason)
            continue
        for certificate in certificates:
            try:
                return Verified(_signed_bytes(candidate, certificate, config), certificate)
            except _REFUSALS as error:
                reasons.append(str(error) or type(error).__name__)
    raise CapError("No pinned certificate signed this message: " + "; ".join(dict.fromkeys(reasons)))


def _signed_bytes(root: etree._Element, certificate: x509.Certificate, config: SignatureConfiguration) -> bytes:
    """The canonical bytes under the first signature of `root`. Raises one of `_REFUSALS`.

    lxml writes a needless xmlns="" into inclusive canonical forms of a part that has no prefix, so a signature that
    fails is tried once more without them. What then holds is what the signer signed, and it is all that is returned.
    """
    verifier = XMLVerifier()
    try:
        result = verifier.verify(root, x509_cert=certificate, expect_config=config, validate_schema=False)
    except _REFUSALS:
        verifier.excise_empty_xmlns_declarations = True
        result = verifier.verify(root, x509_cert=certificate, expect_config=config, validate_schema=False)
    # One result, because the configuration wants one reference.
    return cast("VerifyResult", result).signed_data


def _config(at: datetime | None, allow_sha1: bool) -> SignatureConfiguration:
    methods = {method for method in SignatureMethod if method.name.startswith(("RSA", "ECDSA", "SHA"))}
    digests = set(DigestAlgorithm)
    if not allow_sha1:
        methods = {method for method in methods if "SHA1" not in method.name}
        digests = {digest for digest in digests if "SHA1" not in digest.name}
    return SignatureConfiguration(
        location="./",
        signature_methods=frozenset(methods),
        digest_algorithms=frozenset(digests),
        verification_time=at,
        # What XML-DSig takes when a signature names none.
        default_reference_c14n_method=CanonicalizationMethod.CANONICAL_XML_1_0,
    )


def _with_signature_first(root: etree._Element, number: int, *, alone: bool) -> etree._Element:
    """Put one signature in front of all, where the verifier looks; `alone` takes the others away.

    A signature that leaves itself out covers the same bytes wherever it stands. By XML-DSig it covers the other
    signatures, but Canada's system signs twice the message that has none.
    """
    signatures = root.findall(f"{_DS}Signature")
    for signature in signatures if alone else [signatures[number]]:
        _take_out(signature)
    first = signatures[number]
    text, root.text = root.text, None
    root.insert(0, first)
    first.tail = text
    return root


def _take_out(element: etree._Element) -> None:
    """Remove an element and leave the white space after it in its place."""
    parent, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if parent is None:
        return
    if before is None:
        parent.text = (parent.text or "") + tail
    else:
        before.tail = (before.tail or "") + tail
    parent.remove(element)
    element.tail = None


def _shape_problem(signature: etree._Element) -> str:
    """Why a signature is not one over the whole message, or ""."""
    references = signature.findall(f"{_DS}SignedInfo/{_DS}Reference")
    if len(signature.findall(f"{_DS}SignedInfo")) != 1 or len(references) != 1:
        return "A signature must have one reference."
    if references[0].get("URI") != "":
        return "A signature must cover the whole message."
    transforms = [item.get("Algorithm") for item in references[0].iterfind(f"{_DS}Transforms/{_DS}Transform")]
    if _ENVELOPED not in transforms or not set(transforms) <= {_ENVELOPED, *_CANONICAL}:
        return "A signature must leave out itself and nothing else."
    return ""


def _private_key(key: PrivateKey | bytes) -> PrivateKey:
    if isinstance(key, bytes):
        try:
            loaded = load_pem_private_key(key, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise CapError(f"The private key cannot be read: {error}") from error
    else:
        loaded = key
    if not isinstance(loaded, (RSAPrivateKey, EllipticCurvePrivateKey)):
        raise CapError("XML signatures need an RSA or an elliptic-curve (ECDSA) key.")
    return loaded


def _certificate(certificate: x509.Certificate | bytes) -> x509.Certificate:
    if isinstance(certificate, x509.Certificate):
        return certificate
    try:
        return x509.load_pem_x509_certificate(certificate)
    except (ValueError, TypeError) as error:
        raise CapError(f"The certificate cannot be read: {error}") from error
