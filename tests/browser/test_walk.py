"""Every page, as everybody who sees it: accessible by axe-core, no script error, no scrolling sideways; at a desk's and a
phone's width, in light and dark. New pages are found by following links (`walk.py`) and need no word here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.browser import scene, walk

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = ((1440, 900), (390, 844))
#: Pages that need a state of their own. `own_account` looks at those of one's own account one after the other.
ELSEWHERE = {
    "account_change_password", "account_login", "account_reauthenticate", "mfa_activate_totp", "mfa_add_webauthn",
    "mfa_authenticate", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_index", "mfa_list_webauthn",
    "mfa_reauthenticate", "mfa_view_recovery_codes", "places:preview",
}  # fmt: skip
#: No page at all, or one that nobody of the sample meets: a file, a person without any role. tests/ui look at them.
NO_PAGE = {"mfa_download_recovery_codes", "mfa_login_webauthn", "mfa_reauthenticate_webauthn", "ui:base_map", "ui:home"}
CHECK = """
async (everything) => {
  for (const animation of document.getAnimations()) try { animation.finish() } catch { animation.cancel() }
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const runOnly = everything ? { type: 'tag', values: tags } : { type: 'rule', values: ['color-contrast'] }
  const found = await axe.run(document, { runOnly, resultTypes: ['violations'] })
  const faults = found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(' | ')}`)
  const wide = document.scrollingElement.scrollWidth - innerWidth
  return wide > 1 ? [...faults, `scrolls ${wide} px sideways`] : faults
}
"""


class Eyes:
    """Looks at pages and keeps what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[str] = []
        self.axe = AXE.read_text()

    def watch(self, page: Any) -> None:
        """Hear of every error of a script on this page from here on."""

        def said(message: Any) -> None:
            # What the server refuses on purpose is said there too: that is an answer and no error of a script.
            if message.type == "error" and "Failed to load resource" not in message.text:
                self.faults.append(f"{page.url}: {message.text}")

        page.on("console", said)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))

    def look(self, page: Any, name: str, sizes: tuple[tuple[int, int], ...] = SIZES) -> None:
        """Everything once at each width; colours, which alone differ, in the other theme too."""
        page.evaluate(self.axe)
        for width, height in sizes:
            page.set_viewport_size({"width": width, "height": height})
            for turn in range(2 if len(sizes) > 1 else 1):
                theme = page.evaluate(
                    "(other) => { const root = document.documentElement; const now = root.dataset.bsTheme;"
                    "return (root.dataset.bsTheme = other ? (now === 'dark' ? 'light' : 'dark') : now) }",
                    bool(turn),
                )
                self.faults += [f"{name}, {width} px, {theme}: {fault}" for fault in page.evaluate(CHECK, not turn)]
        page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})


@pytest.fixture
def eyes() -> Eyes:
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci in frontend/)")
    return Eyes()


@pytest.fixture(scope="module")
def context_of(tirek: Any, chromium: Any) -> Iterator[Callable[[str], Any]]:
    """A browser of each sample person, in Russian whatever they chose; they get their own language back."""
    contexts: dict[str, Any] = {}

    def make(person: str) -> Any:
        if person not in contexts:
            contexts[person] = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="ru")
            contexts[person].set_default_timeout(20_000)
            walk.sign_in(contexts[person].request, tirek.url, person)
            scene.speak(contexts[person].request, tirek.url, "ru")
        return contexts[person]

    yield make
    for person, context in contexts.items():
        scene.speak(context.request, tirek.url, walk.PEOPLE[person])
        context.close()


@pytest.fixture(scope="module")
def found(tirek: Any, context_of: Callable[[str], Any]) -> Iterator[walk.Found]:
    """Every page that somebody sees, while an alarm rings and a warning sounds."""
    first = scene.set_up(context_of, tirek.url)
    yield walk.walk(context_of, tirek.url, first=tuple(first))
    scene.put_away(context_of, tirek.url, first)


def test_own_account_and_what_is_refused(tirek, chromium, eyes):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="ru")
    page = context.new_page()
    eyes.watch(page)
    scene.own_account(page, tirek.url, tirek.first_password, eyes.look)
    context.close()
    assert not eyes.faults, "\n".join(eyes.faults)


def test_every_page(tirek, context_of, found, eyes):
    eyes.faults += found.broken
    unseen = set(walk.unreached(found)) - ELSEWHERE - NO_PAGE
    eyes.faults += [f"{name}: nobody gets there. Link to it, or say in this file why not" for name in sorted(unseen)]
    _look_at_all(context_of, tirek.url, eyes, found.pages, "ru", SIZES)
    assert not eyes.faults, "\n".join(eyes.faults)


@pytest.mark.parametrize(("shift", "language"), [(0, "kk"), (1, "en")])
def test_other_languages_on_a_phone(tirek, context_of, found, eyes, shift, language):
    """Where longer words hurt: a third of the pages each, other ones each day."""
    part = found.pages[(datetime.now(tz=UTC).toordinal() + shift) % 3 :: 3]
    _look_at_all(context_of, tirek.url, eyes, part, language, SIZES[1:])
    assert not eyes.faults, "\n".join(eyes.faults)


def _look_at_all(
    context_of: Any, base: str, eyes: Eyes, pages: list[walk.Page], language: str, sizes: tuple[tuple[int, int], ...]
) -> None:
    tabs: dict[str, Any] = {}
    for page in pages:
        if page.person not in tabs:
            scene.speak(context_of(page.person).request, base, language)
            tabs[page.person] = context_of(page.person).new_page()
            eyes.watch(tabs[page.person])
        tab = tabs[page.person]
        tab.set_viewport_size({"width": sizes[0][0], "height": sizes[0][1]})
        answer = tab.goto(base + page.url)
        assert answer.status == page.status, f"{page.name} as {page.person}: {answer.status}"
        eyes.look(tab, f"{page.name} as {page.person}, {language}", sizes)
    for tab in tabs.values():
        tab.close()
