"""The register in a browser: filter, keep the view, act on many, bring a table."""

from __future__ import annotations

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
HEAD = "code;name_ru;type;category;lat;lon;capacity"
GOOD, WRONG = "Z-1;Школа новая;school;2;50.2839;57.1670;10", "Z-2;Школа без типа;nonsense;2;50.28;57.16;10"


@pytest.mark.parametrize(
    ("language", "width", "chosen", "categories"),
    [("ru", 1440, "выбрано 2", "Категория"), ("kk", 390, "2 таңдалды", "Санат")],
)
def test_filter_keep_choose_and_bring(tirek, as_person, language, width, chosen, categories):
    page = as_person("sample-admin", language=language, width=width, height=900)
    page.goto(f"{tirek.url}/facilities/?all=1")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

    # A filter by its chip; the address and the table follow.
    page.click(f"form.chips summary:has-text('{categories}')")
    with page.expect_navigation():
        page.check("form.chips input[name=category][value='3']")
    assert "category=3" in page.url
    cells = page.locator(".register-list tbody tr td:nth-child(5)").all_inner_texts()
    assert cells
    assert {text.strip() for text in cells} == {"3"}

    # The view under a name, and back to it from the whole register.
    page.click(".saved-views summary")
    page.fill("#view-name", f"Third {language}")
    with page.expect_navigation():
        page.click(".saved-form button[type=submit]")
    assert page.inner_text(".saved-views summary").strip() == f"Third {language}"
    page.goto(f"{tirek.url}/facilities/?all=1")
    page.click(".saved-views summary")
    with page.expect_navigation():
        page.click(f".saved-views a.menu-item:has-text('Third {language}')")
    assert "category=3" in page.url

    # Two rows, then an act on them, which says how many before it does anything.
    assert page.is_hidden("#bulk")
    for number in (0, 1):
        page.locator(".register-list input[name=row]").nth(number).check()
    assert page.inner_text("[data-bulk-count]") == chosen
    with page.expect_navigation():
        page.click("#bulk button[value=category]")
    assert page.locator("input[name=count]").get_attribute("value") == "2"
    page.check("input[name=category][value='2']")
    with page.expect_navigation():
        page.click("form.panel button[type=submit]")
    assert page.locator(".stats .stat b").first.inner_text() == "2"

    # A table with an error: shown by row before anything is written.
    page.goto(f"{tirek.url}/sheets/facilities/")
    content = "\n".join([HEAD, GOOD, WRONG]).encode()
    page.set_input_files("input[type=file]", {"name": "f.csv", "mimeType": "text/csv", "buffer": content})
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=nonsense", timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.goto(f"{tirek.url}/facilities/?q=Z-1")
    assert page.locator(".register-list tbody tr").count() == 0
    assert page.errors == []
