"""Addresses and ports."""

import socket

import pytest

from tirek.config.net import RANGE, free_port, host_port, is_free


@pytest.mark.parametrize(
    ("text", "expected"), [("127.0.0.1:80", ("127.0.0.1", 80)), ("[::1]:9", ("::1", 9)), ("a.kz:1", ("a.kz", 1))]
)
def test_addresses_are_read(text, expected):
    assert host_port(text) == expected


@pytest.mark.parametrize("text", ["", "8000", "host", "host:", "host:99999", "host:port", ":80"])
def test_what_is_no_address_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match=r"127\.0\.0\.1:8000"):
        host_port(text)


def test_a_taken_port_is_stepped_over():
    with socket.socket() as taken, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free("127.0.0.1", port)
        assert free_port("127.0.0.1", [port]) in RANGE
        datagrams.bind(("127.0.0.1", 0))
        assert not is_free("127.0.0.1", datagrams.getsockname()[1], udp=True)
