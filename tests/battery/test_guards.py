"""Every view says who may open it."""

import pytest

from tests.battery.addresses import UNGUARDED, addresses, guarded
from tests.battery.samples import samples
from tirek.accounts.roles import PERMISSIONS


@pytest.mark.parametrize("address", addresses(), ids=lambda a: a.name or a.route)
def test_every_view_has_a_guard(address):
    assert address.guard is not UNGUARDED, (
        f"{address.route} has no guard. Put @page(...) on the view, or @public when it is open to everybody on purpose."
    )


@pytest.mark.parametrize("address", addresses(), ids=lambda a: a.name or a.route)
def test_every_view_has_a_name(address):
    assert address.name, f"{address.route} has no name, so no page can lead to it"


@pytest.mark.parametrize("address", guarded(), ids=str)
def test_guards_name_permissions_that_some_role_has(address):
    unknown = set(address.guard or ()) - PERMISSIONS
    assert not unknown, f"{address.name} asks for {unknown}, which no role in accounts/roles.py has"


def test_samples_name_addresses_that_exist():
    gone = samples().keys() - {address.name for address in addresses()}
    assert not gone
