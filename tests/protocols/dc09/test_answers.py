"""Answers: the header comes back byte for byte, in the panel's own quirks."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tirek_protocols import dc09

NOW = datetime(2026, 9, 25, 14, 12, 4, tzinfo=UTC)
KEY = bytes(range(32))


def raw_of(data):
    (raw,) = dc09.decode_datagram(data)
    return raw


def framed(body):
    return b"\n%04X%04X%b\r" % (dc09.crc16(body), len(body), body)


@pytest.mark.parametrize(
    "header",
    [
        b"0000L0#1409",
        b"0001L#7303658550",
        b"0001R0L0#0001",
        b"9999R579BDFL789ABC#12345A",
        b"000BR0L0#ffff",
        b"0042L00#000000",
        b"0042R#12",
        b"0042",
    ],
)
def test_header_is_echoed_byte_for_byte(header):
    raw = raw_of(framed(b'"NULL"' + header + b"[]"))
    assert dc09.ack(raw) == framed(b'"ACK"' + header + b"[]")
    assert dc09.duh(raw) == framed(b'"DUH"' + header + b"[]")


@given(
    st.integers(0, 9999),
    st.none() | st.from_regex(r"[0-9A-F]{1,6}", fullmatch=True),
    st.none() | st.from_regex(r"[0-9A-F]{1,6}", fullmatch=True),
    st.from_regex(r"[0-9A-F]{3,16}", fullmatch=True),
    st.sampled_from(sorted(dc09.PROFILES)),
    st.none() | st.just(KEY),
)
def test_panel_reads_our_answer(sequence, receiver, prefix, account, profile, key):
    data = dc09.encode_cid(
        account, 120, 1, sequence, receiver=receiver, prefix=prefix, profile=profile, key=key, timestamp=NOW
    )
    raw = raw_of(data)
    for answer, token in ((dc09.ack(raw, key, NOW), "ACK"), (dc09.duh(raw, key, NOW), "DUH")):
        read = dc09.parse_answer(answer, key)
        assert (read.token, read.sequence, read.account) == (token, f"{sequence:04d}", account)
        assert (read.receiver, read.prefix) == (raw.receiver, raw.line_prefix)
        # A bare prefix is only seen where there is one: an ELDES or Trikdis answer shows its CRC first.
        assert read.profile == raw.profile
    encrypted = dc09.parse_answer(dc09.ack(raw, key, NOW), key)
    assert (encrypted.encrypted, encrypted.timestamp) == ((True, NOW) if key else (False, None))


def test_encrypted_answer_in_the_digits_of_the_panel():
    raw = raw_of(dc09.encode_null("1", key=KEY))
    assert dc09.ack(raw, KEY, NOW).split(b"[")[1].isupper()
    lower = raw_of(framed(raw.body.split(b"[")[0] + b"[" + raw.content.lower()))
    assert dc09.ack(lower, KEY, NOW).split(b"[")[1].islower()


def test_encrypted_answer_needs_the_key():
    raw = raw_of(dc09.encode_null("1", key=KEY))
    with pytest.raises(dc09.NoKey):
        dc09.ack(raw)
    with pytest.raises(dc09.NoKey):
        dc09.parse_answer(dc09.ack(raw, KEY))
    with pytest.raises(dc09.WrongKey):
        dc09.parse_answer(dc09.ack(raw, KEY), bytes(32))


def test_nak_carries_our_time_and_no_account():
    answer = framed(b'"NAK"0000R0L0A0[]_14:12:04,09-25-2026')
    assert dc09.nak(None, NOW) == answer
    assert dc09.nak(raw_of(dc09.encode_null("1", key=KEY)), NOW) == answer
    eldes = raw_of(dc09.encode_null("1", profile="eldes"))
    assert raw_of(dc09.nak(eldes, NOW)).profile == "eldes"
    assert raw_of(dc09.nak(None, NOW, profile="trikdis")).profile == "trikdis"
    assert dc09.parse_answer(dc09.nak(eldes, NOW)).timestamp == NOW


def test_answers_without_a_time_take_the_clock():
    before = datetime.now(UTC).replace(microsecond=0)
    assert dc09.parse_answer(dc09.nak()).timestamp >= before


def test_answers_in_a_stream():
    raw = raw_of(dc09.encode_null("1", 7))
    data = b"junk" + dc09.ack(raw) + dc09.encode_null("1") + dc09.nak(raw, NOW)
    decoder = dc09.AnswerDecoder()
    items = [item for at in range(len(data)) for item in decoder.feed(data[at : at + 1])]
    assert [item.token for item in items if isinstance(item, dc09.Answer)] == ["ACK", "NAK"]
    assert any(isinstance(item, dc09.Rubbish) and item.size > 10 for item in items)


def test_what_is_no_answer():
    for data in (b"", b"GET / HTTP/1.1\r\n\r\n", dc09.encode_null("1"), b'\n0000000C"ACK"0000L0[]\r'):
        with pytest.raises(dc09.Dc09Error):
            dc09.parse_answer(data)
