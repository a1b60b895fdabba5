"""Every role on every page: in, out or sent to the log-in, exactly as the guard says.

Who is not signed in gets 302 to the log-in or, where a script asks, a plain 401.
"""

import pytest
from django.test import Client

from tests.battery.addresses import guarded
from tests.battery.conftest import ask, is_log_in, lets_in
from tests.battery.samples import sample_of, url_of
from tirek.accounts.roles import ROLES

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", guarded(), ids=str)
def test_everybody_at_the_door(address, small_province, visitor):
    url, sample = url_of(address, small_province), sample_of(address)
    anonymous = ask(Client(), url)
    if address.guard is None:
        assert anonymous.status_code < 500
        assert anonymous.status_code != 403 or 403 in sample.answers
        return
    assert is_log_in(anonymous) or anonymous.status_code == 401, f"somebody not signed in got {anonymous.status_code}"
    for role in (None, *ROLES):
        client = visitor(role)
        only_posts = client.get(url).status_code == 405
        if only_posts and lets_in(address, client.person):
            continue  # what the act does is tested where it stands
        response = ask(client, url)
        assert not is_log_in(response), f"{role} is signed in and was sent to sign in"
        if not lets_in(address, client.person):
            assert response.status_code == 403, f"{role} lacks {address.guard} and got {response.status_code}"
        elif role and ROLES[role].own_only and address.parts:
            assert response.status_code in {200, 302, 403, 404} | sample.answers
        else:
            right = {200, 204, 302} | sample.answers
            assert response.status_code in right, f"{role} has {address.guard} and got {response.status_code}"


@pytest.mark.parametrize("address", [a for a in guarded() if a.guard is not None], ids=str)
def test_a_closed_account_is_nobody(address, small_province, visitor):
    client = visitor("administrator", is_active=False)
    response = ask(client, url_of(address, small_province))
    assert is_log_in(response) or response.status_code == 401
