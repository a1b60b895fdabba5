"""A codec written by others: its frames parse here, and it accepts our answers."""

from datetime import UTC, datetime

import pytest
from siadc09 import dc03, dc05, message

from tests.protocols.dc09.foreign import ForeignPanel
from tirek_protocols import dc09

NOW = datetime(2026, 9, 25, 14, 12, 4, tzinfo=UTC)
KEYS = [None, bytes(range(16)), bytes(range(24)), bytes(range(32))]
CONTEXTS = [(0x1234, None, None), (0xABCDEF12, 0x77, 0xF3), (0x1, None, 0)]


def raw_of(data):
    (raw,) = dc09.StreamDecoder().feed(data)
    return raw


@pytest.fixture(params=KEYS, ids=["plain", "aes-128", "aes-192", "aes-256"])
def key(request):
    return request.param


@pytest.fixture(params=CONTEXTS, ids=["small", "full", "zeros"])
def panel(request, key):
    account, prefix, receiver = request.param
    return ForeignPanel(account, key, prefix, receiver)


def test_its_link_test(panel, key):
    raw = raw_of(panel.null(0, NOW))
    msg = dc09.parse(raw, key)
    assert (msg.token, msg.account, msg.timestamp) == ("NULL", f"{panel.context.acct:03X}", NOW)
    assert msg.encrypted is (key is not None)


def test_its_contact_id(panel, key):
    msg = dc09.parse(raw_of(panel.contact_id("1", "120", 1, 42, 17, NOW)), key)
    (event,) = msg.events
    assert (event.code, event.qualifier, event.kind) == ("120", "new", "panic")
    assert (event.zone, event.partition, msg.sequence, msg.timestamp) == ("42", "1", "0017", NOW)


def test_its_sia(panel, key):
    extended = (b"M0026b9e4268b", b"X057E10.0200", b"Y50N17.0340", "Iқабылдау".encode())
    msg = dc09.parse(raw_of(panel.sia("Nri1/PA7^Reception^", 18, NOW, extended)), key)
    (event,) = msg.events
    assert (event.code, event.kind, event.zone, event.partition) == ("PA", "panic", "7", "1")
    assert event.text == "Reception"
    assert msg.mac == "00:26:b9:e4:26:8b"
    assert msg.location == pytest.approx((50.2839, 57.167), abs=1e-4)
    assert msg.text == "қабылдау"


def test_it_accepts_our_ack(panel, key):
    raw = raw_of(panel.contact_id("1", "120", 1, 42, 17, NOW))
    answer = panel.read(dc09.ack(raw, key, NOW))
    assert isinstance(answer, message.AckMessage)
    assert answer.seq == 17
    assert answer.account.get_id() == panel.context.get_id()
    if key is not None:
        assert (answer.encrypted, answer.timestamp) == (True, NOW)


def test_it_accepts_our_duh(panel, key):
    raw = raw_of(panel.contact_id("1", "120", 1, 42, 17, NOW))
    answer = panel.read(dc09.duh(raw, key))
    assert isinstance(answer, message.DuhMessage)
    assert answer.seq == 17


def test_it_wants_an_account_in_a_nak_where_the_standard_has_none(panel):
    """Receivers that are at work send `R0L0A0`, as the standard prints it; the check sum is what both agree on."""
    answer = dc09.nak(raw_of(panel.null(0, NOW)), NOW)
    with pytest.raises(RuntimeError, match="#acct"):
        panel.read(answer)
    theirs = message.NakMessage(panel.context, NOW).encode()
    assert dc09.parse_answer(theirs).timestamp == NOW


def test_it_reads_what_we_write_as_a_panel(panel, key):
    account = f"{panel.context.acct:03X}"
    frames = [
        dc09.encode_null(account, key=key, timestamp=NOW),
        dc09.encode_cid(account, 130, 5, 9, partition=1, key=key, timestamp=NOW),
        dc09.encode_sia(account, "PA", 7, 10, partition=1, text="Hall", key=key, timestamp=NOW),
    ]
    null, cid, sia = (message.parse_frame(frame, key) for frame in frames)
    assert (null.idtoken, null.timestamp, null.account.acct) == ("NULL", NOW, panel.context.acct)
    assert (cid.data.event.qualifier, cid.data.event.code, cid.data.event.addr) == ("1", "130", 5)
    assert "Panic Alarm" in str(sia)


def test_the_same_codes_are_known():
    assert set(dc09.SIA_CODES) == set(dc03.EVENT)
    assert set(dc09.CID_CODES) == set(dc05.EVENT)
