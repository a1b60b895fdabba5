"""Whoever is bound to another area does not learn that an object exists."""

import pytest

from tests.battery.addresses import guarded
from tests.battery.conftest import ask, roles_with
from tests.battery.samples import sample_of, url_of
from tirek.accounts.roles import ROLES

pytestmark = pytest.mark.django_db
OF_OBJECTS = [a for a in guarded() if a.guard and a.parts and sample_of(a).scoped]


@pytest.mark.parametrize("address", OF_OBJECTS, ids=str)
def test_an_object_of_another_area_is_not_found(address, small_province, visitor):
    url = url_of(address, small_province)
    for role in roles_with(address):
        response = ask(visitor(role, small_province.districts[1]), url)
        assert response.status_code == 404, f"{role} of the South got {response.status_code} for an object of the North"


@pytest.mark.parametrize("address", OF_OBJECTS, ids=str)
def test_an_object_of_ones_own_area_is(address, small_province, visitor):
    url = url_of(address, small_province)
    for role in roles_with(address):
        client = visitor(role, small_province.districts[0])
        if client.get(url).status_code == 405 or ROLES[role].own_only:
            continue
        assert ask(client, url).status_code in {200, 204, 302} | sample_of(address).answers, role


@pytest.mark.parametrize("address", [a for a in guarded() if "pk" in a.parts and a.guard], ids=str)
def test_an_object_that_is_not_there(address, small_province, visitor):
    made = url_of(address, small_province)
    pk = sample_of(address).make(small_province)["pk"]
    url = made.replace(f"/{pk}/", "/987654321/").replace(f"/{pk - 1}/", "/987654321/")
    for role in roles_with(address)[:1]:
        assert ask(visitor(role), url).status_code == 404, url
