"""Addresses and ports."""

from __future__ import annotations

import errno
import secrets
import socket
from urllib.parse import urlsplit

from tirek.config.trouble import Trouble

#: Ports to choose from. Those above are lent to outgoing connections: one may be taken between the choice and its use.
RANGE = range(20000, 32768)


class CannotListen(Trouble):
    """A server cannot open its port."""


def host_port(address: str) -> tuple[str, int]:
    """`("127.0.0.1", 8000)` from `"127.0.0.1:8000"`; IPv6 hosts stand in brackets. Raises ValueError with a clear text."""
    parts = urlsplit(f"//{address}")
    try:
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"{address!r} is not an address: write HOST:PORT, for example 127.0.0.1:8000") from error
    if not host or port is None:
        raise ValueError(f"{address!r} is not an address: write HOST:PORT, for example 127.0.0.1:8000")
    return host, port


def hindrance(host: str, port: int, *, udp: bool = False) -> OSError | None:
    """What keeps a server from listening on this port now; None when nothing does."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kinds = [socket.SOCK_STREAM, socket.SOCK_DGRAM] if udp else [socket.SOCK_STREAM]
    for kind in kinds:
        with socket.socket(family, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                return error
    return None


def is_free(host: str, port: int, *, udp: bool = False) -> bool:
    """Whether a server could listen on this port now."""
    return hindrance(host, port, udp=udp) is None


def demand(address: str, names: str, *, udp: bool = False) -> tuple[str, int]:
    """Host and port of `address`, on which a server can listen now. Raises CannotListen in words; `names`: what sets it."""
    host, port = host_port(address)
    error = hindrance(host, port, udp=udp)
    if error is None:
        return host, port
    if error.errno == errno.EADDRINUSE:
        raise CannotListen(f"port {port} on {host} is taken: stop what holds it, or choose another with {names}")
    if error.errno == errno.EACCES:
        raise CannotListen(f"port {port} on {host} may not be opened by this user: choose one above 1023 with {names}")
    raise CannotListen(f"this machine has no address {host} ({error.strerror}): choose another with {names}")


def free_port(host: str, wanted: list[int], names: str = "another address", *, udp: bool = False) -> int:
    """The first of `wanted` that is free, or any other free one. Raises CannotListen where nobody could listen."""
    for port in wanted:
        if port and is_free(host, port, udp=udp):  # 0 means: any
            return port
    demand(f"[{host}]:0" if ":" in host else f"{host}:0", names, udp=udp)
    for _attempt in range(50):
        port = secrets.choice(RANGE)
        if is_free(host, port, udp=udp):
            return port
    raise CannotListen(f"no free port on {host}")


def answers(host: str, port: int, timeout: float = 0.5) -> bool:
    """Whether something accepts TCP connections there."""
    try:
        with socket.create_connection((host, port), timeout):
            return True
    except OSError:
        return False
