"""A page whose map is late, or never comes, works all the same; and the map then shows what was done before it came."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
DRAWING = "**/assets/drawing-*.js"
LOOKS_AT = """() => {
  const { bounds } = document.querySelector('tirek-map')
  return bounds && bounds[2] - bounds[0] < 1 && bounds
}"""


def test_what_is_done_before_the_map_comes_is_shown_when_it_does(tirek, as_person):
    page = as_person("sample-inspector")
    held: list[Any] = []
    page.route(DRAWING, lambda route: held.append(route))
    page.goto(f"{tirek.url}/facilities/proposals/new/")
    page.fill("#id_lat", "50.29")
    page.fill("#id_lon", "57.18")
    page.press("#id_lon", "Tab")
    page.wait_for_timeout(500)
    assert len(held) == 1
    held[0].continue_()
    west, south, east, north = page.wait_for_function(LOOKS_AT).json_value()
    assert west < 57.18 < east
    assert south < 50.29 < north
    assert page.evaluate("document.querySelector('tirek-map').count()") == {"place": 1}
    assert page.errors == []


@pytest.mark.parametrize(
    ("name", "path", "touched"),
    [
        ("inspector", "/facilities/?all=1", "[data-register] [data-id]"),
        ("analyst", "/flashpoints/", "tr[data-area]"),
        ("officer", "/warning/endpoints/", "tr[data-id]"),
    ],
)
def test_a_page_whose_map_never_comes_says_so_and_goes_on(tirek, as_person, name, path, touched):
    page = as_person(f"sample-{name}", language="kk")
    page.route(DRAWING, lambda route: route.abort())
    page.goto(tirek.url + path)
    page.wait_for_selector("tirek-map .map-still")
    assert "Карта жетпеді" in page.inner_text("tirek-map")
    page.locator(touched).first.hover()
    page.locator(touched).last.hover()
    assert page.errors == []
