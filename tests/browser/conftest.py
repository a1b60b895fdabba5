"""Tirek as `tirek up` starts it, with the sample province and simulated devices, and people in browsers of their own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.phone import speak
from tests.browsers import FLAGS, chromium_or_skip

READY_S = 600  # beside other work on both cores; alone it takes a minute


class Running:
    """`tirek up` in a home of its own. `said` is its console."""

    def __init__(self, home: Path, *words: str) -> None:
        env = {k: v for k, v in os.environ.items() if k not in {"DATABASE_URL", "MQTT_URL", "TIREK_LOG"}}
        # Ports of its own: two of these may start in the same moment.
        ports = {"TIREK_DC09": "127.0.0.1:0", "TIREK_BROKER": "127.0.0.1:0"}
        self.env = env | ports | {"TIREK_HOME": str(home), "PYTHONUNBUFFERED": "1"}
        self.said: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tirek.cli", "up", *words],
            env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        threading.Thread(target=self._listen, daemon=True).start()
        self.url = self._wait(r"Tirek is ready:\s+(\S+)/$")
        self.first_password = self._wait(r"First log-in:.*password:\s+(\S+)$")

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip())

    def _wait(self, pattern: str) -> str:
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in list(self.said):
                if found := re.search(pattern, line.strip()):
                    return found[1]
            time.sleep(0.1)
        raise AssertionError("Tirek did not start:\n" + "\n".join(self.said[-40:]))

    def tell(self) -> str:
        """The end of its console, for the report of a test that failed."""
        return "\n".join(self.said[-60:])

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(30)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """A test that failed shows what Tirek had said: the page alone rarely tells why it waited for nothing."""
    report = yield
    running = getattr(item, "funcargs", {}).get("tirek")
    if report.failed and isinstance(running, Running):
        report.sections.append(("console of Tirek", running.tell()))
    return report


@pytest.fixture(scope="session")
def tirek() -> Iterator[Running]:
    """One Tirek for all browser tests of a worker (see `SharedTirek` in tests/conftest.py)."""
    chromium_or_skip()
    with tempfile.TemporaryDirectory(prefix="tirek-browser-") as home:
        running = Running(Path(home), "--address", "127.0.0.1:0", "--endpoints", "60", "--panels", "6", "--calm")
        yield running
        running.stop()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A browser for the tests of one module. While it lives, an event loop runs in this thread; other tests want their own."""
    chromium_or_skip()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium_or_skip()), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def as_person(tirek: Running, chromium: Any) -> Iterator[Callable[..., Any]]:
    """Factory: a page of a sample person (log-in name), opened through the bar of roles; script errors in `page.errors`."""
    contexts = []

    def open_as(username: str, *, language: str = "ru", width: int = 1440, height: int = 900) -> Any:
        context = chromium.new_context(viewport={"width": width, "height": height}, locale=language)
        contexts.append(context)
        errors: list[str] = []

        def fresh() -> Any:
            page = context.new_page()
            page.set_default_timeout(20_000)
            page.errors = errors
            page.on("pageerror", lambda error: errors.append(str(error)))
            return page

        first = fresh()
        first.goto(f"{tirek.url}/account/login/")
        with first.expect_navigation():
            first.select_option("select[name=as]", username)
        speak(first, language)  # whatever an earlier test has left
        page = fresh()
        first.close()  # what it does by itself, such as loading anew, must not cross the test's own ways
        return page

    yield open_as
    for context in contexts:
        context.close()
