"""The world that is shaken: a home of its own with the sample province, real processes under the real supervisor."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from random import Random

from tirek.config import broker, supervisor
from tirek.config.home import Home
from tirek.config.net import answers, free_port
from tirek.config.supervisor import Service, Supervisor

HOST = "127.0.0.1"
VICTIMS = ("receiver", "dispatcher", "broker", "web")


def set_environment(root: Path) -> Home:
    """Point this process and its children at a home of their own on free ports. Call before django.setup()."""
    home = Home(root).prepare()
    mqtt = free_port(HOST, [])
    os.environ.update(
        TIREK_HOME=str(root),
        TIREK_LOG="WARNING",
        DJANGO_SETTINGS_MODULE="tirek.config.settings",
        TIREK_WEB=f"{HOST}:{free_port(HOST, [])}",
        TIREK_DC09=f"{HOST}:{free_port(HOST, [], udp=True)}",
        TIREK_BROKER=f"{HOST}:{mqtt}",
        MQTT_URL=broker.centre_url(home, mqtt),
    )
    return home


class Processes:
    """The services under the real supervisor, in a thread. `kill` ends one of them with SIGKILL."""

    def __init__(self, home: Home) -> None:
        me = [sys.executable, "-m", "tirek.cli"]
        ports = {name: int(os.environ[name].rpartition(":")[2]) for name in ("TIREK_WEB", "TIREK_DC09", "TIREK_BROKER")}
        self.services = [
            Service("broker", [*me, "broker", "--address", os.environ["TIREK_BROKER"]], (HOST, ports["TIREK_BROKER"])),
            Service("receiver", [*me, "receiver"], (HOST, ports["TIREK_DC09"])),
            Service("dispatcher", [*me, "dispatcher"]),
            Service("web", [*me, "web"], (HOST, ports["TIREK_WEB"])),
        ]
        self.log = (home.logs / "chaos.log").open("a")
        self.killed: Counter[str] = Counter()
        # Who is killed all the time would wait ever longer; here the waits stay short so that 200 kills end in minutes.
        supervisor.LONGEST_DELAY_S = 0.2
        self._supervisor = Supervisor(self.services, home.root / "status.json", self._note)
        self._thread = threading.Thread(target=self._supervisor.run, name="supervisor")

    def _note(self, name: str, line: str) -> None:
        print(f"{time.time():.3f} {name}: {line}", file=self.log, flush=True)

    def start(self) -> None:
        self._thread.start()
        self.wait_until_up()

    def wait_until_up(self, seconds: float = 60) -> None:
        """Until every service runs. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while not all(s.process and (s.port is None or answers(*s.port)) for s in self.services):
            if time.monotonic() > deadline:
                raise TimeoutError(f"not up after {seconds} s: {[(s.name, s.state) for s in self.services]}")
            time.sleep(0.1)

    def kill(self, chance: Random) -> None:
        """SIGKILL to one of the services that run, chosen by chance."""
        alive = [s for s in self.services if s.process is not None and s.process.poll() is None and s.pid]
        if alive:
            victim = chance.choice(alive)
            assert victim.pid is not None
            os.kill(victim.pid, signal.SIGKILL)
            self.killed[victim.name] += 1

    def stop(self) -> None:
        self._supervisor.stop()
        self._thread.join(30)
        self.log.close()
