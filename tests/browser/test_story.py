"""The story, lived in a browser: a button is pressed, an officer warns, the chief confirms, endpoints prove that they sound."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(900)]

HOSPITAL = "Областная больница"
ON_THE_DESK_MS = 2000
# Both pages note the moment by the clock of this machine, so that the driver's own ways between them do not count. The
# press is noted by the document: its button may be drawn anew at any time.
NOTE_PRESSES = """
window.presses = []
document.addEventListener('click', (event) => {
  if (event.target.closest('.press-button')) window.presses.push(Date.now())
}, { capture: true })
"""
NOTE_RINGS = """
(row) => {
  window.rings = []
  let rang = false
  new MutationObserver(() => {
    const rings = !!document.querySelector(row)
    if (rings && !rang) window.rings.push(Date.now())
    rang = rings
  }).observe(document.body, { childList: true, subtree: true, attributes: true })
}
"""


def counts(page: Any) -> dict[str, int]:
    """The numbers of proof on the live page."""
    return {
        state: int(re.sub(r"\D", "", page.inner_text(f".proof-counts .is-{state} b")) or 0)
        for state in ("heard", "accepted", "unknown", "failed")
    }


def wait_for(condition: Any, seconds: float, page: Any) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := condition():
            return value
        page.wait_for_timeout(200)
    raise AssertionError(f"not within {seconds} s")


def test_from_a_pressed_button_to_a_proven_warning(tirek, as_person):
    # The officer's desk is open, and calm.
    desk = as_person("sample-officer")
    desk.goto(f"{tirek.url}/desk/")
    desk.wait_for_selector("tirek-link[data-state=live], .pill-ok")
    row = f'.duty-row[data-facility*="{HOSPITAL}"]:not(.is-closed)'
    assert not desk.query_selector(row)

    # A nurse presses the button; the alarm stands on the desk in under two seconds (looked at below).
    nurse = as_person("sample-contact")
    nurse.goto(f"{tirek.url}/desk/press/")
    hospital = nurse.locator("#press-facility option", has_text=HOSPITAL).first.get_attribute("value")
    with nurse.expect_response(lambda response: f"facility={hospital}" in response.url):
        nurse.select_option("#press-facility", hospital)
    nurse.wait_for_selector(f"input[name=facility][value='{hospital}']", state="attached")
    desk.evaluate(NOTE_RINGS, f"{row}.is-loud")
    nurse.evaluate(NOTE_PRESSES)
    nurse.click(".press-button")
    desk.wait_for_selector(f"{row}.is-loud")

    # One key accepts it.
    desk.wait_for_selector("#act-acknowledge[aria-keyshortcuts]")
    desk.keyboard.press("Enter")
    desk.wait_for_selector('#detail-body[data-state="acknowledged"]')

    # Another button of the same house: what was accepted rings again, and is accepted again.
    nurse.wait_for_selector(".press .notice-good")  # the form is drawn anew with the answer, so not before it
    nurse.select_option("#press-zone", index=1)
    nurse.click(".press-button")
    desk.wait_for_selector(f"{row}.is-loud")
    desk.wait_for_selector('#detail-body[data-state="new"] #act-acknowledge[aria-keyshortcuts]')
    desk.keyboard.press("Enter")
    desk.wait_for_selector('#detail-body[data-state="acknowledged"]')
    desk.wait_for_selector(f"{row}:not(.is-loud)")
    # Each was heard of at once. The quicker counts: the machine may have been busy with other tests during one of them.
    rings, presses = desk.evaluate("window.rings"), nurse.evaluate("window.presses")
    assert len(presses) == 2
    assert min(min(ring for ring in rings if ring >= pressed) - pressed for pressed in presses) < ON_THE_DESK_MS

    # Warn: plan, place and words are there already; only the mode is to be chosen.
    desk.click("#act-warn")
    desk.wait_for_url("**/warning/compose/**")
    desk.click(".mode-choice .is-exercise")
    desk.wait_for_selector("#compose-send:not([disabled])")
    read_back = desk.inner_text("#compose-read")
    assert re.search(r"\d", read_back)
    desk.click("#compose-send")
    desk.wait_for_url(re.compile(r"/warning/\d+/"))
    alert_url = desk.url.split("?")[0]

    # The author cannot confirm.
    assert not desk.query_selector('form[action$="/confirm/"]')

    # The chief reads and confirms.
    chief = as_person("sample-chief")
    chief.goto(alert_url)
    issue = chief.locator('form[action$="/confirm/"] button')
    issue.click()
    chief.locator("dialog[open] .btn-exercise, dialog[open] .btn-live").first.click()
    chief.wait_for_selector("#alert-board")

    # The officer's page follows by itself; endpoints turn green, the mute one stays red.
    desk.wait_for_selector("#alert-board")
    wait_for(lambda: counts(desk)["heard"] >= 4, 30, desk)
    wait_for(lambda: counts(desk)["failed"] >= 1, 30, desk)
    total = sum(counts(desk).values())
    assert total >= 6
    desk.wait_for_selector(".silent-list a")

    # All-clear.
    chief.click('button[data-opens="ending"]')
    chief.locator("#ending button.btn-exercise").click()
    chief.wait_for_url(re.compile(r"/warning/\d+/"))
    desk.wait_for_selector("#alert-banner.is-over", timeout=20_000)  # the page loads itself anew meanwhile

    # The time line has written itself, as a page, as JSON and as PDF.
    desk.goto(f"{alert_url}timeline/")
    text = desk.inner_text("main")
    assert HOSPITAL in text
    cookie = "; ".join(f"{c['name']}={c['value']}" for c in desk.context.cookies())
    for ending, head in (("timeline.json", b"{"), ("timeline.pdf", b"%PDF")):
        request = urllib.request.Request(alert_url + ending, headers={"Cookie": cookie})
        with urllib.request.urlopen(request, timeout=60) as response:
            body = response.read()
        assert body.startswith(head)
        if ending.endswith("json"):
            assert len(json.loads(body)["lines"]) >= 6
    assert desk.errors == []
    assert chief.errors == []
