"""What the agent's tests share: commands of a centre, a broker of their own."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.support import Centre
from tirek.config.net import free_port


@pytest.fixture
def centre() -> Centre:
    return Centre()


class BrokerProcess:
    """The NATS server speaking MQTT, on a port of its own, that can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port("127.0.0.1", [])
        self.url = f"mqtt://127.0.0.1:{self.port}"
        self._config = folder / "broker.json"
        self._config.write_text(
            json.dumps(
                {
                    "server_name": "test",
                    "listen": "127.0.0.1:-1",
                    "jetstream": {"store_dir": str(folder / "store"), "limits": {"default_max_consumers": -1}},
                    "mqtt": {"host": "127.0.0.1", "port": self.port},
                }
            )
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        server = Path(sys.executable).with_name("nats-server")
        self._process = subprocess.Popen([server, "-c", self._config], stderr=subprocess.DEVNULL)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.02)
        raise RuntimeError("the broker does not start")

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    process = BrokerProcess(tmp_path)
    process.start()
    yield process
    process.kill()
