"""kill -9 at any moment: no command is ever begun twice, and the truth is told afterwards."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tirek_agent.history import read_history
from tirek_protocols.command import Tone

ROOT = Path(__file__).parents[2]


@pytest.fixture
def start(centre, tmp_path):
    """Start the agent in a process of its own with a command for it."""
    processes = []

    def starting(command):
        (tmp_path / "envelope").write_bytes(centre.sign(command))
        words = ["-m", "tests.agent.crashing", tmp_path, centre.key.public.bytes.hex(), tmp_path / "envelope"]
        process = subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        processes.append(process)
        return process

    yield starting
    for process in processes:
        process.kill()
        process.communicate()


def read_until(process, state):
    for line in process.stdout:
        if line.startswith(state):
            return line
    raise AssertionError(f"the agent ended before it was {state}")


def test_killed_while_sounding_it_never_sounds_again_and_says_so(centre, tmp_path, start):
    command = centre.command(audio=(Tone("attention", 30.0),))
    process = start(command)
    read_until(process, "sounding")
    process.kill()
    process.wait()
    assert "restarted while sounding" in read_until(start(command), "stopped")
    time.sleep(0.3)
    (sounding,) = read_history(tmp_path)["e1"]
    assert sounding.end_ms is None


def test_killed_at_random_moments_each_command_begins_at_most_once(centre, tmp_path, start):
    chance = random.Random(7)
    for _ in range(3):
        command = centre.command(audio=(Tone("attention", 0.4),))
        for _ in range(2):
            process = start(command)
            read_until(process, "")
            time.sleep(chance.uniform(0.0, 0.1))
            process.kill()
            process.wait()
    begun = [sounding.command for sounding in read_history(tmp_path).get("e1", [])]
    assert begun
    assert len(begun) == len(set(begun))
