"""What several benchmarks need: a home and processes of their own, on free ports, gone afterwards."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import quantiles

from tirek.config import broker
from tirek.config.home import Home
from tirek.config.net import answers, free_port

HOST = "127.0.0.1"


@contextmanager
def process(
    *words: str, env: dict[str, str] | None = None, port: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `python -m tirek.cli WORDS` until the block ends; wait for `port` to answer if one is given."""
    command = [sys.executable, "-m", "tirek.cli", *words]
    running = subprocess.Popen(
        command, env={**os.environ, **(env or {})}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 30
        while port and not answers(HOST, port, 0.2):
            if running.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"tirek {' '.join(words)} did not start")
            time.sleep(0.05)
        yield running
    finally:
        running.terminate()
        try:
            running.wait(10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


@contextmanager
def stage(*, with_broker: bool = True) -> Iterator[Home]:
    """A fresh home in the environment of this process, with a broker in MQTT_URL if wanted. Call before django.setup()."""
    with ExitStack() as stack:
        root = stack.enter_context(tempfile.TemporaryDirectory(prefix="tirek-bench-"))
        home = Home(Path(root)).prepare()
        os.environ.update(
            {"TIREK_HOME": root, "TIREK_LOG": "WARNING", "DJANGO_SETTINGS_MODULE": "tirek.config.settings"}
        )
        os.environ.pop("DATABASE_URL", None)
        os.environ["TIREK_WEB"] = f"{HOST}:{free_port(HOST, [])}"
        os.environ["TIREK_DC09"] = f"{HOST}:{free_port(HOST, [], udp=True)}"
        if with_broker:
            port = free_port(HOST, [])
            os.environ["MQTT_URL"] = broker.centre_url(home, port)
            stack.enter_context(process("broker", "--address", f"{HOST}:{port}", port=port))
        yield home


def as_the_field() -> None:
    """Call this in a process full of endpoints, once they are linked.

    In reality a pause of one is not a pause of thousands: what it holds by now is not searched for garbage again.
    """
    gc.collect()
    gc.freeze()


def percentiles(values: list[float]) -> dict[str, float]:
    """p50, p99 and the largest of some seconds, rounded to milliseconds."""
    if len(values) < 2:
        return {"p50": values[0], "p99": values[0], "last": values[0]} if values else {}
    cut = quantiles(values, n=100)
    return {"p50": round(cut[49], 3), "p99": round(cut[98], 3), "last": round(max(values), 3)}
