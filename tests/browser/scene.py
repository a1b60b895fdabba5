"""Brings a running Tirek into the states that its pages are for: an alarm, a draft, a warning that waits, one that sounds.

Everything goes through the pages' own addresses, as people would do it. `look(page, name)` is called wherever there is
something to see that no link leads to.
"""

from __future__ import annotations

import base64
import hmac
import json
import re
import struct
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

Look = Callable[[Any, str], None]

BOUNDARY = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"code": "look-1", "name_kk": "Солтүстік", "name_ru": "Северный", "name_en": "North"},
            "geometry": {"type": "Polygon", "coordinates": [[[57, 50], [58, 50], [58, 51], [57, 51], [57, 50]]]},
        },
        {"type": "Feature", "properties": {"code": "look-2"}, "geometry": None},
    ],
}


def post(request: Any, base: str, path: str, **fields: Any) -> Any:
    """POST a form as the page at `path` would: with its token."""
    token = re.search(r'name="csrf-token" content="([^"]+)"', request.get(f"{base}/search").text())
    assert token, "no page, no token"
    answer = request.post(
        base + path, form={"csrfmiddlewaretoken": token[1], **fields}, headers={"Referer": base + path}
    )
    assert answer.ok, f"{path}: {answer.status}"
    return answer


def speak(request: Any, base: str, language: str) -> None:
    """Set the person's language, as the switch in the bar does."""
    post(request, base, "/language", language=language, next="/search")


def warn(request: Any, base: str, act: str, place: int) -> str:
    """Compose an exercise around a facility; `act` is keep or send. Returns its path."""
    draft = {"plan": "shelter", "mode": "exercise", "shape": {"facility": place, "radius": 900}}
    answer = post(request, base, "/warning/compose/", draft=json.dumps(draft), act=act)
    path = urlsplit(answer.url).path
    assert re.fullmatch(r"/warning/\d+/", path), path
    return path


def set_up(context_of: Callable[[str], Any], base: str) -> list[str]:
    """An alarm that rings, a draft, a warning that waits and one that sounds. Returns where to look first."""
    contact, officer, chief = (context_of(f"sample-{who}").request for who in ("admin", "officer", "chief"))
    found = re.search(r'href="/facilities/(\d+)/"', officer.get(f"{base}/facilities/?q=sample-hospital").text())
    assert found, "the register is empty"
    place = int(found[1])
    options = re.findall(r'<option value="(sample-[^"]+)"', contact.get(f"{base}/desk/press/").text())
    button = next(code for code in options if code != "sample-hospital")
    post(contact, base, "/desk/press/", facility=button)
    draft = warn(officer, base, "keep", place)
    sounds = warn(officer, base, "send", place)
    seen = re.search(r'name="seen" value="([^"]*)"', chief.get(base + sounds).text())
    assert seen, "the chief is not asked to confirm"
    post(chief, base, f"{sounds}confirm/", seen=seen[1])
    waits = warn(officer, base, "send", place)
    return [sounds, waits, draft, f"{draft}edit/"]


def put_away(context_of: Callable[[str], Any], base: str, first: list[str]) -> None:
    """End what `set_up` began."""
    sounds, waits, draft, _edit = first
    officer, chief = context_of("sample-officer").request, context_of("sample-chief").request
    post(chief, base, f"{sounds}all-clear/", how="all_clear")
    post(officer, base, f"{waits}withdraw/")
    post(officer, base, f"{waits}discard/")
    post(officer, base, f"{draft}discard/")


def code_of(secret: str) -> str:
    """What an authenticator app shows for this secret now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), "sha1")
    at = digest[-1] & 15
    return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


def own_account(page: Any, base: str, password: str, look: Look) -> None:
    """The first administrator signs in, chooses a password, adds an app, and sees every page about it.

    They add a person, too, whose one-time password is shown once, and put in what is refused.
    """
    page.goto(f"{base}/account/login/")
    look(page, "sign-in")
    _sign_in(page, "admin", "wrong")
    look(page, "sign-in-refused")
    _sign_in(page, "admin", password)
    look(page, "first-password")
    chosen = f"{password}-own-9"
    for field in page.locator("main input[type=password]").all():
        field.fill(password if "old" in (field.get_attribute("name") or "") else chosen)
    _send(page)
    page.goto(f"{base}/account/password/")
    look(page, "password")
    page.goto(f"{base}/account/confirm/password/")
    look(page, "confirm-password")
    _pass(page, chosen)
    for name in ("me", "factors", "passkey-add", "passkeys", "app-add"):
        page.goto(base + {
            "me": "/people/me/", "factors": "/account/factors/", "passkey-add": "/account/factors/passkeys/add/",
            "passkeys": "/account/factors/passkeys/", "app-add": "/account/factors/app/add/",
        }[name])  # fmt: skip
        look(page, name)
    secret = page.locator("main code").inner_text()
    page.fill("main input[name=code]", "000000")
    _send(page)
    look(page, "app-refused")
    secret = page.locator("main code").inner_text()
    page.fill("main input[name=code]", code_of(secret))
    _send(page)
    look(page, "confirm-code")  # the codes are shown to whoever proves the new factor
    page.fill("main input[name=code]", code_of(secret))
    _send(page)
    look(page, "codes")
    for name, path in (
        ("factors-with-app", "/account/factors/"), ("codes-new", "/account/factors/codes/new/"),
        ("app-remove", "/account/factors/app/remove/"), ("me-with-app", "/people/me/"), ("sign-out", "/account/logout/"),
    ):  # fmt: skip
        page.goto(base + path)
        look(page, name)
    page.goto(f"{base}/people/add/")
    _send(page)
    look(page, "person-refused")
    page.fill("main input[name=full_name]", "Нұрғалиева Жанар Қайратқызы")
    page.fill("main input[name=username]", "zhanar")
    _send(page)
    look(page, "one-time-password")
    page.goto(f"{base}/places/import/")
    page.set_input_files(
        "input[type=file]",
        {"name": "north.geojson", "mimeType": "application/geo+json", "buffer": json.dumps(BOUNDARY).encode()},
    )
    _send(page)
    look(page, "import-preview")
    page.goto(f"{base}/no-such-page/")
    look(page, "not-found")
    page.goto(f"{base}/account/logout/")
    _send(page)
    _sign_in(page, "admin", chosen)
    look(page, "sign-in-code")


def _sign_in(page: Any, name: str, password: str) -> None:
    page.fill("main input[name=login]", name)
    page.fill("main input[name=password]", password)
    with page.expect_navigation():
        page.locator("main button.btn-primary").first.click()


def _pass(page: Any, password: str) -> None:
    page.fill("main input[type=password]", password)
    _send(page)


def _send(page: Any) -> None:
    """Send the page's form without the browser's own checks, which would hide what the server says."""
    page.evaluate("for (const form of document.querySelectorAll('main form')) form.noValidate = true")
    with page.expect_navigation():
        page.locator("main form button.btn-primary").first.click()
