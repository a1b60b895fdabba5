"""A visit on a phone without a network: answered, photographed, signed, handed in; then all of it is on the server, once."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from tests.browser.phone import ALL_KEPT, APP, NOT_BEGUN, become, photo, sign

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]


def json_of(page: Any) -> dict[str, Any]:
    return page.evaluate(f"fetch('{APP}visits.json', {{headers: {{Accept: 'application/json'}}}}).then(a => a.json())")


def visit_of(page: Any, uid: str) -> dict[str, Any]:
    return next(visit for visit in json_of(page)["visits"] if visit["uid"] == uid)


def test_a_visit_without_a_network_is_all_on_the_server_afterwards(tirek, as_person):
    phone = as_person("sample-inspector", width=390, height=844)
    phone.goto(tirek.url + APP)
    phone.wait_for_selector(NOT_BEGUN)
    phone.wait_for_selector(".insp-about .icon use[href$='#circle-check']")  # opens without a network
    uid = phone.locator(NOT_BEGUN).first.get_attribute("href").removeprefix("#/")
    offline = phone.locator(".insp-link.is-offline")

    # A button that is pressed by keyboard keeps the focus while the page follows what it did.
    with phone.expect_response(lambda answer: answer.url.endswith("visits.json")):
        phone.locator(".insp-about .btn").first.press("Enter")
    phone.wait_for_selector(".insp-link.is-well")
    assert phone.evaluate("document.activeElement.matches('.insp-about .btn')")

    # No network; the visit begins.
    phone.context.set_offline(True)
    offline.wait_for()
    phone.locator(f'.insp-visit[href="#/{uid}"]').click()
    phone.click("#begin")
    phone.wait_for_selector(".insp-card")
    cards = phone.locator(".insp-card")
    asked = cards.count()
    assert asked > 10
    for n in range(asked):
        state = "unmet" if n in {1, 4} else "na" if n == 2 else "met"
        cards.nth(n).locator(f'input[value="{state}"]').check()
    first, second = cards.nth(1), cards.nth(4)
    first.locator("input[type=file][capture]").set_input_files(photo())
    first.locator(".insp-thumb img").wait_for()
    second.locator("textarea").fill("Калитка не закрывается")
    second.locator('input[value="critical"]').check()
    phone.wait_for_function(ALL_KEPT)
    photographed, described = first.get_attribute("id"), second.get_attribute("id")

    # The app is killed and opens again, still without a network.
    phone.reload()
    phone.wait_for_selector(".insp-card")
    assert phone.locator(".insp-card[data-state]:not([data-state=''])").count() == asked
    assert phone.locator(".insp-card textarea").nth(4).input_value() == "Калитка не закрывается"
    assert phone.locator(".insp-thumb img").count() == 1

    # It is signed and handed in.
    phone.click(".insp-tabs a[href$='/finish']")
    phone.fill("#insp-representative", "Ахметова Айгүл")
    phone.fill("#insp-representative_position", "завхоз")
    sign(phone)
    phone.wait_for_selector("img.insp-signature")
    phone.click("#hand-in")
    phone.click("#hand-in-sure")
    phone.wait_for_selector(".insp-chip.is-queued")
    phone.reload()
    phone.wait_for_selector(".insp-chip.is-queued")

    # The network is back: it goes by itself.
    phone.context.set_offline(False)
    phone.wait_for_selector(".insp-chip.is-handed", timeout=60_000)
    phone.wait_for_selector(".insp-link.is-well")
    told = visit_of(phone, uid)
    assert told["state"] == "submitted"
    assert told["signed"] is True
    assert told["fields"]["representative"]["value"] == "Ахметова Айгүл"
    assert {f"r{key}" for key, answer in told["answers"].items() if answer["state"] == "unmet"} == {
        photographed,
        described,
    }
    assert len(told["answers"]) == asked
    assert [f"r{one['requirement']}" for one in told["photos"]] == [photographed]

    # The photo is there, drawn anew and without what the camera wrote into it.
    kept = phone.request.get(tirek.url + told["photos"][0]["url"])
    image = Image.open(io.BytesIO(kept.body()))
    assert max(image.size) == 2560
    assert not image.getexif()

    # The page of the visit has the findings.
    page = phone.context.new_page()
    page.goto(tirek.url + told["url"])
    assert page.locator("a[href^='/inspections/findings/']").count() >= 2
    assert phone.errors == []


def test_drafts_stay_locked_and_wait_for_their_owner(tirek, as_person):
    phone = as_person("sample-inspector", width=390, height=844)
    phone.goto(tirek.url + APP)
    uid = phone.locator(NOT_BEGUN).first.get_attribute("href").removeprefix("#/")

    # The session ends in the middle of the work: it goes on, and the app asks to sign in.
    phone.context.clear_cookies()
    phone.locator(f'.insp-visit[href="#/{uid}"]').click()
    phone.click("#begin")
    phone.locator('.insp-card input[value="met"]').first.check()
    phone.wait_for_selector(".insp-link.is-out a")
    phone.wait_for_selector(".insp-kept.is-waiting")

    # Somebody else signs in on another page of this phone: the drafts lock at once.
    page = phone.context.new_page()
    page.goto(tirek.url + "/account/login/")
    become(page, "sample-inspector-2")
    phone.evaluate("dispatchEvent(new Event('focus'))")
    phone.wait_for_selector(".insp-lock")
    assert phone.locator(".insp-card").count() == 0

    # Without a network the shell of the person before opens, but not their drafts.
    phone.context.set_offline(True)
    phone.reload()
    phone.wait_for_selector(".insp-about")
    assert phone.locator(f'.insp-visit[href="#/{uid}"]').count() == 0
    phone.context.set_offline(False)

    # With one, nothing of the draft shows either, and nothing of it is sent under the other name.
    phone.goto(tirek.url + APP)
    phone.wait_for_selector(".insp-visit")
    phone.wait_for_selector(".insp-about .icon use[href$='#lock']")
    assert phone.locator(f'.insp-visit[href="#/{uid}"]').count() == 0
    assert phone.locator(".insp-link.is-waiting").count() == 0

    # Whoever signs out locks their own too.
    page.goto(tirek.url + APP)
    page.wait_for_selector(".insp-visit")
    phone.goto(tirek.url + "/account/logout/")
    with phone.expect_navigation():
        phone.click("form[action$='/account/logout/'] .btn-primary")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector(".insp-lock a")
    page.context.set_offline(False)
    page.close()

    # Their owner signs in: they open again, and go by themselves.
    become(phone, "sample-inspector")
    phone.goto(tirek.url + APP)
    phone.wait_for_selector(f'.insp-visit[href="#/{uid}"] .insp-chip.is-server')
    assert [answer["state"] for answer in visit_of(phone, uid)["answers"].values()] == ["met"]
    assert phone.errors == []


def test_two_different_answers_stand_side_by_side(tirek, as_person):
    phone = as_person("sample-inspector", width=390, height=844)
    phone.goto(tirek.url + APP)
    uid = phone.locator(NOT_BEGUN).first.get_attribute("href").removeprefix("#/")
    asked = visit_of(phone, uid)["checklist"][0]["requirement"]
    phone.locator(f'.insp-visit[href="#/{uid}"]').click()
    phone.context.set_offline(True)
    phone.click("#begin")
    phone.locator(f'#r{asked} input[value="unmet"]').check()
    phone.locator(f"#r{asked} textarea").fill("Пролом у котельной")
    phone.wait_for_selector(f"#r{asked} .insp-kept.is-waiting")

    # Meanwhile the same is answered on another device, otherwise.
    other = as_person("sample-inspector")
    other.goto(tirek.url + "/inspections/")
    change = {
        "id": f"other-{uid}",
        "seq": 1,
        "at": 0,
        "kind": "answer",
        "requirement": asked,
        "base": 0,
        "value": {"state": "met"},
    }
    said = other.evaluate(
        """([address, change]) => fetch(address, {
            method: 'POST',
            headers: {Accept: 'application/json', 'X-CSRFToken': document.querySelector('meta[name=csrf-token]').content},
            body: JSON.stringify({device: 'other', sent_at: Date.now(), changes: [{...change, at: Date.now()}]}),
        }).then(answer => answer.json())""",
        [f"{APP}{uid}/sync/", change],
    )
    assert said["outcomes"][change["id"]]["outcome"] == "applied"

    # Both are shown; the person chooses.
    phone.context.set_offline(False)
    phone.wait_for_selector(f"#r{asked} .insp-side")
    assert visit_of(phone, uid)["answers"][str(asked)]["state"] == "met"
    phone.locator(f"#r{asked} .insp-side").nth(1).locator("button").click()
    phone.wait_for_selector(f"#r{asked} .insp-sides", state="detached")
    answer = visit_of(phone, uid)["answers"][str(asked)]
    assert (answer["state"], answer["note"]) == ("unmet", "Пролом у котельной")
    assert phone.errors == []
