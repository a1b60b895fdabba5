"""The navigation inside a part, such as "Facilities"."""

import pytest

from tirek.ui import registry as frame
from tirek.ui.subnav import SubNav


class Somebody:
    def __init__(self, *permissions):
        self.permissions = permissions

    def grants(self, permission):
        return [permission] if permission in self.permissions else []


@pytest.fixture
def places(monkeypatch):
    monkeypatch.setattr(frame, "_nav_parts", {})
    part = SubNav("facilities")
    part.add("people", "People", "accounts:people", ("accounts.view_person", "x.y"), order=20)
    part.add("register", "Register", "facilities:register", "facilities.view_facility", order=10)
    part.add("gone", "Gone", "nothing:here", "x.y", order=5)
    return part


def test_by_permission_and_in_order(places):
    both = Somebody("accounts.view_person", "facilities.view_facility")
    assert [entry["key"] for entry in places.entries(both, "/")] == ["register", "people"]
    assert [entry["key"] for entry in places.entries(Somebody("x.y"), "/")] == ["people"]
    assert places.entries(Somebody(), "/") == []


def test_the_address_or_the_view_says_where_we_are(places):
    both = Somebody("accounts.view_person", "facilities.view_facility")

    def here(path, current=""):
        return [entry["key"] for entry in places.entries(both, path, current) if entry["here"]]

    assert here("/facilities/7/") == ["register"]
    assert here("/people/") == ["people"]
    assert here("/facilities/7/", "people") == ["people"]
    assert here("/elsewhere/") == []


def test_the_place_in_the_bar_stays_lit(places):
    assert set(frame.nav_parts("facilities")) == {"accounts:people", "facilities:register", "nothing:here"}
