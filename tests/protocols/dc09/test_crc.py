"""The check sum, against its definition bit by bit."""

from hypothesis import given
from hypothesis import strategies as st

from tirek_protocols.dc09 import crc16


def by_definition(data):
    """CRC-16/ARC as the standard defines it: one bit at a time."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc


def test_check_value_of_the_catalogue():
    assert crc16(b"123456789") == 0xBB3D
    assert crc16(b"") == 0


def test_every_length_of_a_usual_message():
    data = bytes((7 * n + n // 5) & 255 for n in range(400))
    for length in range(400):
        assert crc16(data[:length]) == by_definition(data[:length])


def test_longest_body():
    data = bytes(n * n & 255 for n in range(0xFFFF))
    assert crc16(data) == by_definition(data)


@given(st.binary(max_size=200))
def test_any_bytes(data):
    assert crc16(data) == by_definition(data)
