"""The frame's scripts in a real browser."""

import time
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
HELLO = 'id: 4\nevent: hello\ndata: {"id": 4}\n\n'


def wait_for(page, expression, seconds=8.0):
    """Wait until `expression` is true in the page. (Playwright's own needs eval, which our policy forbids.)"""
    until = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < until, f"not in {seconds} s: {expression}"
        page.wait_for_timeout(50)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_gallery_is_accessible(open_page, theme, width):
    if not AXE.exists():
        pytest.skip("axe-core is not installed (npm ci in frontend/)")
    page = open_page("/ui/gallery/")
    page.set_viewport_size({"width": width, "height": 900})
    page.evaluate(f"document.documentElement.dataset.bsTheme = '{theme}'")
    page.wait_for_timeout(300)
    page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']})")
    assert [(v["id"], [n["html"][:160] for n in v["nodes"]]) for v in result["violations"]] == []
    assert page.errors == []


def test_page_does_not_scroll_sideways_on_a_phone(open_page):
    page = open_page("/ui/gallery/")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_live_events_come_once_and_in_order_across_a_lost_link(open_page):
    asked = []

    def stream(url):
        asked.append(url)
        first = HELLO + 'id: 5\nevent: alarm.changed\ndata: {"id": 1}\n\n'
        later = 'id: 5\nevent: alarm.changed\ndata: {"id": 1}\n\nid: 6\nevent: alarm.changed\ndata: {"id": 2}\n\n'
        return first if len(asked) == 1 else later if len(asked) == 2 else ""

    keep = "window.got = []; document.addEventListener('tirek:alarm.changed', e => got.push(e.detail.id))"
    page = open_page("/search", stream, first=keep)
    wait_for(page, "got.length === 2")
    assert page.evaluate("got") == [1, 2]
    assert "since=5" in asked[1]
    # The stream ends at once each time: the page says so loudly.
    page.wait_for_selector(".band-link", timeout=8000)


def test_link_that_is_refused_says_signed_out(open_page):
    page = open_page("/search")
    page.unroute("**/live/stream*")
    page.route("**/live/stream*", lambda route: route.fulfill(status=401, body=""))
    page.reload()
    page.wait_for_selector(".band-link:has-text('signed out')", timeout=5000)


def test_keys_work_on_any_layout(open_page):
    page = open_page("/ui/gallery/")
    page.evaluate(
        "window.pressed = 0; document.querySelector('[data-key=n]').addEventListener('click', () => pressed++)"
    )
    page.evaluate("document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'т', code: 'KeyN', bubbles: true}))")
    assert page.evaluate("pressed") == 1
    page.locator("input[name=name]").fill("n")
    assert page.evaluate("pressed") == 1, "not while somebody types"


def test_question_mark_lists_the_keys(open_page):
    page = open_page("/ui/gallery/")
    page.keyboard.press("?")
    text = page.locator("dialog[open]").inner_text()
    assert "Enter" in text
    assert "Accept" in text
    assert "Search" in text


def test_slash_searches_and_arrows_walk(open_page, own_registry):
    own_registry.search_provider(
        lambda user, query: [
            own_registry.Hit(title=f"{query} {i}", subtitle="", url=f"/search?q=hit{i}", icon="home", kind="x")
            for i in range(3)
        ]
    )
    page = open_page("/ui/gallery/")
    page.keyboard.press("/")
    page.keyboard.type("abc")
    page.wait_for_selector("#hits .hit")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=hit1")


def test_enter_before_the_hits_came_goes_to_those_of_the_text(open_page, own_registry):
    own_registry.search_provider(
        lambda user, query: [
            own_registry.Hit(title=query, subtitle="", url=f"/search?q=to-{query}", icon="home", kind="x")
        ]
    )
    page = open_page("/ui/gallery/")
    page.keyboard.press("/")
    page.keyboard.type("abc")
    page.wait_for_selector("#hits .hit")
    page.keyboard.press("Control+A")
    page.keyboard.type("xyz")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=to-xyz")


def test_asking_first_has_the_focus_on_the_safe_answer(open_page):
    page = open_page("/ui/gallery/")
    page.click("form[data-confirm] button")
    assert page.evaluate("document.activeElement.textContent") == "Cancel"
    page.keyboard.press("Enter")
    assert page.locator("dialog[open]").count() == 0
    assert page.url.endswith("/ui/gallery/")


def test_theme_is_remembered(open_page):
    page = open_page("/search")
    page.click(".topbar [data-theme-switch]")
    page.reload()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_map_draws_a_circle_by_keyboard(open_page):
    page = open_page("/ui/gallery/")
    page.wait_for_selector(".map-tools", timeout=20_000)
    page.evaluate("window.drawn = null; document.addEventListener('draw', e => (window.drawn = e.detail))")
    page.get_by_role("button", name="Circle").click()
    page.keyboard.press("Space")
    page.keyboard.press("Control+A")
    page.keyboard.type("750")
    wait_for(page, "drawn !== null")
    drawn = page.evaluate("drawn")
    assert drawn["circle"]["radius"] == 750
    assert len(drawn["geometry"]["coordinates"][0]) == 65
    assert page.errors == []


def test_map_refuses_a_shape_whose_sides_cross(open_page):
    page = open_page("/ui/gallery/")
    page.wait_for_selector(".map-tools", timeout=20_000)
    page.evaluate("window.drawn = null; document.addEventListener('draw', e => (window.drawn = e.detail))")
    page.get_by_role("button", name="Shape").click()
    box = page.locator("tirek-map").bounding_box()
    for x, y in ((0.3, 0.6), (0.7, 0.9), (0.7, 0.6), (0.3, 0.9)):
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)
        page.wait_for_timeout(350)
    page.locator("tirek-map canvas").focus()
    page.keyboard.press("Enter")
    assert "sides cross" in page.locator(".map-hint").inner_text()
    assert page.evaluate("drawn") is None
