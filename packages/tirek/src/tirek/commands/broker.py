"""`tirek broker`: becomes the embedded MQTT broker."""

from __future__ import annotations

import argparse
import os

from tirek.config import broker
from tirek.config.home import PRIVATE_FILE, Home
from tirek.config.net import host_port

HELP = """Run the embedded MQTT broker (NATS server, MQTT 3.1.1). Not needed when MQTT_URL names a broker of yours.

For systemd or a container; `tirek up` starts this and everything else.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--address", metavar="HOST:PORT", default="127.0.0.1:1883", help="where to listen (default: %(default)s)"
    )


def run(options: argparse.Namespace) -> int:
    host, port = host_port(options.address)
    home = Home.from_environment().prepare()
    broker.forget(home)
    path = home.data / "broker.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "w") as file:
        file.write(broker.configuration(home, host, port))
    program = str(broker.binary())
    os.execv(program, [program, "--config", str(path)])  # noqa: S606 - the same process: who stops us stops the broker
