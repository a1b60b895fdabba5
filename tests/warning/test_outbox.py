"""What goes out, and to whom, when things were not as they should be: breaks in texts, brokers that were away, old devices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.warning.conftest import FRESH, Scene
from tests.warning.support import beat
from tirek.accounts.models import Person
from tirek.warning import actions, reach, wording
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.actions.ending import expire_alert
from tirek.warning.actions.issuing import repeat
from tirek.warning.dispatcher import beats, outbox
from tirek.warning.dispatcher.inbox import Inbox, Letter
from tirek.warning.models import Alert, Command, Endpoint, PlanText
from tirek.warning.signing import centre_public_keys
from tirek_protocols.command import VerifyKey, decode_command, is_addressed, key_id, topics


def published(alert: Alert) -> None:
    Command.objects.filter(alert=alert).update(published_at=timezone.now())


def resent() -> set[tuple[int | None, str]]:
    return {(due.alert_id, due.action) for due in outbox.still_valid(timezone.now())}


class TestLineBreaks:
    def test_an_all_clear_is_given_though_its_plan_has_breaks_of_a_browser(self, scene: Scene) -> None:
        alert = scene.issue("live")
        PlanText.objects.filter(plan__code="all-clear").update(instruction="Выходите.\r\nПомогите соседям.\x0b\x07")
        end = actions.all_clear_alert(scene.officer, alert.pk, FRESH)
        assert end.texts["ru"]["instruction"] == "Выходите.\nПомогите соседям."
        assert end.state == Alert.State.ISSUED

    def test_a_plan_keeps_no_characters_that_cannot_be_said(self, scene: Scene) -> None:
        plan = scene.draft().plan
        words = {"headline": "Бір\r\nекі", "description": "Үйде болыңыз, әңгіме\x07 кейін.", "instruction": "Күтіңіз\r"}
        text = actions.change_plan_text(scene.chief, plan.pk, "kk", words)
        assert (text.headline, text.description, text.instruction) == (
            "Бір\nекі", "Үйде болыңыз, әңгіме кейін.", "Күтіңіз",
        )  # fmt: skip

    def test_a_break_is_said_as_a_pause_between_words(self) -> None:
        assert (
            wording.spoken({"headline": "One\r\ntwo", "description": "\x00", "instruction": "three!"})
            == "One two. three!"
        )


class TestBrokerThatWasAway:
    def test_what_was_called_off_meanwhile_is_not_sent_again(self, scene: Scene) -> None:
        alert = scene.issue("live")
        published(alert)
        assert (alert.pk, "play") in resent()
        end = actions.all_clear_alert(scene.officer, alert.pk, FRESH)
        published(end)
        assert resent() == {(end.pk, "play")}
        expire_alert(end.pk, timezone.now() + timedelta(hours=1), system="test")
        assert (alert.pk, "play") not in resent()

    def test_what_was_silenced_is_not_sent_again_but_its_silence_is(self, scene: Scene) -> None:
        alert = scene.issue("live")
        actions.silence_alert(scene.officer, alert.pk)
        published(alert)
        assert resent() == {(alert.pk, "silence")}

    def test_of_several_soundings_the_newest_is_sent_again(self, scene: Scene) -> None:
        alert = scene.issue("live")
        published(alert)
        repeat(Alert.objects.get(pk=alert.pk), timezone.now())
        assert len(outbox.still_valid(timezone.now())) == 1
        published(alert)
        rounds = Command.objects.filter(pk__in=[due.pk for due in outbox.still_valid(timezone.now())])
        assert list(rounds.values_list("round", flat=True)) == [2]


class TestOldDevices:
    def test_a_device_that_a_new_code_replaced_is_still_kept_apart(
        self, scene: Scene, person: Callable[..., Person]
    ) -> None:
        """It has the centre's key and its old cell, and obeys until somebody takes it down."""
        told = {endpoint.code: endpoint.cell for endpoint in scene.far}
        for endpoint in scene.far:
            actions.invite_endpoint(person("administrator"), endpoint.pk)
        # One moves, as is usual with a new code.
        moved = scene.far[0]
        lat, lon = scene.near[0].lat, scene.near[0].lon
        actions.change_endpoint(person("administrator"), moved.pk, {"lat": lat, "lon": lon})
        alert = scene.issue("exercise", radius=400)
        keys = {key_id(raw): VerifyKey.from_bytes(raw) for raw in centre_public_keys()}
        commands = [decode_command(bytes(row.payload), keys) for row in alert.commands.all()]
        for code, cell in told.items():
            assert not any(is_addressed(command, code, cell) for command in commands)

    def test_who_waits_for_its_device_is_not_commanded(self, scene: Scene, person: Callable[..., Person]) -> None:
        actions.invite_endpoint(person("administrator"), scene.near[0].pk)
        alert = scene.issue("exercise")
        assert scene.near[0].pk not in alert.deliveries.values_list("endpoint", flat=True)
        assert {spot.pk for spot in reach.everybody()} >= {scene.near[0].pk, -scene.near[0].pk}


class TestClocks:
    def sign(self, endpoint: Endpoint, seq: int, off_s: float) -> Endpoint:
        """Have a beat come whose clock is `off_s` ahead of ours."""
        at = timezone.now() - timedelta(seconds=off_s)
        Inbox().take([Letter(topics.beat(endpoint.code), beat(endpoint, seq), at)])
        endpoint.refresh_from_db()
        return endpoint

    @pytest.mark.parametrize("off_s", [60, 4000, -600])
    def test_a_clock_that_is_off_is_shown_as_a_fault_and_mends(self, scene: Scene, off_s: float) -> None:
        one = self.sign(scene.near[0], 1, off_s)
        assert one.state == Endpoint.State.FAULT
        assert "clock" in one.state_reason
        assert self.sign(one, 2, 0).state == Endpoint.State.READY

    @pytest.mark.parametrize("off_s", [3, -40])
    def test_what_may_be_the_way_of_the_beat_is_none(self, scene: Scene, off_s: float) -> None:
        assert self.sign(scene.near[0], 1, off_s).state == Endpoint.State.READY


def test_a_story_of_many_messages_goes_on(scene: Scene) -> None:
    """A command can name 64 messages that it replaces; the sixty-fifth correction must go out as well."""
    alert = scene.issue("exercise")
    for _number in range(66):
        alert = _corrected(scene, alert)
    assert actions.all_clear_alert(scene.officer, alert.pk, FRESH).state == Alert.State.ISSUED


def _corrected(scene: Scene, alert: Alert) -> Alert:
    mine = actions.correct_alert(scene.officer, alert.pk)
    actions.send_for_confirmation(scene.officer, mine.pk, FRESH)
    mine.refresh_from_db()
    return actions.confirm_alert(scene.second, mine.pk, FRESH, seen=fingerprint(mine))


def test_nobody_is_lost_while_the_database_was_away(scene: Scene) -> None:
    """`mark_lost` counts from when signs of life reach the database again."""
    now = timezone.now()
    Endpoint.objects.update(last_seen=now - timedelta(minutes=5))
    assert beats.mark_lost(now, now - timedelta(seconds=10)) == 0
    assert beats.mark_lost(now, now - timedelta(minutes=2)) == len(scene.near + scene.far)
