"""The character U+0000 gets nowhere, on either database."""

import pytest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize("path", ["/facilities/?q=a%00b", "/equipment/t/a%00b/", "/search?q=%00"])
def test_an_address_with_a_zero_is_a_bad_request(client_for, person, path):
    answer = client_for(person("chief")).get(path)
    assert answer.status_code == 400
    assert "Tirek" in answer.content.decode()


def test_a_form_with_a_zero_is_a_bad_request(client_for, person, small_province):
    answer = client_for(person("inspector")).post("/facilities/proposals/new/", {"reason": "a\0b"})
    assert answer.status_code == 400
