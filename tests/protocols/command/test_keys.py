"""Keys: raw bytes in and out, nothing secret shown."""

import hashlib

import pytest

from tirek_protocols.command import BadSignature, Malformed, SigningKey, VerifyKey, key_id

# RFC 8032, section 7.1, test 2.
SECRET = bytes.fromhex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
PUBLIC = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNED_72 = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


def test_the_vector_of_the_standard():
    key = SigningKey.from_bytes(SECRET)
    assert key.bytes == SECRET
    assert key.public == VerifyKey.from_bytes(PUBLIC)
    assert key.sign(b"\x72") == SIGNED_72
    key.public.verify(SIGNED_72, b"\x72")
    with pytest.raises(BadSignature):
        key.public.verify(SIGNED_72, b"\x73")


def test_the_key_id_is_the_head_of_a_hash():
    assert key_id(PUBLIC) == VerifyKey(PUBLIC).key_id == hashlib.sha256(PUBLIC).digest()[:8]


def test_a_private_key_does_not_show_itself():
    key = SigningKey.from_bytes(SECRET)
    assert SECRET.hex() not in repr(key)
    assert repr(SECRET) not in repr(key)


@pytest.mark.parametrize("raw", [b"", b"x" * 31, b"x" * 33, "x" * 32, None])
@pytest.mark.parametrize("make", [SigningKey.from_bytes, VerifyKey.from_bytes])
def test_other_lengths_are_refused(make, raw):
    with pytest.raises(Malformed):
        make(raw)


def test_a_signature_of_another_length_is_just_bad():
    with pytest.raises(BadSignature):
        VerifyKey(PUBLIC).verify(b"short", b"\x72")
