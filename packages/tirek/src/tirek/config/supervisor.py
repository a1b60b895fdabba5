"""The supervisor behind `tirek up`: starts the processes, starts again what dies, leaves nothing behind.

It touches no database and no network of its own beyond asking whether a port answers, so that it outlives whatever goes
wrong in its children. What it knows stands in `TIREK_HOME/status.json`, which the status page shows.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tirek.config.net import answers

FIRST_DELAY_S, LONGEST_DELAY_S = 0.5, 30.0
STEADY_S = 30.0  # who ran this long is forgiven earlier deaths
STOP_S = 6.0
PR_SET_PDEATHSIG = 1
DONE = 79  # what a child ends with that has nothing left to do: it is not started again
PUBLIC = ("name", "state", "pid", "restarts", "since", "next_start", "last_exit")


@dataclass(slots=True)
class Service:
    """One child process and what became of it."""

    name: str
    command: Sequence[str]
    port: tuple[str, int] | None = None
    state: str = "stopped"  # starting, running, waiting (to start again), stopped
    pid: int | None = None
    restarts: int = 0
    deaths: int = 0
    since: float = 0.0
    next_start: float = 0.0
    last_exit: str = ""
    process: subprocess.Popen[str] | None = field(default=None, repr=False)

    def public(self) -> dict[str, object]:
        """What the status page may show."""
        return {name: getattr(self, name) for name in PUBLIC}


def delay_after(deaths: int) -> float:
    """Seconds to wait before the next start after so many deaths in a row: 0.5, 1, 2, 4, ... 30."""
    return float(min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** max(0, deaths - 1)))


class Supervisor:
    """Runs `services` until told to stop. `say` gets one line per notable thing."""

    def __init__(self, services: list[Service], status_file: Path, say: Callable[[str, str], None]) -> None:
        self.services = services
        self.status_file = status_file
        self.say = say
        self._stop = threading.Event()

    def stop(self) -> None:
        self._stop.set()

    def run(self) -> None:
        """Start everything and watch it; returns when stopped, with every child gone."""
        try:
            for service in self.services:
                self._start(service)
            while not self._stop.is_set():
                changed = [self._look_after(service) for service in list(self.services)]
                if any(changed):
                    self._write_status()
                self._stop.wait(0.1)
        finally:
            self._stop_all()

    def _start(self, service: Service) -> None:
        service.process = subprocess.Popen(
            list(service.command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            bufsize=1,
            # A group of its own: Ctrl-C reaches the supervisor alone, which then stops its children in order.
            start_new_session=True,
            preexec_fn=die_with(os.getpid()),
        )
        service.pid, service.since, service.state = service.process.pid, time.time(), "starting"
        threading.Thread(target=self._relay, args=(service, service.process), daemon=True).start()

    def _relay(self, service: Service, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self.say(service.name, line.rstrip())

    def _look_after(self, service: Service) -> bool:
        """Bring one service a step further. Returns whether its state changed."""
        now = time.time()
        if service.process is None:
            if now < service.next_start:
                return False
            service.restarts += 1
            self._start(service)
            return True
        code = service.process.poll()
        if code is None:
            if service.deaths and now - service.since > STEADY_S:
                service.deaths = 0
            if service.state == "starting" and (service.port is None or answers(*service.port, timeout=0.05)):
                service.state = "running"
                if service.restarts:
                    self.say("tirek", f"{service.name} runs again (start {service.restarts + 1})")
                return True
            return False
        service.process = None
        service.pid = None
        if code == DONE:
            self.services.remove(service)
            self.say("tirek", f"{service.name} has nothing left to do and is not started again")
            return True
        service.deaths += 1
        service.last_exit = _how_it_ended(code)
        wait = delay_after(service.deaths)
        service.state, service.since, service.next_start = "waiting", now, now + wait
        self.say("tirek", f"{service.name} {service.last_exit}; starting again in {wait:g} s")
        return True

    def _write_status(self) -> None:
        draft = self.status_file.with_suffix(".new")
        status = {"pid": os.getpid(), "at": time.time(), "services": [s.public() for s in self.services]}
        try:
            draft.write_text(json.dumps(status))
            draft.replace(self.status_file)
        except OSError as error:  # a full disk must not end the processes that still work
            self.say("tirek", f"{self.status_file.name} cannot be written: {error.strerror}")

    def _stop_all(self) -> None:
        """Ask everybody to stop, last started first; kill the process groups of who does not."""
        running = [s for s in reversed(self.services) if s.process is not None]
        for service in running:
            assert service.process is not None
            service.process.terminate()
        deadline = time.monotonic() + STOP_S
        for service in running:
            assert service.process is not None
            try:
                service.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.say("tirek", f"{service.name} does not stop by itself: killed")
            _kill_group(service.process)
            service.process.wait()
            service.process, service.pid, service.state = None, None, "stopped"
        self._write_status()


def _kill_group(process: subprocess.Popen[str]) -> None:
    """End whatever a child has started and left behind (each child leads a group of its own)."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def die_with(parent: int) -> Callable[[], None] | None:
    """To run in a child before exec: have the kernel kill it when its parent is gone, however it went (prctl(2)). Linux only."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def die_with_parent() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it went in this very moment
            os._exit(1)

    return die_with_parent


def _how_it_ended(code: int) -> str:
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"
