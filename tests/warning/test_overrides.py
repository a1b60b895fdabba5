"""What one person issued alone is told to every chief there, until that chief has seen it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.warning.conftest import FRESH, Scene
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.warning import actions, rules
from tirek.warning.models import Alert

Log = Callable[[Person], Client]
WHY = "shots are heard and nobody else is here"


def alone(scene: Scene, mode: str = "live") -> Alert:
    return actions.override_alert(scene.officer, scene.compose(mode).pk, WHY, FRESH)


def told(client: Client) -> list[dict[str, Any]]:
    return list(client.get(reverse("warning:now")).json()["overridden"])


def test_a_chief_who_was_away_is_told_after_it_ended(scene: Scene, client_for: Log) -> None:
    alert, chief = alone(scene), client_for(scene.chief)
    assert alert.expires_at is not None
    actions.expire_alert(alert.pk, alert.expires_at, system="dispatcher")
    line = told(chief)[0]
    assert (line["id"], line["reason"], line["author"]) == (alert.pk, WHY, "Officer One")
    assert told(client_for(scene.second)) == []
    Alert.objects.filter(pk=alert.pk).update(issued_at=timezone.now() - rules.OVERRIDE_SHOWN - timedelta(minutes=1))
    assert told(chief) == []


def test_it_goes_when_that_chief_has_seen_it_and_stays_for_the_others(
    scene: Scene, client_for: Log, person: Callable[..., Person]
) -> None:
    alert, other = alone(scene), person("chief")
    chief = client_for(scene.chief)
    seen = told(chief)[0]["seen"]
    assert chief.post(seen).status_code == 204
    assert chief.post(seen).status_code == 204  # pressed on two pages
    assert told(chief) == []
    assert [line["id"] for line in told(client_for(other))] == [alert.pk]
    entry = Entry.objects.get(verb="warning.acknowledge_alert")
    assert (entry.object_id, entry.actor_id) == (str(alert.pk), scene.chief.pk)


def test_a_chief_elsewhere_is_not_told_and_nobody_else_can_say_seen(
    scene: Scene, client_for: Log, person: Callable[..., Person]
) -> None:
    alert = alone(scene)
    elsewhere = person("chief", area=scene.province.districts[1])
    assert told(client_for(elsewhere)) == []
    for stranger in (elsewhere, scene.officer, scene.second):
        with pytest.raises(PermissionDenied):
            actions.acknowledge_override(stranger, alert.pk)


def test_there_is_nothing_to_see_in_what_two_people_issued(scene: Scene, client_for: Log) -> None:
    alert = scene.issue("exercise")
    with pytest.raises(Refused, match="by one person"):
        actions.acknowledge_override(scene.chief, alert.pk)
    assert client_for(scene.chief).post(reverse("warning:acknowledge", args=[alert.pk])).status_code == 409


def test_a_chief_who_issued_it_alone_needs_not_be_told(scene: Scene, client_for: Log) -> None:
    alert = actions.compose_alert(scene.chief, scene.draft())
    actions.override_alert(scene.chief, alert.pk, WHY)
    assert told(client_for(scene.chief)) == []
