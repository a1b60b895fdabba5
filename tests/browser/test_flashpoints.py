"""From a table of incidents to a signed flash-point and a round of visits there, in Russian, by three people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
DISTRICT, LAT, LON = "Шалкарский район", 47.8258, 59.6094  # where little was reported before
HEAD = "code;kind;day;lat;lon;place;discovery_mode"
COMPUTED_MS = 240_000  # on a fresh machine the engines are compiled first


def two_months() -> list[date]:
    """Thirty days of the last whole month and of the one before it."""
    today = timezone.localdate()
    last = today.replace(day=1) - timedelta(days=1)
    before = last.replace(day=1) - timedelta(days=1)
    return [last.replace(day=1 + n) for n in range(18)] + [before.replace(day=1 + n) for n in range(12)]


def table() -> bytes:
    rows = [
        f"B-{n};brawl;{day:%d.%m.%Y};{LAT + 0.001 * n:.4f};{LON:.4f};у вокзала;reported"
        for n, day in enumerate(two_months(), 1)
    ]
    return "\n".join([HEAD, *rows]).encode()


def test_from_a_table_to_a_round_of_visits(tirek, as_person):
    # The analyst brings thirty incidents that residents reported, and has forecasts computed from them.
    analyst = as_person("sample-analyst", language="ru", width=1280)
    analyst.goto(f"{tirek.url}/sheets/incidents/")
    analyst.set_input_files("input[type=file]", {"name": "b.csv", "mimeType": "text/csv", "buffer": table()})
    analyst.click("main form button[type=submit]")
    analyst.wait_for_selector("text=будет добавлено", timeout=60_000)
    analyst.locator("main form button.btn-primary").last.click()
    analyst.goto(f"{tirek.url}/incidents/?q=B-30")
    for _ in range(60):
        if analyst.locator("tbody tr", has_text="B-30").count():
            break
        analyst.wait_for_timeout(1000)
        analyst.reload()
    assert analyst.locator("tbody tr", has_text="B-30").count() == 1

    analyst.goto(f"{tirek.url}/flashpoints/")
    before = analyst.locator(f"tr[data-area]:has-text('{DISTRICT}') td.board-rank").inner_text()
    analyst.get_by_role("button", name="Рассчитать сейчас").click()
    analyst.wait_for_selector("text=На чём основан", timeout=COMPUTED_MS)
    analyst.goto(f"{tirek.url}/flashpoints/")
    first = analyst.locator("tr[data-area]").first
    assert DISTRICT in first.inner_text()
    assert not before.startswith("1")
    assert "рост к прежнему году" in first.inner_text().lower()
    assert analyst.get_by_role("link", name="Подписать как очаг").count() == 0  # an analyst computes and does not sign

    # The chief looks at the district that the map and the table share, and signs it with reasons.
    chief = as_person("sample-chief", language="ru", width=1280)
    chief.goto(f"{tirek.url}/flashpoints/")
    assert "Очаги напряжённости" in chief.inner_text("h1")
    chief.locator(f"tr[data-area]:has-text('{DISTRICT}') td.num").first.click()
    chief.wait_for_url("**area=*")
    closer = chief.locator("#closer")
    assert DISTRICT in closer.inner_text()
    closer.get_by_role("link", name="Подписать как очаг").click()
    chief.fill("textarea[name=reasons]", "Драки у вокзала по вечерам. Нужны свет, автобус и дежурство посредников.")
    chief.get_by_role("button", name="Подписать").click()
    chief.wait_for_selector("text=действует, осталось 29 дней")
    signed = chief.url
    assert "Драки у вокзала" in chief.inner_text("main")
    assert "подписан очаг" in chief.inner_text("main")  # the log says it

    # From the page of the district: two facilities chosen, a round planned for them, and started.
    chief.locator("main aside").get_by_role("link", name=DISTRICT).click()
    choices = chief.locator(".visit-choice input[name=facilities]")
    chosen = [choices.nth(n).get_attribute("aria-label") for n in range(2)]
    for n in range(2):
        choices.nth(n).check()
    chief.get_by_role("button", name="Запланировать обход выбранных").click()
    assert chief.input_value("input[name=name]") == f"Обход объектов: {DISTRICT}"
    for name in chosen:
        assert name in chief.inner_text("main form")
    chief.locator("main form button.btn-primary").click()
    chief.wait_for_url("**/inspections/rounds/*/")
    for name in chosen:
        assert name in chief.inner_text("main")

    # The overseer sees the flash-point and the round on the page of the district, and may object.
    overseer = as_person("sample-overseer", language="ru", width=390, height=844)
    overseer.goto(signed)
    overseer.get_by_role("link", name="Возразить").click()
    overseer.fill("textarea[name=text]", "Отмечен весь район, а драки у одного вокзала.")
    overseer.get_by_role("button", name="Возразить").click()
    overseer.wait_for_selector("text=Ответа ещё нет")
    assert overseer.evaluate("document.documentElement.scrollWidth") <= 390
    overseer.locator("main aside").get_by_role("link", name=DISTRICT).click()
    assert f"Обход объектов: {DISTRICT}" in overseer.inner_text("main")
    for page in (analyst, chief, overseer):
        assert page.errors == []
