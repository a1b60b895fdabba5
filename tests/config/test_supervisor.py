"""The supervisor: starts again what dies, leaves nothing behind."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from tirek.config.supervisor import DONE, Service, Supervisor, delay_after

SLEEPER = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(300)"]
STUBBORN = [
    sys.executable,
    "-c",
    "import signal,time; signal.signal(15, signal.SIG_IGN); print('up',flush=True); time.sleep(300)",
]
PARENT_OF_ONE = [
    sys.executable,
    "-c",
    "import subprocess,sys,time; p=subprocess.Popen([sys.executable,'-c','import time; time.sleep(300)']);"
    "print(p.pid, flush=True); time.sleep(300)",
]


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition, seconds: float = 10.0):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError("it did not happen in time")


class Run:
    """A supervisor in a thread, with what it said."""

    def __init__(self, tmp_path: Path, *services: Service) -> None:
        self.said: list[tuple[str, str]] = []
        self.status = tmp_path / "status.json"
        self.supervisor = Supervisor(list(services), self.status, lambda name, line: self.said.append((name, line)))
        self.thread = threading.Thread(target=self.supervisor.run)

    def __enter__(self) -> "Run":
        self.thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.supervisor.stop()
        self.thread.join(20)
        assert not self.thread.is_alive()


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 0.5), (2, 1.0), (3, 2.0), (7, 30.0), (50, 30.0)])
def test_the_wait_grows_and_is_bounded(deaths, seconds):
    assert delay_after(deaths) == seconds


def test_who_dies_is_started_again_and_said_so(tmp_path):
    service = Service("one", SLEEPER)
    with Run(tmp_path, service) as run:
        first = wait_for(lambda: service.state == "running" and service.pid)
        os.kill(first, signal.SIGKILL)
        second = wait_for(lambda: service.pid not in {None, first} and service.pid)
        assert alive(second)
        wait_for(lambda: any("SIGKILL" in line for _name, line in run.said))
        wait_for(lambda: json.loads(run.status.read_text())["services"][0]["restarts"] == 1)
    assert not alive(second)


def test_a_status_that_cannot_be_written_ends_nobody(tmp_path):
    first, second = Service("one", SLEEPER), Service("two", SLEEPER)
    (tmp_path / "status.json").mkdir()  # nothing can be written there, as on a full disk
    with Run(tmp_path, first, second) as run:
        wait_for(lambda: first.state == second.state == "running")
        other, pid = second.pid, first.pid
        os.kill(pid, signal.SIGKILL)
        wait_for(lambda: first.pid not in {None, pid})
        assert alive(other)
        assert any("cannot be written" in line for _name, line in run.said)


def test_who_does_not_stop_is_killed_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setattr("tirek.config.supervisor.STOP_S", 0.5)
    stubborn, parent = Service("stubborn", STUBBORN), Service("parent", PARENT_OF_ONE)
    with Run(tmp_path, stubborn, parent) as run:
        wait_for(lambda: ("stubborn", "up") in run.said)
        grandchild = int(wait_for(lambda: [line for name, line in run.said if name == "parent"])[0])
        pids = [stubborn.pid, parent.pid, grandchild]
    wait_for(lambda: not any(alive(pid) for pid in pids))
    assert any("killed" in line for _name, line in run.said)


@pytest.mark.skipif(sys.platform != "linux", reason="needs the kernel's parent death signal")
def test_kill_9_of_the_supervisor_leaves_no_process(tmp_path):
    program = textwrap.dedent(f"""
        from pathlib import Path
        from tirek.config.supervisor import DONE, Service, Supervisor
        services = [Service(str(n), {SLEEPER!r}) for n in range(3)]
        Supervisor(services, Path({str(tmp_path / "status.json")!r}), lambda *_: None).run()
    """)
    process = subprocess.Popen([sys.executable, "-c", program])
    try:
        status = tmp_path / "status.json"
        pids = wait_for(lambda: status.exists() and [s["pid"] for s in json.loads(status.read_text())["services"]])
        assert all(alive(pid) for pid in pids)
        process.kill()
        process.wait(10)
        wait_for(lambda: not any(alive(pid) for pid in pids))
    finally:
        process.kill()


def test_a_service_that_cannot_start_is_tried_with_growing_waits(tmp_path):
    service = Service("broken", [sys.executable, "-c", "raise SystemExit(3)"])
    with Run(tmp_path, service):
        wait_for(lambda: service.deaths >= 2)
        assert service.last_exit == "ended with code 3"


def test_who_has_nothing_left_to_do_is_not_started_again(tmp_path):
    done = Service("done", [sys.executable, "-c", f"raise SystemExit({DONE})"])
    with Run(tmp_path, Service("one", SLEEPER), done) as run:
        wait_for(lambda: ("tirek", "done has nothing left to do and is not started again") in run.said)
        wait_for(lambda: [one["name"] for one in json.loads(run.status.read_text())["services"]] == ["one"])
        assert done.restarts == 0
