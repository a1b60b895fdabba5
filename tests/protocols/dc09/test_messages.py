"""What messages say: Contact ID, SIA DCS, extended data, time stamps, encryption, duplicates."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from tirek_protocols import dc09

NOW = datetime(2026, 9, 25, 14, 12, 4, tzinfo=UTC)
KEY = bytes(range(16))


def read(data, key=None, **options):
    (raw,) = dc09.decode_datagram(data)
    return dc09.parse(raw, key, **options)


def message(token, data, **options):
    return read(dc09.encode(token, "1234", data, **options), options.get("key"))


def event(token, data):
    (found,) = message(token, data).events
    return found


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("1120 01 007", ("120", "new", "panic", "panic", "7", "1", None)),
        ("3120 01 007", ("120", "restore", "restore", "panic", "7", "1", None)),
        ("6120 01 007", ("120", "status", "panic", "panic", "7", "1", None)),
        ("1121 00 012", ("121", "new", "duress", "duress", None, None, "12")),
        ("1130 02 000", ("130", "new", "burglary", "burglary", None, "2", None)),
        ("1110 00 001", ("110", "new", "fire", "fire", "1", None, None)),
        ("1301 00 000", ("301", "new", "trouble", "trouble", None, None, None)),
        ("3301 00 000", ("301", "restore", "restore", "trouble", None, None, None)),
        ("1401 01 003", ("401", "new", "open_close", "open_close", None, "1", "3")),
        ("3570 01 009", ("570", "restore", "restore", "bypass", "9", "1", None)),
        ("1602 00 000", ("602", "new", "test", "test", None, None, None)),
        ("112A 01 007", ("12A", "new", "panic", "panic", "7", "1", None)),
        ("11300100a", ("130", "new", "burglary", "burglary", "a", "1", None)),
    ],
)
def test_contact_id(block, expected):
    found = event("ADM-CID", f"#1234|{block}")
    seen = (found.code, found.qualifier, found.kind, found.concerns, found.zone, found.partition, found.user)
    assert seen == expected
    assert event("ADM-CID", block) == found


@pytest.mark.parametrize("data", ["", "#1234", "#1234|", "#1234|1130 01", "#1234|2130 01 001", "#1234|1130 01 0012"])
def test_contact_id_without_an_event(data):
    with pytest.raises(dc09.Malformed):
        message("ADM-CID", data)


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("NPA12", ("PA", "new", "panic", "12", None, None, "")),
        ("NPR12", ("PR", "restore", "restore", "12", None, None, "")),
        ("OPA12", ("PA", "status", "panic", "12", None, None, "")),
        ("Nri1/HA007", ("HA", "new", "holdup", "7", "1", None, "")),
        ("Nri1HA7", ("HA", "new", "holdup", "7", "1", None, "")),
        ("Nti12:34/id5/ri2/MA1", ("MA", "new", "medical", "1", "2", "5", "")),
        ("NCL501", ("CL", "new", "open_close", None, None, "501", "")),
        ("Nri3/CG2", ("CG", "new", "open_close", None, "3", "2", "")),
        ("NCA2", ("CA", "new", "open_close", None, "2", None, "")),
        ("NFA129^Кіреберіс^", ("FA", "new", "fire", "129", None, None, "Кіреберіс")),
        ("NFA1234*'LOBBY SMOKE'NM", ("FA", "new", "fire", "1234", None, None, "LOBBY SMOKE")),
        ("NBA5 FRONT DOOR", ("BA", "new", "burglary", "5", None, None, "FRONT DOOR")),
        ("NRP", ("RP", "new", "supervision", None, None, None, "")),
        ("NAT0", ("AT", "new", "trouble", None, None, None, "")),
        ("NPAA5", ("PA", "new", "panic", "A5", None, None, "")),
    ],
)
def test_sia(block, expected):
    found = event("SIA-DCS", f"#1234|{block}")
    assert (
        found.code,
        found.qualifier,
        found.kind,
        found.zone,
        found.partition,
        found.user,
        found.text,
    ) == expected


def test_sia_with_several_events_and_texts():
    msg = message("SIA-DCS", "#1234|Nri1/BA1^Hall^/TA2/ri2/PA3|ANurse pressed|NMA4|Asecond")
    assert [(e.code, e.zone, e.partition, e.text) for e in msg.events] == [
        ("BA", "1", "1", "Hall"),
        ("TA", "2", "1", ""),
        ("PA", "3", "2", ""),
        ("MA", "4", None, ""),
    ]
    assert msg.text == "Nurse pressed\nsecond"


def test_one_unreadable_block_does_not_take_the_alarm_with_it():
    msg = message("SIA-DCS", "#1234|N???|NPA1")
    assert [e.code for e in msg.events] == ["PA"]
    assert msg.text == "N???"


@pytest.mark.parametrize("data", ["", "#1234", "#1234|", "#1234|N", "#1234|X1"])
def test_sia_that_says_nothing(data):
    if data == "#1234|N":
        assert message("SIA-DCS", data).text == "N"
        return
    with pytest.raises(dc09.Malformed):
        message("SIA-DCS", data)


def test_unknown_token_is_told_apart_from_broken_frames():
    with pytest.raises(dc09.UnknownToken):
        message("SIA-PUL", "#1234|14")


def test_extended_data():
    blocks = [
        dc09.ExtendedData("M", "0026B9E4268B"),
        dc09.ExtendedData("V", "https://panel.example/clip/1"),
        dc09.ExtendedData("V", "https://panel.example/clip/2"),
        dc09.ExtendedData("I", "Екінші қабат"),
        *dc09.location_blocks(50.2839, -57.167),
    ]
    msg = message("SIA-DCS", "#1234|NPA1|AHall", extended=blocks, timestamp=NOW)
    assert msg.extended == tuple(blocks)
    assert msg.mac == "00:26:b9:e4:26:8b"
    assert msg.verification == ("https://panel.example/clip/1", "https://panel.example/clip/2")
    assert msg.text == "Hall\nЕкінші қабат"
    assert msg.value("I") == "Екінші қабат"
    assert msg.value("Q") is None
    assert msg.location == pytest.approx((50.2839, -57.167), abs=1e-6)
    assert [block.name("ru") for block in msg.extended[:2]] == ["MAC-адрес", "Подтверждение"]
    assert dc09.ExtendedData("q", "").name("kk") == "q"


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ("093W23.456", "45N23.456", (45.39093, -93.39093)),
        ("57.1670", "-50.2839", (-50.2839, 57.167)),
        ("181E00.0", "45N00.0", None),
        ("045N00.0", "045E00.0", None),
        ("045E60.0", "45N00.0", None),
        ("", "", None),
        ("057E10.0", None, None),
    ],
)
def test_location(x, y, expected):
    blocks = [dc09.ExtendedData(letter, value) for letter, value in (("X", x), ("Y", y)) if value is not None]
    location = message("NULL", "", extended=blocks).location
    assert location == (None if expected is None else pytest.approx(expected, abs=1e-4))


@pytest.mark.parametrize("degrees", [0.0, -0.5, 59.9999999, 89.99999999, -89.9999999])
def test_location_is_written_without_sixty_minutes(degrees):
    assert message("NULL", "", extended=dc09.location_blocks(degrees, degrees)).location == pytest.approx(
        (degrees, degrees), abs=1e-6
    )


def test_cyrillic_in_utf_8_and_in_windows_1251():
    for encoding in ("utf-8", "cp1251"):
        data = dc09.encode("SIA-DCS", "1234", "#1234|NPA1^Приёмная^", encoding=encoding)
        assert read(data).events[0].text == "Приёмная"
    assert read(data, fallback="cp866").events[0].text != "Приёмная"


@pytest.mark.parametrize("size", [16, 24, 32])
@pytest.mark.parametrize("profile", dc09.PROFILES)
def test_encrypted(size, profile):
    key = bytes(range(size))
    data = dc09.encode_sia("00AB", "PA", 3, 77, key=key, timestamp=NOW, profile=profile, receiver="1F")
    assert b"NPA" not in data
    (raw,) = dc09.decode_datagram(data)
    assert (raw.encrypted, raw.account, raw.token, raw.profile) == (True, "00AB", "SIA-DCS", profile)
    msg = dc09.parse(raw, key)
    assert (msg.events[0].code, msg.events[0].zone, msg.timestamp, msg.encrypted) == ("PA", "3", NOW, True)
    with pytest.raises(dc09.NoKey):
        dc09.parse(raw)
    with pytest.raises(dc09.WrongKey):
        dc09.parse(raw, bytes(size))
    with pytest.raises(dc09.Unencodable):
        dc09.parse(raw, key[:5])


def test_equal_messages_do_not_look_equal_when_encrypted():
    assert dc09.encode_null("1", key=KEY, timestamp=NOW) != dc09.encode_null("1", key=KEY, timestamp=NOW)


@pytest.mark.parametrize("content", [b"", b"ABC", b"zz" * 16, b"AB" * 15, b"\xff" * 32])
def test_encrypted_part_that_is_no_block(content):
    body = b'"*NULL"0000L0#1234[' + content
    with pytest.raises(dc09.BadPadding):
        read(b"\n%04X%04X%b\r" % (dc09.crc16(body), len(body), body), KEY)


def test_wrong_length_with_a_right_crc_is_read():
    body = b'"ADM-CID"0001L0#1[#1|1120 00 001]'
    (raw,) = dc09.decode_datagram(b"\n%04X%04X%b\r" % (dc09.crc16(body), 5, body))
    assert (raw.crc_ok, raw.length_ok) == (True, False)
    assert dc09.parse(raw).events[0].kind == "panic"


def test_account_only_in_the_data():
    body = b'"ADM-CID"0001L0[#beef|1120 00 001]'
    (raw,) = dc09.decode_datagram(b"\n%04X%04X%b\r" % (dc09.crc16(body), len(body), body))
    assert raw.account == "BEEF"
    assert dc09.ack(raw).endswith(b'"ACK"0001L0[]\r')


@pytest.mark.parametrize(
    ("seconds", "passes"), [(0, True), (-40, True), (-41, False), (20, True), (21, False), (-3600, False)]
)
def test_window_reaches_further_into_the_past(seconds, passes):
    msg = message("NULL", "", timestamp=NOW + timedelta(seconds=seconds))
    assert dc09.in_window(msg, NOW) is passes


def test_window_of_a_message_without_a_time_stamp():
    assert dc09.in_window(message("NULL", ""), NOW)
    body = b'"NULL"0000L0#1[]_25:99:00,13-45-2026'
    plain = read(b"\n%04X%04X%b\r" % (dc09.crc16(body), len(body), body))
    assert (plain.timestamp, plain.stamp) == (None, "25:99:00,13-45-2026")
    assert dc09.in_window(plain, NOW)
    plain.encrypted = True
    assert not dc09.in_window(plain, NOW)


def test_window_can_be_widened():
    msg = message("NULL", "", timestamp=NOW - timedelta(minutes=5))
    assert dc09.in_window(msg, NOW, early=timedelta(minutes=10))


def test_duplicates():
    def sent(**changes):
        options = {"account": "1234", "code": "PA", "zone": 1, "sequence": 5, "timestamp": NOW} | changes
        return dc09.duplicate_key(read(dc09.encode_sia(**options), changes.get("key")))

    assert sent() == sent()
    assert sent(key=KEY) == sent(key=KEY) == sent()
    others = [
        sent(account="1235"),
        sent(sequence=6),
        sent(zone=2),
        sent(code="HA"),
        sent(prefix="1"),
        sent(prefix=None),
        sent(receiver="0"),
        sent(timestamp=NOW + timedelta(seconds=1)),
        sent(timestamp=None),
        sent(extended=[dc09.ExtendedData("I", "again")]),
    ]
    assert len({sent(), *others}) == len(others) + 1


def test_what_is_no_time_stamp_stays_out_of_the_key_but_tells_messages_apart():
    def sent(stamp, zone=b"1"):
        body = b'"SIA-DCS"0001L0#1234[#1234|NPA%b]_%b' % (zone, stamp)
        return dc09.duplicate_key(read(b"\n%04X%04X%b\r" % (dc09.crc16(body), len(body), body)))

    stamps = [b"", b"\0", b"\0\0", b"x" * 500, b"99:99:99,11-23-2026", b"14:12:04,09-25-2026"]
    keys = [sent(stamp, zone) for stamp in stamps for zone in (b"1", b"2")]
    assert len(set(keys)) == len(keys)
    assert all(len(key) <= 80 and re.fullmatch(r"[0-9A-Za-z/:,-]+", key) for key in keys)
    assert sent(b"\0") == sent(b"\0")


@pytest.mark.parametrize("stamp", ["00:00:00,01-01-0001", "23:59:59,12-31-9999"])
def test_the_ends_of_the_calendar_are_no_time(stamp):
    body = f'"NULL"0000L0#1[]_{stamp}'.encode()
    found = read(b"\n%04X%04X%b\r" % (dc09.crc16(body), len(body), body))
    assert (found.timestamp, found.stamp) == (None, stamp)
