"""Error pages say what happened, what is safe and what to do; and they need no database."""

import errno
from collections.abc import Callable

import pytest
from django.db.utils import OperationalError
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.utils import translation

from tirek.ui import errors

PAGES = {
    400: lambda r: errors.bad_request(r),
    403: lambda r: errors.forbidden(r),
    404: lambda r: errors.not_found(r),
    500: lambda r: errors.server_error(r),
}


def request(**headers: str) -> HttpRequest:
    return RequestFactory().get("/somewhere", headers=headers)


@pytest.mark.parametrize(("status", "view"), PAGES.items())
@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_page_says_three_things(status: int, view: Callable, language: str):
    with translation.override(language):
        answer = view(request(accept="text/html"))
    text = answer.content.decode()
    assert answer.status_code == status
    assert text.count("<dt>") == 3
    assert f'lang="{language}"' in text


@pytest.mark.parametrize("headers", [{"accept": "application/json"}, {"accept": "text/event-stream"}])
def test_machines_get_a_sentence(headers: dict[str, str]):
    answer = errors.not_found(request(**headers))
    assert answer["Content-Type"].startswith("text/plain")
    assert b"<" not in answer.content


def test_theme_of_the_person_is_kept_and_checked():
    made = request(accept="text/html")
    made.COOKIES["tirek_theme"] = '"><script>'
    assert b'data-bs-theme="light"' in errors.not_found(made).content
    made.COOKIES["tirek_theme"] = "dark"
    assert b'data-bs-theme="dark"' in errors.not_found(made).content


def test_an_old_form_is_refused_with_a_page(db: None):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/language", {"language": "kk"}, headers={"accept-language": "en"})
    assert answer.status_code == 403
    assert "too old" in answer.content.decode()


@pytest.mark.parametrize(
    "error", [OperationalError("database or disk is full"), OSError(errno.ENOSPC, "No space left")]
)
def test_a_full_disk_is_called_so(error: Exception):
    with translation.override("en"):
        try:
            raise error
        except Exception:
            answer = errors.server_error(request(accept="text/html"))
        assert answer.status_code == 507
        assert "no alarm, no warning" in answer.content.decode()
        assert errors.server_error(request(accept="text/html")).status_code == 500
