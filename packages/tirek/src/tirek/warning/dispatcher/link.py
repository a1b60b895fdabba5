"""The dispatcher's link to the broker: MQTT 3.1.1, a session that outlives us, and acknowledgement only after storing."""

from __future__ import annotations

import contextlib
import fcntl
import os
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import aiomqtt
from django.conf import settings

MOST_DISPATCHERS = 16
KEEPALIVE_S = 15
PUBLISH_WITHIN_S = 5.0


class Link(aiomqtt.Client):
    """An MQTT client whose user says when a message is stored. Until then the broker keeps it for us."""

    def __init__(self, url: str, name: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("mqtt", "mqtts") or not parts.hostname:
            raise ValueError(f"MQTT_URL must be mqtt://host:port or mqtts://host:port, not {url!r}")
        secure = parts.scheme == "mqtts"
        super().__init__(
            parts.hostname,
            parts.port or (8883 if secure else 1883),
            username=unquote(parts.username) if parts.username else None,
            password=unquote(parts.password) if parts.password else None,
            identifier=name,
            clean_session=False,
            keepalive=KEEPALIVE_S,
            timeout=PUBLISH_WITHIN_S,
            tls_context=ssl.create_default_context() if secure else None,
            # Commands and acknowledgements are small, and must not wait for company (Nagle's algorithm).
            socket_options=[(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)],
        )
        self.pending_calls_threshold = 1000  # hundreds of tries at once are no reason to warn
        # aiomqtt has no setting for it; paho acknowledges on receipt unless told so.
        self._client.manual_ack_set(True)

    def acknowledge(self, message: aiomqtt.Message) -> None:
        """The message is stored: the broker may forget it."""
        self._client.ack(message.mid, message.qos)

    async def hand_over(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish with QoS 1 and wait until the broker has it. Raises `MqttError` when it does not take it in time."""
        await self.publish(topic, payload, qos=1, retain=retain)


@contextlib.contextmanager
def own_name(directory: Path) -> Iterator[str]:
    """A client name that no other dispatcher of this installation has, and that is the same after a restart.

    A broker keeps messages for a name. Names are held by file locks, which end with the process however it ends.
    """
    installation = settings.HOME.secret("dispatcher-name", 6)
    directory.mkdir(parents=True, exist_ok=True)
    for number in range(1, MOST_DISPATCHERS + 1):
        file = os.open(directory / f"dispatcher-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            continue
        try:
            yield f"tirek-dispatcher-{installation}-{number}"
        finally:
            os.close(file)
        return
    raise RuntimeError(f"{MOST_DISPATCHERS} dispatchers run already on this machine")
