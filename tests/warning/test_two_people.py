"""Two people issue a warning, never one: every way round it is tried."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from tests.warning.conftest import FRESH, Scene
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.live.models import Event
from tirek.warning import actions
from tirek.warning.actions import Presence
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.actions.presence import FactorNeeded
from tirek.warning.models import Alert, Command


def test_a_second_person_issues(scene: Scene) -> None:
    alert = scene.issue("live")
    assert alert.state == Alert.State.ISSUED
    assert (alert.author, alert.confirmed_by) == (scene.officer, scene.second)
    assert alert.deliveries.count() == len(scene.near)


def test_the_author_cannot_confirm(scene: Scene) -> None:
    alert = scene.waiting("live")
    with pytest.raises(Refused, match="Another person"):
        actions.confirm_alert(scene.officer, alert.pk, FRESH, seen=fingerprint(alert))
    assert not Command.objects.exists()


def test_the_author_cannot_confirm_an_exercise_either(scene: Scene) -> None:
    alert = scene.waiting("exercise")
    with pytest.raises(Refused, match="Another person"):
        actions.confirm_alert(scene.officer, alert.pk, FRESH, seen=fingerprint(alert))


def test_the_database_refuses_an_author_who_confirms(scene: Scene) -> None:
    alert = scene.waiting("live")
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(confirmed_by=scene.officer)


def test_a_draft_cannot_be_confirmed(scene: Scene) -> None:
    alert = scene.compose("live")
    with pytest.raises(Refused):
        actions.confirm_alert(scene.second, alert.pk, FRESH, seen=fingerprint(alert))


def test_taking_over_a_correction_does_not_let_its_new_author_confirm(scene: Scene) -> None:
    issued = scene.issue("live")
    mine = actions.correct_alert(scene.second, issued.pk)
    actions.send_for_confirmation(scene.second, mine.pk, FRESH)
    mine.refresh_from_db()
    with pytest.raises(Refused, match="Another person"):
        actions.confirm_alert(scene.second, mine.pk, FRESH, seen=fingerprint(mine))


def test_nobody_takes_over_an_alert_that_waits(scene: Scene) -> None:
    issued = scene.issue("live")
    mine = actions.correct_alert(scene.officer, issued.pk)
    actions.send_for_confirmation(scene.officer, mine.pk, FRESH)
    with pytest.raises(Refused, match="waits for the second person"):
        actions.correct_alert(scene.second, issued.pk)
    assert Alert.objects.get(pk=mine.pk).author == scene.officer
    assert Alert.objects.filter(follows=issued).count() == 1


def test_only_the_author_changes_sends_and_takes_back(scene: Scene) -> None:
    alert = scene.compose("live")
    with pytest.raises(Refused, match="another person"):
        actions.revise_alert(scene.second, alert.pk, scene.draft(mode="live"))
    with pytest.raises(Refused, match="another person"):
        actions.send_for_confirmation(scene.second, alert.pk, FRESH)
    actions.send_for_confirmation(scene.officer, alert.pk, FRESH)
    with pytest.raises(Refused, match="Only the author"):
        actions.withdraw_alert(scene.second, alert.pk)


def test_what_changed_after_it_was_read_is_not_issued(scene: Scene) -> None:
    alert = scene.waiting("live")
    seen = fingerprint(alert)
    actions.withdraw_alert(scene.officer, alert.pk)
    actions.revise_alert(scene.officer, alert.pk, scene.draft(mode="live", radius=6000))
    actions.send_for_confirmation(scene.officer, alert.pk, FRESH)
    with pytest.raises(Refused, match="Something changed"):
        actions.confirm_alert(scene.second, alert.pk, FRESH, seen=seen)


def test_what_waited_too_long_is_not_issued(scene: Scene) -> None:
    alert = scene.waiting("live")
    assert alert.sent_at is not None
    Alert.objects.filter(pk=alert.pk).update(sent_at=alert.sent_at - timedelta(minutes=31))
    alert.refresh_from_db()
    with pytest.raises(Refused, match="waited too long"):
        actions.confirm_alert(scene.second, alert.pk, FRESH, seen=fingerprint(alert))


@pytest.mark.parametrize("presence", [Presence(), Presence(fresh_factor=True, sample=True)])
def test_live_asks_both_for_a_fresh_second_factor(scene: Scene, presence: Presence) -> None:
    alert = scene.compose("live")
    with pytest.raises(Refused):
        actions.send_for_confirmation(scene.officer, alert.pk, presence)
    actions.send_for_confirmation(scene.officer, alert.pk, FRESH)
    alert.refresh_from_db()
    with pytest.raises(Refused):
        actions.confirm_alert(scene.second, alert.pk, presence, seen=fingerprint(alert))
    assert not Command.objects.exists()


def test_an_exercise_asks_for_no_second_factor(scene: Scene) -> None:
    alert = scene.compose("exercise")
    actions.send_for_confirmation(scene.officer, alert.pk)
    alert.refresh_from_db()
    actions.confirm_alert(scene.second, alert.pk, seen=fingerprint(alert))


@pytest.mark.parametrize(
    "role", ["administrator", "inspector", "secretary", "analyst", "coordinator", "facility_contact", "overseer"]
)
def test_other_roles_can_neither_compose_nor_confirm(scene: Scene, person: Callable[..., Person], role: str) -> None:
    stranger = person(role)
    with pytest.raises(PermissionDenied):
        actions.compose_alert(stranger, scene.draft())
    alert = scene.waiting("live")
    with pytest.raises(PermissionDenied):
        actions.confirm_alert(stranger, alert.pk, FRESH, seen=fingerprint(alert))
    with pytest.raises(PermissionDenied):
        actions.override_alert(stranger, alert.pk, "nobody else is here now", FRESH)


def test_an_officer_of_another_district_can_neither_compose_nor_confirm(
    scene: Scene, person: Callable[..., Person]
) -> None:
    elsewhere = person("duty_officer", area=scene.province.districts[1])
    with pytest.raises(PermissionDenied):
        actions.compose_alert(elsewhere, scene.draft())
    alert = scene.waiting("live")
    with pytest.raises(PermissionDenied):
        actions.confirm_alert(elsewhere, alert.pk, FRESH, seen=fingerprint(alert))


def test_an_emergency_override_tells_every_chief_and_keeps_the_reason(scene: Scene) -> None:
    alert = scene.compose("live")
    with pytest.raises(Refused, match="few words"):
        actions.override_alert(scene.officer, alert.pk, "  no  ", FRESH)
    with pytest.raises(FactorNeeded):
        actions.override_alert(scene.officer, alert.pk, "shots are heard and nobody else is here")
    issued = actions.override_alert(scene.officer, alert.pk, "shots are heard and nobody else is here", FRESH)
    assert issued.state == Alert.State.ISSUED
    assert issued.confirmed_by is None
    assert issued.is_override
    entry = Entry.objects.get(verb="warning.override_alert")
    assert entry.why == "shots are heard and nobody else is here"
    assert Event.objects.filter(kind="alert.changed", data__override=True, data__id=issued.pk).exists()


def test_an_override_of_another_persons_alert_is_refused(scene: Scene) -> None:
    alert = scene.waiting("live")
    with pytest.raises(Refused, match="Only its author"):
        actions.override_alert(scene.second, alert.pk, "shots are heard and nobody else is here", FRESH)


def test_a_rejected_alert_cannot_be_issued(scene: Scene) -> None:
    alert = scene.waiting("live")
    with pytest.raises(Refused, match="Take it back"):
        actions.reject_alert(scene.officer, alert.pk, "mine")
    actions.reject_alert(scene.second, alert.pk, "The area is too large.")
    alert.refresh_from_db()
    with pytest.raises(actions.AlreadyDone):
        actions.confirm_alert(scene.chief, alert.pk, FRESH, seen=fingerprint(alert))
    with pytest.raises(actions.AlreadyDone):
        actions.override_alert(scene.officer, alert.pk, "it is needed all the same", FRESH)
