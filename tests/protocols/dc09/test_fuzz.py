"""Foreign bytes raise nothing but Dc09Error, whatever they are."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from tirek_protocols import dc09

KEY = bytes(range(16))
SEEDS = [
    dc09.encode_sia("1234", "PA", 7, 12, partition=1, text="Қабылдау", extended=dc09.location_blocks(50.28, 57.16)),
    dc09.encode_cid("ABCD", 130, 3, 13, profile="eldes"),
    dc09.encode_null("00AA", profile="trikdis"),
    dc09.encode_sia("FFFF", "FA", 1, 15, key=KEY),
    dc09.encode_null("1", key=KEY, profile="g90b"),
    dc09.nak(None),
]


def take(data):
    """Do with bytes all that a receiver and a panel do; any error but ours comes through."""
    for item in [*dc09.StreamDecoder(max_buffer=4096).feed(data), *dc09.decode_datagram(data)]:
        if isinstance(item, dc09.Rubbish):
            assert item.size > 0
            continue
        for key in (None, KEY):
            try:
                msg = dc09.parse(item, key, check=False)
            except dc09.Dc09Error:
                continue
            assert dc09.duplicate_key(msg)
            for event in msg.events:
                assert event.kind in dc09.KINDS
                assert event.concerns in dc09.KINDS
                assert all(event.name(lang) for lang in dc09.LANGUAGES)
            assert (msg.location, msg.mac, msg.verification, msg.data_account) is not None
        for answer in (dc09.ack, dc09.duh):
            try:
                answer(item, KEY)
            except dc09.Dc09Error:
                continue
        dc09.nak(item)
    dc09.AnswerDecoder(KEY).feed(data)
    try:
        dc09.parse_answer(data, KEY)
    except dc09.Dc09Error:
        return


def reframe(body):
    """Give a mutated body a right CRC, so that the parser behind it is reached."""
    return b"\n%04X%04X%b\r" % (dc09.crc16(body), len(body) & 0xFFFF, body)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_random_bytes(data):
    take(data)
    take(b'\n12340010"' + data + b"\r")
    take(reframe(b'"SIA-DCS"0001L0#1[' + data.replace(b"\r", b"").replace(b"\n", b"")))
    take(reframe(b'"ADM-CID"0001L0#1[' + data.replace(b"\r", b"").replace(b"\n", b"")))


@settings(max_examples=200, deadline=None)
@given(st.text("NOA|#/^*'[]_riBAPX0123456789: ,-\u049b", max_size=60))
def test_words_of_the_grammar(text):
    for token in (b"SIA-DCS", b"ADM-CID", b"NULL", b"ACK"):
        take(reframe(b'"' + token + b'"0001L0#1[' + text.encode()))


def test_mutated_frames():
    chance = random.Random(20260925)
    for _ in range(4000):
        data = bytearray(chance.choice(SEEDS))
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.randint(1, 8)]
                case 2:
                    data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
                case _:
                    data[at:at] = chance.choice(SEEDS)[: chance.randint(1, 60)]
            if not data:
                break
        take(bytes(data))
        take(reframe(bytes(data[9:-1])))
