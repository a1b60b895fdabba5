"""What the top bar says of the services."""

from __future__ import annotations

import json
import os

import pytest
from django.test import RequestFactory

from tirek.config.home import Home
from tirek.config.status import pill

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def says(person, settings, tmp_path):
    """What the bar says to a role while the services are in these states."""
    settings.HOME = Home(tmp_path)

    def ask(role: str, **states: str) -> tuple[str, str] | None:
        services = [{"name": name, "state": state, "since": 1.0, "next_start": 0} for name, state in states.items()]
        (tmp_path / "status.json").write_text(json.dumps({"pid": os.getpid(), "at": 2.0, "services": services}))
        request = RequestFactory().get("/")
        request.user = person(role)
        item = pill(request)
        return None if item is None else (str(item.label), item.short)

    return ask


def test_nothing_is_said_while_all_runs_or_starts(says):
    assert says("administrator", web="running", worker="starting") is None


def test_what_is_down_is_counted_and_short_on_a_phone(says):
    assert says("administrator", web="running", worker="waiting") == ("1 service is down", "1")
    assert says("administrator", receiver="stopped", worker="waiting") == ("2 services are down", "2")


def test_who_may_not_look_after_them_hears_nothing(says):
    assert says("facility_contact", worker="waiting") is None


def test_without_a_supervisor_nothing_is_said(person, settings, tmp_path):
    settings.HOME = Home(tmp_path)
    request = RequestFactory().get("/")
    request.user = person("administrator")
    assert pill(request) is None
