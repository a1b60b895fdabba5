"""One facility from the first proposal to the plan of what it gets, on a phone's width, in Russian and in Kazakh.

Proposed, reviewed, put on the list, equipped, labelled, visited offline, warned in writing, answered, seen again by another,
closed; then its passport is drawn up, approved and agreed, and a plan says what it gets for the money.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.utils import timezone

from tests.browser.phone import photo, send, work_offline

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]
PHONE = {"width": 390, "height": 844}
WORDS = {
    "ru": {"closed": "закрыто", "in force": "действует", "name": "Школа-гимназия № 77"},
    "kk": {"closed": "жабылды", "in force": "қолданыста", "name": "№ 78 мектеп-гимназия"},
}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_from_a_proposal_to_the_plan(tirek, as_person, language):
    words = WORDS[language]
    pages: dict[str, Any] = {}

    def who(name: str) -> Any:
        if name not in pages:
            pages[name] = as_person(f"sample-{name}", language=language, **PHONE)
        return pages[name]

    def go(name: str, path: str) -> Any:
        page = who(name)
        page.goto(path if path.startswith("http") else tirek.url + path)
        assert page.get_attribute("html", "lang") == language
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], page.url
        return page

    # An inspector proposes it, the chief supports it, the commission puts it on the list.
    page = go("inspector", "/facilities/proposals/new/")
    page.fill(f"#id_name_{language}", words["name"])
    page.select_option("#id_type", "3")
    page.fill("#id_lat", "50.29")
    page.fill("#id_lon", "57.18")
    page.fill("#id_capacity", "820")
    page.fill("#id_reason", "820")
    send(page)
    proposal = re.search(r"/proposals/(\d+)/", page.url)[1]
    page = go("chief", f"/facilities/proposals/{proposal}/")
    page.check("input[name=supported][value=yes]")
    page.fill("#id_opinion", "820")
    send(page, f"form[action$='/proposals/{proposal}/review/'] button")
    page = go("secretary", "/facilities/decisions/new/")
    page.check(f"input[name=outcome-{proposal}][value=yes]")
    page.fill("#id_number", f"№ {proposal}-{language}")
    send(page)
    assert page.inner_text("h1").count("№") == 1
    facility = page.locator("main a[href^='/facilities/']", has_text=words["name"]).get_attribute("href")
    number = re.search(r"\d+", facility)[0]

    # Somebody to ring, with an account; two cameras, and their labels.
    page = go("inspector", f"{facility}contacts/new/")
    page.fill("#id_full_name", "Оспанова Гүлнар")
    page.fill("#id_phone", "+7 7132 55 03 29")
    page.select_option("#id_person", index=1)
    send(page)
    page = go("inspector", f"{facility}?tab=equipment")
    page.click("main a[href^='/equipment/new/']")
    page.select_option("#id_kind", page.locator("#id_kind option").nth(1).get_attribute("value"))
    page.fill("#id_count", "2")
    page.select_option("#id_state", "works")
    send(page)
    labels = page.request.get(tirek.url + page.locator("a[href^='/equipment/labels.pdf']").get_attribute("href"))
    assert labels.body().startswith(b"%PDF")

    # The chief ticks it in the register, plans a round of it, starts it and gives it out.
    page = go("chief", f"/facilities/?all=1&q={words['name']}")
    page.locator(f".register-list input[name=row][value='{number}']").check()
    with page.expect_navigation():
        page.click("#bulk button[value=plan_round]")
    page.fill("#id_name", f"Round {language}")
    send(page)
    send(page, "form[action$='/start/'] button")
    page.click("[data-opens=give-out]")
    page.locator("dialog[open] label", has_text="Тілеуов").locator("input").check()
    send(page, "dialog[open] .btn-primary")
    visit = page.locator("main table a[href^='/inspections/']").first.get_attribute("href")

    # It is visited without a network.
    phone = go("inspector", "/inspections/device/")
    listed = phone.evaluate("fetch('/inspections/device/visits.json').then(answer => answer.json())")["visits"]
    uid = next(one["uid"] for one in listed if one["url"] == visit)
    work_offline(phone, tirek.url, uid, (0, 1, 4), "Калитка не закрывается")

    # A notice from what was found, but for the fence, which the plan will buy: issued, and served in Tirek.
    page = go("inspector", visit)
    page.click("main a[href^='/notices/new/']")
    page.locator("input[name$='-chosen']").first.uncheck()
    send(page)
    send(page, "form[action$='/issue/'] button")
    notice = page.url
    page.click("[data-opens=serve-notice]")
    page.check("input[name=method][value=portal]")
    page.select_option("#id_contact", index=1)
    send(page, "dialog[open] .btn-primary")

    # The facility reads it and answers with a photo: all is put right.
    page = go("contact", notice)
    page.click("[data-opens=answer-notice]")
    page.fill("#id_text", "Замки установлены")
    page.set_input_files("#id_photos", photo())
    page.check("#id_all_done")
    send(page, "dialog[open] .btn-primary")

    # Whoever found it is not offered; another inspector sees it again, and the notice is closed.
    page = go("inspector-2", notice)
    page.click("main a[href*='/again/']")
    offered = page.locator("#id_inspector option").all_inner_texts()
    assert not any("Тілеуов" in name for name in offered)
    page.select_option("#id_inspector", label=next(name for name in offered if "Серік" in name))
    page.fill("#id_on", timezone.localdate().isoformat())
    send(page)
    page = go("inspector-2", page.url + "fill-in/")
    for n in range(2):
        with page.expect_response(lambda answer: answer.request.method == "POST"):
            page.locator("button[name=state][value=met]").nth(n).click()
    page.fill("#id_representative", "Ахметова")
    page.fill("#id_signature_refused", "—")
    send(page, "form[action$='/hand-in/'] .btn-primary")
    page = go("contact", notice)
    assert words["closed"] in page.inner_text("main")

    # The passport: drawn up and approved by the facility, agreed by the police.
    page = go("contact", f"{facility}?tab=passport")
    send(page, "form[action*='/passports/draw-up/'] button")
    passport = page.url
    send(page, "form[action$='/approve/'] button")
    page = go("chief", passport)
    send(page, "form[action$='/agree/'] button")
    assert words["in force"] in page.inner_text("main")
    assert page.request.get(passport + "pdf/").body().startswith(b"%PDF")

    # A plan of what to protect next takes it in.
    page = go("analyst", "/upgrades/new/")
    page.fill("#id_name", f"Plan {language}")
    page.select_option("#id_area", index=0)
    page.fill("#id_budget", "400000000")
    send(page)
    page.wait_for_url(re.compile(r"/upgrades/plans/\d+/"), timeout=60_000)
    page.wait_for_selector("a[href*='?tab=protection']", timeout=60_000)
    bought = page.request.get(page.url + "map.json").json()["points"]
    assert words["name"] in {point["name"] for point in bought}
    assert page.request.get(page.url + "order.pdf").body().startswith(b"%PDF")
    for page in pages.values():
        assert page.errors == []
