"""Passkeys in a real browser, with the authenticator that Chromium plays itself (WebAuthn over its debugging protocol)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browsers import FLAGS, chromium_or_skip
from tests.fixtures import PASSWORD
from tirek.accounts.models import Person
from tirek.audit.models import Entry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def browser(monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    # Playwright runs an event loop in this thread; the tests' own queries in it are meant.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    path = chromium_or_skip()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(path), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def tab(browser: Browser, live_server: Any) -> Callable[[str], Page]:
    """Factory: a page of a new visitor, at a path, with a device that holds passkeys."""
    page = browser.new_context(locale="en-GB").new_page()
    protocol = page.context.new_cdp_session(page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    # Passkeys want a name; a number as address will not do.
    base = live_server.url.replace("127.0.0.1", "localhost")

    def at(path: str) -> Page:
        page.goto(f"{base}{path}")
        return page

    return at


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def arrive(page: Page, path: str) -> None:
    """Wait until the page stands at this path. A pattern of the whole address would also match `?next=` of the page before."""
    page.wait_for_url(lambda url: urlsplit(url).path == path)


def sign_in_with_password(tab: Callable[[str], Page], somebody: Person) -> Page:
    page = tab("/account/login/?next=/account/factors/")
    page.get_by_label("Log-in name").fill(somebody.username)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    arrive(page, "/account/factors/")
    return page


def add_passkey(page: Page) -> None:
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Go on")
    page.get_by_label("Name of the key").fill("office computer")
    press(page, "Add the passkey")
    arrive(page, "/account/confirm/passkey/")
    press(page, "Use the passkey")
    arrive(page, "/account/factors/codes/")


def test_a_passkey_is_added_proves_and_signs_in(tab, person):
    somebody = person("chief")
    page = sign_in_with_password(tab, somebody)
    add_passkey(page)
    key = Authenticator.objects.get(user=somebody, type="webauthn")
    assert key.wrap().name == "office computer"
    assert key.wrap().is_passwordless

    page = tab("/account/confirm/passkey/?next=/people/me/")
    press(page, "Use the passkey")
    arrive(page, "/people/me/")

    page = tab("/account/logout/")
    press(page, "Sign out")
    arrive(page, "/account/login/")
    press(page, "Sign in with a passkey")
    page.wait_for_url(lambda url: not urlsplit(url).path.startswith("/account/"))
    page = tab("/people/me/")
    assert page.get_by_role("heading", level=1).inner_text() == somebody.full_name
    assert Entry.objects.filter(verb="accounts.log_in").first().after == {"methods": ["webauthn"]}


def test_after_the_password_the_passkey_is_the_second_factor(tab, person):
    somebody = person("chief")
    add_passkey(sign_in_with_password(tab, somebody))
    press(tab("/account/logout/"), "Sign out")
    page = tab("/account/login/?next=/people/me/")
    page.get_by_label("Log-in name").fill(somebody.username)
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Sign in")
    arrive(page, "/account/login/code/")
    press(page, "Use the passkey")
    arrive(page, "/people/me/")


def test_a_passkey_that_is_not_there_is_said(tab):
    page = tab("/account/login/")
    press(page, "Sign in with a passkey")
    page.get_by_text("The passkey was not used").wait_for()
