"""A registry of one's own for each test, and pages in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.browsers import FLAGS, chromium_or_skip
from tirek.ui import registry
from tirek.ui.messages import strings_json


@pytest.fixture
def own_registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The registry, empty; what a test registers is gone after it."""
    for name, empty in (
        ("_nav", {}), ("_nav_parts", {}), ("_user_links", {}), ("_providers", []), ("_sample_bars", []), ("_status_items", []),
        ("_strings", {}),
    ):  # fmt: skip
        monkeypatch.setattr(registry, name, empty)
    strings_json.cache_clear()
    yield registry
    strings_json.cache_clear()


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Headless Chromium; the test is skipped where there is none."""
    # Playwright runs an event loop in this thread; the tests' own queries in it are meant.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    path = chromium_or_skip()
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(path), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Any, live_server: Any, person: Callable, client_for: Callable) -> Callable[..., Any]:
    """Factory: the page at `path`, seen by an administrator; script errors end up in `page.errors`.

    The live stream is answered by `stream`, a function from the request's URL to the text of the events.
    """
    cookie = client_for(person("administrator", full_name="Айгүл Қожахметова")).cookies["sessionid"].value

    def make(path: str, stream: Callable[[str], str] | None = None, first: str = "") -> Any:
        """`first` is a script that runs before the page's own."""
        tab = browser.new_context(viewport={"width": 1280, "height": 900})
        tab.add_cookies([{"name": "sessionid", "value": cookie, "url": live_server.url}])
        page = tab.new_page()
        page.errors = []
        if first:
            page.add_init_script(first)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        page.on(
            "console",
            lambda message: "Content Security" in message.text and page.errors.append(message.text),
        )

        def answer(route: Any) -> None:
            text = stream(route.request.url) if stream else 'event: hello\ndata: {"id": 1}\nid: 1\n\n'
            route.fulfill(status=200, content_type="text/event-stream", body=text)

        page.route("**/live/stream*", answer)
        page.goto(live_server.url + path)
        return page

    return make
