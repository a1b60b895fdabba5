"""Frames that real panels and other people's receivers have sent: each row with what must come of it."""

from datetime import UTC, datetime

import pytest

from tests.reference import reference_path
from tirek_protocols import dc09

pytestmark = pytest.mark.reference


@pytest.fixture(scope="module")
def lines():
    """The frames without LF and CR, by the column that says where they are from."""
    rows = reference_path("dc09", "frames.tsv").read_bytes().splitlines()[1:]
    table = {source.decode(): line for source, _, line in (row.split(b"\t") for row in rows)}
    assert len(table) == 13
    return table


@pytest.fixture
def frame(lines):
    """Feed the frame of a source; there must come out one raw frame and nothing else."""

    def feed(start):
        (line,) = (line for source, line in lines.items() if source == start)
        (raw,) = dc09.StreamDecoder().feed(b"\n" + line + b"\r")
        assert isinstance(raw, dc09.RawFrame)
        assert raw.line == line
        return raw

    return feed


def stamp(*parts):
    return datetime(*parts, tzinfo=UTC)


def test_null_with_a_bare_prefix(frame):
    raw = frame("ioBroker.sia#11 raw buffer (Chinese panel, NULL without # in L)")
    assert (raw.profile, raw.account, raw.line_prefix, raw.receiver) == ("g90b", "7303658550", "", None)
    msg = dc09.parse(raw)
    assert (msg.token, msg.sequence, msg.prefix, msg.events) == ("NULL", "0001", "", ())
    assert msg.timestamp == stamp(2019, 6, 7, 15, 39, 38)
    assert dc09.ack(raw).endswith(b'"ACK"0001L#7303658550[]\r')


def test_eldes_counts_the_carriage_return(frame):
    raw = frame("pysiaalarm#17 ELDES")
    assert (raw.profile, raw.crc_ok, raw.receiver, raw.line_prefix) == ("eldes", True, "4F39", "4F39")
    (event,) = dc09.parse(raw).events
    assert (event.system, event.code, event.qualifier, event.kind) == ("CID", "401", "restore", "open_close")
    assert (event.user, event.zone, event.partition, event.address) == ("57", None, "1", "057")
    answer = dc09.ack(raw)
    body = b'"ACK"0227R4F39L4F39#4F39[]'
    assert answer == b"\n%04X%04X%b\r" % (dc09.crc16(body + b"\r"), len(body), body)


def test_pyronix_gets_the_answer_that_it_is_known_to_accept(frame):
    raw = frame("HA core#180511 Pyronix NULL")
    msg = dc09.parse(raw)
    assert (msg.token, msg.account, msg.profile) == ("NULL", "1409", "standard")
    assert msg.timestamp == stamp(2026, 8, 27, 20, 38, 7)
    # Reported in the same thread, from a receiver that worked with this panel.
    assert dc09.ack(raw) == b'\n59890012"ACK"0000L0#1409[]\r'


def test_an_answer_with_none_in_it_is_no_message(frame):
    raw = frame("HA core#180511 pysiaalarm bad ACK")
    assert (raw.token, raw.account, raw.header, raw.crc_ok, raw.length_ok) == ("", "", b"", False, False)
    with pytest.raises(dc09.BadCrc):
        dc09.parse(raw)
    with pytest.raises(dc09.Malformed):
        dc09.parse(raw, check=False)
    with pytest.raises(dc09.Malformed):
        dc09.parse_answer(b"\n" + raw.line + b"\r")
    with pytest.raises(dc09.Malformed):
        dc09.ack(raw)


def test_null_with_data_in_it(frame):
    raw = frame("sia#17 Hikvision NULL")
    msg = dc09.parse(raw)
    assert (msg.token, msg.account, msg.data_account, msg.receiver) == ("NULL", "AAAB", "0000", "0")
    assert (msg.data, msg.events) == ("#0000|0000 00 000", ())
    assert msg.timestamp == stamp(2020, 7, 5, 18, 25, 49)


def test_text_that_lost_its_spaces_fails_the_crc_and_passes_with_them(frame):
    raw = frame("pysiaalarm tests #11 XDATA")
    assert (raw.crc_ok, raw.length_ok) == (False, False)
    with pytest.raises(dc09.BadCrc):
        dc09.parse(raw)
    (whole,) = dc09.decode_datagram(b"\n" + raw.line.replace(b"FRONTE ", b"FRONTE" + b" " * 7) + b"\r")
    assert (whole.crc_ok, whole.length_ok) == (True, True)
    msg = dc09.parse(whole)
    (event,) = msg.events
    assert (event.code, event.kind, event.partition, event.user) == ("CL", "open_close", "1", None)
    assert event.text == "VX FRONTE"
    assert msg.timestamp == stamp(2021, 4, 11, 22, 40, 48)


def test_a_made_up_test_report_fails_the_crc_but_can_be_shown(frame):
    raw = frame("pysiaalarm tests run_re 2")
    with pytest.raises(dc09.BadCrc):
        dc09.parse(raw)
    msg = dc09.parse(raw, check=False)
    (event,) = msg.events
    assert (event.code, event.kind, event.partition, event.user) == ("RP", "supervision", "4", "1")
    assert event.modifiers == (("ti", "19:44"), ("id", "1"), ("ri", "4"))
    assert msg.timestamp is None


def test_location_in_extended_data(frame):
    msg = dc09.parse(frame("AjaxSiaCodec test (plain, xdata)"))
    assert (msg.account, msg.receiver, msg.prefix, msg.sequence) == ("78919", "1", "232", "0002")
    (event,) = msg.events
    assert (event.code, event.qualifier, event.kind) == ("BA", "new", "burglary")
    assert (event.zone, event.address, event.partition) == ("12", "012", "1")
    assert [(block.id, block.value) for block in msg.extended] == [("X", "012W34.1"), ("Y", "045N12.2")]
    assert msg.location == pytest.approx((45 + 12.2 / 60, -(12 + 34.1 / 60)))
    assert msg.timestamp == stamp(2026, 9, 25, 14, 12, 4)


def test_text_block(frame):
    msg = dc09.parse(frame("fioletoven/dc09 rust test"))
    assert (msg.receiver, msg.prefix, msg.text) == ("F3", "77", "test")
    (event,) = msg.events
    assert (event.code, event.qualifier, event.kind, event.concerns) == ("RR", "restore", "restore", "trouble")


def test_nak_of_another_receiver(frame):
    raw = frame("fioletoven/dc09 rust test NAK")
    answer = dc09.read_answer(raw)
    assert (answer.token, answer.sequence, answer.account) == ("NAK", "0000", "")
    assert answer.timestamp == stamp(2025, 9, 24, 16, 20, 1)
    assert dc09.nak(None, answer.timestamp) == b"\n" + raw.line + b"\r"


def test_cyrillic_text_counts_in_bytes(frame):
    raw = frame("mqtt-sia readme Cyrillic xdata")
    # The length is right in bytes of UTF-8. The CRC of the published example is not, in any known form.
    assert (raw.crc_ok, raw.length_ok) == (False, True)
    with pytest.raises(dc09.BadCrc):
        dc09.parse(raw)
    (whole,) = dc09.decode_datagram(b"\n%04X" % dc09.crc16(raw.body) + raw.line[4:] + b"\r")
    msg = dc09.parse(whole)
    assert msg.extended == (dc09.ExtendedData("S", "Улица"),)
    assert (msg.events[0].code, msg.events[0].user) == ("401", "501")
    assert msg.timestamp == stamp(2025, 7, 3, 9, 15, 28)


def test_a_frame_changed_by_hand_fails_the_crc_but_can_be_shown(frame):
    raw = frame("monitoring central HIK live")
    assert (raw.crc_ok, raw.length_ok) == (False, False)
    with pytest.raises(dc09.BadCrc):
        dc09.parse(raw)
    (event,) = dc09.parse(raw, check=False).events
    assert (event.code, event.qualifier, event.user, event.partition) == ("401", "new", "3", "1")
    assert event.name("ru") == "Снято с охраны: пользователем"


def test_periodic_test(frame):
    msg = dc09.parse(frame("test client"))
    (event,) = msg.events
    assert (event.code, event.qualifier, event.kind, event.zone) == ("602", "new", "test", "1")
    assert event.partition is None
    assert msg.timestamp is None


def test_all_in_one_stream(lines):
    decoder = dc09.StreamDecoder()
    items = decoder.feed(b"".join(b"\n" + line + b"\r" for line in lines.values()))
    assert [item.line for item in items] == list(lines.values())
    assert decoder.close() == []
