"""The short form of `make chaos`, with a fixed seed."""

import os
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_nothing_is_lost_doubled_or_forgotten():
    env = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "TIREK_HOME", "MQTT_URL"}}
    words = ["-m", "tests.chaos", "--kills", "12", "--seed", "4", "--endpoints", "24", "--panels", "8"]
    done = subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True, timeout=380, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
