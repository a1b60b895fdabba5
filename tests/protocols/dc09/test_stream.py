"""Cutting frames out of a stream: any pieces, rubbish between, strangers, limits."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tirek_protocols import dc09

FRAMES = [
    dc09.encode_sia("1234", "PA", 7, 12, partition=1),
    dc09.encode_cid("ABCD", 130, 3, 13, profile="eldes"),
    dc09.encode_null("00AA", profile="trikdis"),
    dc09.encode_cid("0001", 120, 1, 14, profile="g90b"),
    dc09.encode_sia("FFFF", "FA", 1, 15, key=bytes(16)),
]
PROFILES = ["standard", "eldes", "trikdis", "g90b", "standard"]


def feed_in_pieces(data, cuts):
    decoder = dc09.StreamDecoder()
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    items = []
    for start, end in pairwise(edges):
        items += decoder.feed(data[start:end])
    return items + decoder.close()


def frames_of(items):
    return [item for item in items if isinstance(item, dc09.RawFrame)]


def rubbish_of(items):
    return [item for item in items if isinstance(item, dc09.Rubbish)]


def test_many_frames_in_one_read_with_their_profiles():
    items = dc09.StreamDecoder().feed(b"".join(FRAMES))
    assert [item.profile for item in items] == PROFILES
    assert all(item.crc_ok and item.length_ok for item in items)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.integers(0, 10_000), max_size=30), st.permutations(FRAMES))
def test_cut_anywhere(cuts, frames):
    items = feed_in_pieces(b"".join(frames), cuts)
    assert [b"\n" + item.line + b"\r" for item in items] == frames


def test_byte_by_byte():
    data = b"".join(FRAMES)
    items = feed_in_pieces(data, range(len(data)))
    assert [b"\n" + item.line + b"\r" for item in items] == FRAMES


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(FRAMES), st.binary(max_size=40)), max_size=8),
    st.lists(st.integers(0, 10_000), max_size=10),
)
def test_rubbish_between_loses_no_frame_and_is_counted(parts, cuts):
    items = feed_in_pieces(b"".join(frame + noise for frame, noise in parts), cuts)
    assert [b"\n" + item.line + b"\r" for item in frames_of(items)] == [frame for frame, _ in parts]
    dropped = sum(item.size for item in rubbish_of(items))
    noise = sum(len(noise.strip(b"\r\n\0 \t")) for _, noise in parts)
    assert noise <= dropped <= sum(len(noise) for _, noise in parts)


def test_binary_crc_may_hold_line_ends():
    # Look for messages whose two CRC bytes are LF or CR: the frame must not fall apart at them.
    found = {}
    for number in range(10_000):
        frame = dc09.encode_null("1409", number, profile="trikdis")
        ends = set(frame[1:3]) & {0x0A, 0x0D}
        if ends:
            found.setdefault(frame[1:3][0] in (0x0A, 0x0D), frame)
        if len(found) == 2:
            break
    assert len(found) == 2
    for frame in found.values():
        for cut in range(len(frame)):
            items = feed_in_pieces(FRAMES[0] + frame + FRAMES[1], [len(FRAMES[0]) + cut])
            assert [item.profile for item in items] == ["standard", "trikdis", "eldes"]


def test_frame_cut_off_by_the_next_one():
    items = dc09.StreamDecoder().feed(FRAMES[0][:30] + FRAMES[1])
    assert items[0] == dc09.Rubbish("noise", 29)  # without the LF
    assert b"\n" + items[1].line + b"\r" == FRAMES[1]


def test_half_frame_at_hang_up():
    decoder = dc09.StreamDecoder()
    assert decoder.feed(FRAMES[0][:-5]) == []
    assert decoder.close() == [dc09.Rubbish("noise", len(FRAMES[0]) - 6)]
    assert decoder.close() == []


@pytest.mark.parametrize("filling", [b"\0", b"\r\n", b"\n\n", b"  "])
def test_filling_between_frames_is_not_rubbish(filling):
    decoder = dc09.StreamDecoder()
    items = decoder.feed(filling.join([*FRAMES, b""])) + decoder.close()
    assert [b"\n" + item.line + b"\r" for item in items] == FRAMES


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("http", b"GET / HTTP/1.1\r\nHost: 127.0.0.1:12300\r\nUser-Agent: x\r\n\r\n"),
        ("http", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("sip", b"OPTIONS sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1\r\n\r\n"),
        ("sip", b"REGISTER sip:127.0.0.1 SIP/2.0\r\n\r\n"),
        ("tls", bytes.fromhex("16030100c8010000c40303") + bytes(range(32, 132))),
        ("noise", b"SSH-2.0-OpenSSH_9.6\r\n"),
        ("noise", b"\x03\x00\x00\x13\x0e\xe0\x00\x00"),
    ],
)
def test_strangers_are_named_and_a_frame_after_them_is_read(kind, data):
    decoder = dc09.StreamDecoder()
    items = decoder.feed(data)
    assert {item.kind for item in items} == {kind}
    assert frames_of(decoder.feed(FRAMES[0])) == dc09.StreamDecoder().feed(FRAMES[0])
    assert dc09.decode_datagram(data) == [dc09.Rubbish(kind, len(data))]


def test_stranger_that_types_slowly_is_still_named():
    decoder = dc09.StreamDecoder()
    items = [item for byte in b"GET / HTTP/1.1\r\n" for item in decoder.feed(bytes([byte]))]
    assert items[-1].kind == "http"


def test_buffer_is_bounded():
    decoder = dc09.StreamDecoder(max_buffer=1000)
    items = decoder.feed(b'\n12340100"')
    for _ in range(50):
        items += decoder.feed(b"A" * 100)
    assert [item.kind for item in items][:1] == ["overlong"]
    assert sum(item.size for item in items) == 10 + 5000
    assert frames_of(decoder.feed(FRAMES[0]))


def test_a_whole_frame_longer_than_the_bound_is_dropped():
    long = dc09.encode("SIA-DCS", "1", "#1|NPA1^" + "x" * 2000 + "^")
    assert dc09.StreamDecoder(max_buffer=1000).feed(long) == [dc09.Rubbish("overlong", len(long))]
    assert frames_of(dc09.StreamDecoder().feed(long))


def test_datagram_forgives_missing_ends():
    for frame in FRAMES:
        for data in (frame, frame[1:], frame[:-1], frame[1:-1], frame + b"\0", frame + b"\n"):
            (item,) = dc09.decode_datagram(data)
            assert item.line == frame[1:-1]
    assert [item.profile for item in dc09.decode_datagram(b"".join(FRAMES))] == PROFILES
    assert dc09.decode_datagram(b"") == []


def test_a_datagram_has_the_same_bound_as_a_stream():
    long = dc09.encode("SIA-DCS", "1", "#1|NPA1^" + "x" * 2000 + "^")
    assert dc09.decode_datagram(long, 1000) == [dc09.Rubbish("overlong", len(long))]
    assert [item.profile for item in dc09.decode_datagram(b"".join(FRAMES), 1000)] == PROFILES
    assert len(frames_of(dc09.decode_datagram(long + FRAMES[0], 1000))) == 1
    assert len(frames_of(dc09.decode_datagram(long))) == 1
