"""What follows an alert: one correction at a time, and none after the all-clear."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.warning.conftest import FRESH, Scene
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.live.models import Event
from tirek.warning import actions, rules, timeline
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.models import Alert
from tirek.warning.reasons import OVER, TOO_LATE
from tirek.warning.shapes import round_shape

Log = Callable[[Person], Client]
WHY = "shots are heard and nobody else is here"


def waiting_correction(scene: Scene, issued: Alert) -> Alert:
    mine = actions.correct_alert(scene.officer, issued.pk)
    return actions.send_for_confirmation(scene.officer, mine.pk, FRESH)


def test_a_correction_that_waits_is_set_aside_by_the_all_clear(scene: Scene) -> None:
    issued = scene.issue("live")
    mine = waiting_correction(scene, issued)
    seen = fingerprint(mine)
    clear = actions.all_clear_alert(scene.chief, issued.pk, FRESH)
    mine.refresh_from_db()
    assert (mine.state, mine.note) == (Alert.State.REJECTED, OVER)
    with pytest.raises(Refused):
        actions.confirm_alert(scene.second, mine.pk, FRESH, seen=seen)
    with pytest.raises(Refused):
        actions.override_alert(scene.officer, mine.pk, WHY, FRESH)
    clear.refresh_from_db()
    assert clear.state == Alert.State.ISSUED
    entry = Entry.objects.get(verb="warning.reject_alert")
    assert (entry.object_id, entry.actor) == (str(mine.pk), "system:warning")
    assert Event.objects.filter(kind="alert.changed", data__id=mine.pk).count() >= 3


def test_a_correction_that_waits_outlives_the_time_of_its_warning(scene: Scene) -> None:
    """A correction is how a warning is made to last longer, so it often waits as the time runs out.

    Time that runs out ends the warning, not the danger: to reject the correction then would leave nothing sounding.
    """
    issued = scene.issue("live")
    mine = waiting_correction(scene, issued)
    assert issued.expires_at is not None
    actions.expire_alert(issued.pk, issued.expires_at, system="dispatcher")
    Alert.objects.filter(pk=issued.pk).update(ended_at=timezone.now())
    mine.refresh_from_db()
    assert mine.state == Alert.State.WAITING
    update = actions.confirm_alert(scene.second, mine.pk, FRESH, seen=fingerprint(mine))
    issued.refresh_from_db()
    assert (update.state, update.deliveries.count()) == (Alert.State.ISSUED, issued.deliveries.count())
    assert (issued.state, issued.ending) == (Alert.State.ENDED, Alert.Ending.EXPIRED)
    with pytest.raises(actions.AlreadyDone):
        actions.all_clear_alert(scene.chief, issued.pk, FRESH)
    assert actions.all_clear_alert(scene.chief, update.pk, FRESH).state == Alert.State.ISSUED


def test_a_correction_that_waits_beyond_the_time_is_set_aside_by_the_late_all_clear(scene: Scene) -> None:
    issued = scene.issue("live")
    mine = waiting_correction(scene, issued)
    assert issued.expires_at is not None
    actions.expire_alert(issued.pk, issued.expires_at, system="dispatcher")
    Alert.objects.filter(pk=issued.pk).update(ended_at=timezone.now())
    mine.refresh_from_db()
    assert mine.state == Alert.State.WAITING
    actions.all_clear_alert(scene.chief, issued.pk, FRESH)
    mine.refresh_from_db()
    assert (mine.state, mine.note) == (Alert.State.REJECTED, OVER)
    with pytest.raises(Refused):
        actions.confirm_alert(scene.second, mine.pk, FRESH, seen=fingerprint(mine))


def test_a_warning_whose_time_ran_out_can_be_corrected_within_a_day(scene: Scene, client_for: Log) -> None:
    old, late = expired(scene, "exercise"), expired(scene, "exercise")
    officer, correct = client_for(scene.officer), reverse("warning:correct", args=[old.pk])
    assert correct in officer.get(reverse("warning:alert", args=[old.pk])).content.decode()
    mine = waiting_correction(scene, old)
    assert actions.confirm_alert(scene.second, mine.pk, seen=fingerprint(mine)).state == Alert.State.ISSUED
    draft = actions.correct_alert(scene.officer, late.pk)
    Alert.objects.filter(pk=late.pk).update(ended_at=timezone.now() - rules.CALL_OFF_WITHIN - timedelta(seconds=1))
    with pytest.raises(Refused, match="has ended"):
        actions.send_for_confirmation(scene.officer, draft.pk)
    with pytest.raises(Refused, match="has ended"):
        actions.correct_alert(scene.officer, late.pk)


@pytest.mark.parametrize("state", [Alert.State.DRAFT, Alert.State.WAITING])
def test_nothing_is_issued_after_what_it_follows_has_ended(scene: Scene, state: str) -> None:
    """Also when a row was left over by an older Tirek, which set nothing aside."""
    issued = scene.issue("live")
    mine = waiting_correction(scene, issued)
    actions.all_clear_alert(scene.chief, issued.pk, FRESH)
    Alert.objects.filter(pk=mine.pk).update(state=state)
    mine.refresh_from_db()
    with pytest.raises(Refused):
        actions.confirm_alert(scene.second, mine.pk, FRESH, seen=fingerprint(mine))
    with pytest.raises(Refused, match="has ended"):
        actions.override_alert(scene.officer, mine.pk, WHY, FRESH)
    if state == Alert.State.DRAFT:
        with pytest.raises(Refused, match="has ended"):
            actions.send_for_confirmation(scene.officer, mine.pk, FRESH)
    mine.refresh_from_db()
    assert mine.number is None


def test_two_corrections_cannot_both_be_issued(scene: Scene) -> None:
    issued = scene.issue("live")
    mine = waiting_correction(scene, issued)
    with pytest.raises(Refused, match="waits for the second person"):
        actions.correct_alert(scene.second, issued.pk)
    # An older Tirek let a second one be prepared and sent.
    mine.pk, mine.identifier, mine.author = None, "draft-second", scene.chief
    mine.save()
    first = issued.followed_by.get(author=scene.officer)
    actions.confirm_alert(scene.second, first.pk, FRESH, seen=fingerprint(first))
    mine.refresh_from_db()
    assert mine.state == Alert.State.REJECTED
    assert issued.followed_by.filter(state=Alert.State.ISSUED).count() == 1


def test_a_correction_that_waited_too_long_does_not_bar_the_next(scene: Scene) -> None:
    issued = scene.issue("live")
    mine = waiting_correction(scene, issued)
    Alert.objects.filter(pk=mine.pk).update(sent_at=timezone.now() - rules.CONFIRM_WITHIN - timedelta(seconds=1))
    other = actions.correct_alert(scene.second, issued.pk)
    mine.refresh_from_db()
    assert other.pk != mine.pk
    assert (mine.state, mine.note) == (Alert.State.REJECTED, TOO_LATE)


def test_taking_back_beside_another_draft_is_a_refusal_and_no_error(scene: Scene, client_for: Log) -> None:
    issued = scene.issue("exercise")
    mine = waiting_correction(scene, issued)
    # As an older Tirek left it: a second draft beside the one that waits.
    other = Alert.objects.get(pk=mine.pk)
    other.pk, other.identifier, other.state, other.author = None, "EX-draft-second", Alert.State.DRAFT, scene.second
    other.save()
    with pytest.raises(Refused, match="Another correction"):
        actions.withdraw_alert(scene.officer, mine.pk)
    answer = client_for(scene.officer).post(reverse("warning:withdraw", args=[mine.pk]))
    assert answer.status_code == 302
    with pytest.raises(Refused, match="Another correction"):
        actions.send_for_confirmation(scene.second, other.pk)


def test_the_author_reads_why_and_the_time_line_has_it(scene: Scene, client_for: Log) -> None:
    issued = scene.issue("exercise")
    mine = waiting_correction(scene, issued)
    actions.all_clear_alert(scene.chief, issued.pk)
    page = client_for(scene.officer).get(reverse("warning:alert", args=[mine.pk])).content.decode()
    assert OVER in page
    issued.refresh_from_db()
    lines = [line.text for line in timeline.of(scene.officer, issued).lines]
    assert f"A correction was rejected: {OVER}" in lines


def expired(scene: Scene, mode: str = "live") -> Alert:
    alert = scene.issue(mode)
    assert alert.expires_at is not None
    actions.expire_alert(alert.pk, alert.expires_at, system="dispatcher")
    Alert.objects.filter(pk=alert.pk).update(ended_at=timezone.now() - timedelta(minutes=5))
    alert.refresh_from_db()
    return alert


@pytest.mark.parametrize("act", [actions.all_clear_alert, actions.cancel_alert])
def test_the_all_clear_can_be_given_after_time_ran_out(scene: Scene, act: Callable[..., Alert]) -> None:
    old = expired(scene)
    new = act(scene.chief, old.pk, FRESH)
    old.refresh_from_db()
    assert (old.state, old.ending) == (Alert.State.ENDED, Alert.Ending.EXPIRED)
    assert new.state == Alert.State.ISSUED
    assert new.deliveries.count() == old.deliveries.count()
    assert old.identifier in new.cap
    with pytest.raises(actions.AlreadyDone):
        act(scene.chief, old.pk, FRESH)
    with pytest.raises(Refused, match="has ended"):
        actions.correct_alert(scene.officer, old.pk)


def test_the_all_clear_cannot_be_given_a_day_later_nor_after_another_ending(scene: Scene) -> None:
    late, corrected = expired(scene), scene.issue("live")
    Alert.objects.filter(pk=late.pk).update(ended_at=timezone.now() - rules.CALL_OFF_WITHIN - timedelta(seconds=1))
    update = waiting_correction(scene, corrected)
    actions.confirm_alert(scene.second, update.pk, FRESH, seen=fingerprint(update))
    for old in (late, corrected):
        with pytest.raises(actions.AlreadyDone):
            actions.all_clear_alert(scene.chief, old.pk, FRESH)


def test_pages_offer_the_all_clear_until_it_is_given(scene: Scene, client_for: Log) -> None:
    old = expired(scene, "exercise")
    officer, page, end = client_for(scene.officer), reverse("warning:alert", args=[old.pk]), "Call it off"
    assert end in officer.get(page).content.decode()
    listed = officer.get(reverse("warning:alerts")).content.decode()
    assert "Time ran out, no all-clear was given" in listed
    assert "Silence all" not in listed
    officer.post(reverse("warning:all_clear", args=[old.pk]), {"how": "all_clear"})
    assert end not in officer.get(page).content.decode()
    assert "Time ran out, no all-clear was given" not in officer.get(reverse("warning:alerts")).content.decode()


LEFT_OPEN = "Time ran out, no all-clear was given"


@pytest.mark.parametrize("act", [actions.all_clear_alert, actions.cancel_alert])
def test_the_late_all_clear_waits_for_a_newer_warning_of_the_same_place(
    scene: Scene, client_for: Log, act: Callable[..., Alert]
) -> None:
    """People who hear "the danger is over" beside a warning that is valid would believe it."""
    old, chief = expired(scene), client_for(scene.chief)
    newer = scene.issue("live", shape=round_shape(50.5, 56.81, 3000))
    with pytest.raises(Refused, match=newer.identifier):
        act(scene.chief, old.pk, FRESH)
    assert LEFT_OPEN not in chief.get(reverse("warning:alerts")).content.decode()
    act(scene.chief, newer.pk, FRESH)
    assert LEFT_OPEN in chief.get(reverse("warning:alerts")).content.decode()
    assert act(scene.chief, old.pk, FRESH).state == Alert.State.ISSUED


def test_the_late_all_clear_is_given_beside_an_exercise_and_beside_a_warning_elsewhere(
    scene: Scene, client_for: Log
) -> None:
    old = expired(scene)
    far = scene.far[0]
    scene.issue("exercise")
    elsewhere = scene.issue("live", shape=round_shape(far.lat, far.lon, 300))
    assert not set(elsewhere.deliveries.values_list("endpoint")) & set(old.deliveries.values_list("endpoint"))
    assert LEFT_OPEN in client_for(scene.chief).get(reverse("warning:alerts")).content.decode()
    assert actions.all_clear_alert(scene.chief, old.pk, FRESH).state == Alert.State.ISSUED
