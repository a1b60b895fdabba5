"""Addresses and ports."""

from __future__ import annotations

import secrets
import socket
from urllib.parse import urlsplit

#: Ports to choose from. Those above are lent to outgoing connections: one may be taken between the choice and its use.
RANGE = range(20000, 32768)


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


def is_free(host: str, port: int, *, udp: bool = False) -> bool:
    """Whether a server could listen on this port now."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    kinds = [socket.SOCK_STREAM, socket.SOCK_DGRAM] if udp else [socket.SOCK_STREAM]
    for kind in kinds:
        with socket.socket(family, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                return False
    return True


def free_port(host: str, wanted: list[int], *, udp: bool = False) -> int:
    """The first of `wanted` that is free, or any other free one."""
    for port in wanted:
        if port and is_free(host, port, udp=udp):  # 0 means: any
            return port
    for _attempt in range(50):
        port = secrets.choice(RANGE)
        if is_free(host, port, udp=udp):
            return port
    raise OSError(f"no free port on {host}")


def answers(host: str, port: int, timeout: float = 0.5) -> bool:
    """Whether something accepts TCP connections there."""
    try:
        with socket.create_connection((host, port), timeout):
            return True
    except OSError:
        return False
