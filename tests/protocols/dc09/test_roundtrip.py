"""What a panel writes, a receiver reads: for any content, plain and with every size of key."""

import string
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tirek_protocols import dc09

accounts = st.from_regex(r"[0-9A-F]{3,16}", fullmatch=True)
numbers = st.from_regex(r"[0-9A-F]{1,6}", fullmatch=True)
keys = st.none() | st.sampled_from([16, 24, 32]).flatmap(lambda size: st.binary(min_size=size, max_size=size))
profiles = st.sampled_from(sorted(dc09.PROFILES))
stamps = st.none() | st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 (the strategy adds the zone)
    max_value=datetime(2099, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
texts = st.text(string.ascii_letters + string.digits + " .,-'_:/" + "әғқңөұүһіӘҒҚҢӨҰҮҺІёйъЁ", max_size=60)
blocks = st.lists(st.builds(dc09.ExtendedData, st.sampled_from("GHILMNOPRSTVZ"), texts), max_size=4)


def read(data, key):
    (raw,) = dc09.StreamDecoder().feed(data)
    assert raw.crc_ok
    assert raw.length_ok
    return dc09.parse(raw, key)


def check(msg, options):
    assert msg.account == options["account"]
    assert msg.receiver == options["receiver"]
    assert msg.sequence == f"{options['sequence']:04d}"
    assert msg.profile == options["profile"]
    if options["profile"] != "g90b":
        assert msg.prefix == options["prefix"]
    if options["timestamp"] is not None or options["key"] is None:
        assert msg.timestamp == options["timestamp"]
    else:
        assert msg.timestamp is not None
    assert msg.encrypted is (options["key"] is not None)


common = st.fixed_dictionaries(
    {
        "account": accounts,
        "sequence": st.integers(0, 9999),
        "receiver": st.none() | numbers,
        "prefix": st.none() | numbers,
        "timestamp": stamps,
        "key": keys,
        "profile": profiles,
    }
)


@settings(max_examples=150, deadline=None)
@given(
    common,
    blocks,
    st.sampled_from(sorted(dc09.SIA_CODES)),
    st.integers(1, 9999),
    st.none() | st.integers(0, 9999),
    texts,
    st.booleans(),
)
def test_sia(options, extended, code, zone, partition, text, old):
    data = dc09.encode_sia(code=code, zone=zone, partition=partition, text=text, old=old, extended=extended, **options)
    msg = read(data, options["key"])
    check(msg, options)
    assert msg.extended == tuple(extended)
    (event,) = msg.events
    assert (event.system, event.code, event.address, event.text) == ("SIA", code, str(zone), text.strip())
    assert (event.qualifier == "status") is old
    if partition is not None and event.unit != "area":
        assert event.partition == (str(partition) if partition else None)


@settings(max_examples=100, deadline=None)
@given(
    common,
    blocks,
    st.sampled_from(sorted(dc09.CID_CODES)),
    st.integers(0, 999),
    st.integers(0, 99),
    st.sampled_from(["new", "restore", "status"]),
)
def test_contact_id(options, extended, code, zone, partition, qualifier):
    data = dc09.encode_cid(code=code, zone=zone, partition=partition, qualifier=qualifier, extended=extended, **options)
    msg = read(data, options["key"])
    check(msg, options)
    (event,) = msg.events
    assert (event.system, event.code, event.qualifier) == ("CID", code, qualifier)
    assert event.address == f"{zone:03d}"
    assert (event.zone or event.user) == (str(zone) if zone else None)
    assert event.partition == (str(partition) if partition else None)


@settings(max_examples=50, deadline=None)
@given(common)
def test_link_test(options):
    msg = read(dc09.encode_null(**options), options["key"])
    check(msg, options)
    assert (msg.token, msg.events) == ("NULL", ())


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": ""},
        {"account": "12 4"},
        {"account": "1" * 17},
        {"sequence": 10_000},
        {"sequence": -1},
        {"sequence": "12"},
        {"code": "pa"},
        {"code": "PAN"},
        {"zone": "1/2"},
        {"text": "a^b"},
        {"text": "a]b"},
        {"text": "a\rb"},
        {"partition": "A"},
        {"user": -3},
        {"receiver": ""},
        {"prefix": "1234567"},
        {"profile": "none"},
        {"key": b"short"},
        {"extended": [dc09.ExtendedData("I", "[")]},
        {"text": "x" * 70_000},
    ],
)
def test_what_cannot_be_written_is_refused(wrong):
    with pytest.raises(dc09.Unencodable):
        dc09.encode_sia(**({"account": "1234", "code": "PA", "zone": 1} | wrong))


@pytest.mark.parametrize("wrong", [{"code": "12"}, {"zone": 1000}, {"partition": 100}, {"qualifier": "gone"}])
def test_contact_id_that_cannot_be_written_is_refused(wrong):
    with pytest.raises(dc09.Unencodable):
        dc09.encode_cid(**({"account": "1234", "code": 120} | wrong))


def test_letters_that_the_encoding_lacks():
    with pytest.raises(dc09.Unencodable):
        dc09.encode("SIA-DCS", "1", "#1|NPA1^Қ^", encoding="cp1251")
    with pytest.raises(dc09.Unencodable):
        dc09.encode("sia", "1")
