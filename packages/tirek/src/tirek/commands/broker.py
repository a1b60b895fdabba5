"""`tirek broker`: becomes the embedded MQTT broker."""

from __future__ import annotations

import argparse
import os

from tirek.commands.options import address
from tirek.config import broker
from tirek.config.home import PRIVATE_FILE, Home
from tirek.config.net import demand

HELP = """Run the embedded MQTT broker (NATS server, MQTT 3.1.1). Not needed when MQTT_URL names a broker of yours.

For systemd or a container; `tirek up` starts this and everything else.
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--address",
        type=address,
        metavar="HOST:PORT",
        help="where to listen (default: TIREK_BROKER, or 127.0.0.1:1883)",
    )


def run(options: argparse.Namespace) -> int:
    where = options.address or os.environ.get("TIREK_BROKER") or "127.0.0.1:1883"
    host, port = demand(where, "TIREK_BROKER or --address")
    home = Home.from_environment().prepare()
    broker.forget(home)
    path = home.data / "broker.json"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, PRIVATE_FILE), "w") as file:
        file.write(broker.configuration(home, host, port))
    program = str(broker.binary())
    os.execv(program, [program, "--config", str(path)])  # noqa: S606 - the same process: who stops us stops the broker
