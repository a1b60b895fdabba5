"""What browser tests of visits share: a photo as a phone's camera makes it, a signature, the way to sign in anew."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urljoin

from PIL import Image, ImageDraw

APP = "/inspections/device/"
NOT_BEGUN = ".insp-visit:has(.insp-chip.is-new)"


def photo() -> dict[str, Any]:
    """A JPEG as a phone's camera makes it: larger than what is sent, with a place in its EXIF."""
    image = Image.new("RGB", (3264, 2448), "#8aa0b0")
    draw = ImageDraw.Draw(image)
    for n in range(40):
        draw.rectangle((n * 80, n * 60, n * 80 + 400, n * 60 + 300), fill=(n * 6, 200 - n * 4, 90))
    exif = Image.Exif()
    exif[0x010F] = "Phone of somebody"
    kept = io.BytesIO()
    image.save(kept, "JPEG", quality=88, exif=exif)
    return {"name": "gate.jpg", "mimeType": "image/jpeg", "buffer": kept.getvalue()}


def sign(page: Any) -> None:
    """A line with the finger."""
    page.locator(".pad").scroll_into_view_if_needed()
    box = page.locator(".pad").bounding_box()
    x, y = box["x"] + 30, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    for n in range(1, 25):
        page.mouse.move(x + n * 10, y + (30 if n % 2 else -30))
    page.mouse.up()


def become(page: Any, username: str) -> None:
    """Sign in on the same phone."""
    page.goto(urljoin(page.url, "/account/login/"))
    with page.expect_navigation():
        page.select_option("select[name=as]", username)


def speak(page: Any, language: str) -> None:
    """The person's own language comes before the browser's: choose it on the switch."""
    if page.get_attribute("html", "lang") != language:
        with page.expect_navigation():
            button = page.locator(f"button[name=language][value={language}]").first
            button.evaluate("b => b.closest('form').requestSubmit(b)")


def send(page: Any, button: str = "main form .btn-primary") -> None:
    """Press a button that leads to the next page; say yes where the page asks first."""
    found = page.locator(button).first
    if found.evaluate("b => Boolean(b.form?.dataset.confirm)"):
        found.click()
        button, found = "", page.locator("dialog[open] .btn-primary")
    with page.expect_navigation():
        found.click()


# Every answer is on the phone, and the words of each that is not met: what was typed in the last half second may not be yet.
ALL_KEPT = """() =>
document.querySelectorAll('.insp-kept.is-waiting').length === document.querySelectorAll('.insp-card').length
  && !document.querySelector('.insp-kept b')
"""


def work_offline(phone: Any, base: str, uid: str, unmet: tuple[int, ...], words: str) -> None:
    """Do a whole visit without a network: begin, answer, photograph, be killed, sign, hand in; then the network is back."""
    offline = phone.locator(".insp-link.is-offline")
    phone.goto(base + APP)
    phone.wait_for_selector(f'.insp-visit[href="#/{uid}"]')
    phone.wait_for_selector(".insp-about .icon use[href$='#circle-check']")  # opens without a network
    phone.context.set_offline(True)
    offline.wait_for()
    phone.locator(f'.insp-visit[href="#/{uid}"]').click()
    phone.click("#begin")
    phone.wait_for_selector(".insp-card")
    cards = phone.locator(".insp-card")
    for n in range(cards.count()):
        cards.nth(n).locator(f'input[value="{"unmet" if n in unmet else "met"}"]').check()
    for n in unmet:
        cards.nth(n).locator("textarea").fill(words)
    cards.nth(unmet[0]).locator("input[type=file][capture]").set_input_files(photo())
    cards.nth(unmet[0]).locator(".insp-thumb img").wait_for()
    phone.wait_for_function(ALL_KEPT)
    phone.reload()
    phone.wait_for_selector(".insp-card")
    assert phone.locator(".insp-thumb img").count() == 1
    phone.click(".insp-tabs a[href$='/finish']")
    phone.fill("#insp-representative", "Ахметова Айгүл")
    phone.fill("#insp-representative_position", "завхоз")
    sign(phone)
    phone.wait_for_selector("img.insp-signature")
    phone.click("#hand-in")
    phone.click("#hand-in-sure")
    phone.wait_for_selector(".insp-chip.is-queued")
    phone.context.set_offline(False)
    phone.wait_for_selector(".insp-chip.is-handed", timeout=60_000)
