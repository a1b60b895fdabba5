"""The dispatcher against the real embedded broker: what is heard, what fails, what is silent, and everything killed once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone

from tests.warning.conftest import Scene
from tests.warning.machinery import Actors, Background, Broker, Running, in_background, publish, retained, until
from tests.warning.support import beat, report
from tirek.audit.models import Entry
from tirek.live.models import Event
from tirek.warning import actions
from tirek.warning.dispatcher import beats, outbox
from tirek.warning.models import Alert, Attempt, Command, Delivery, Endpoint, EndpointEvent
from tirek_protocols.command import topics

pytestmark = pytest.mark.django_db(transaction=True)


class Stage:
    """Broker, dispatcher and endpoints, all running."""

    def __init__(self, scene: Scene, background: Background, broker: Broker) -> None:
        self.scene, self.background, self.broker = scene, background, broker
        self.actors = Actors(broker.url, scene.near + scene.far)
        background.start(self.actors.run())
        until(self.actors.ready.is_set)
        self.start()

    def start(self) -> None:
        self.running = Running(self.background, self.broker.url)
        until(self.running.linked)

    def states(self, alert: Alert) -> dict[str, str]:
        return dict(alert.deliveries.values_list("endpoint__code", "state"))

    def all_are(self, alert: Alert, state: str) -> bool:
        return set(self.states(alert).values()) == {state}


@pytest.fixture
def stage(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    monkeypatch.setattr(outbox, "FIRST_TRY_AGAIN", timedelta(seconds=0.4))
    broker = Broker(tmp_path / "home")
    broker.start()
    with in_background() as background:
        stage = Stage(scene, background, broker)
        yield stage
        stage.running.stop()
    broker.kill()


def test_every_kind_of_answer_is_told_apart(stage: Stage) -> None:
    codes = [endpoint.code for endpoint in stage.scene.near]
    stage.actors.plan = dict(zip(codes, ("heard", "accepts", "fails", "mute", "silent"), strict=True))
    alert = stage.scene.issue("live")
    wanted = dict(zip(codes, ("heard", "accepted", "failed", "failed", "unknown"), strict=True))
    until(lambda: stage.states(alert) == wanted)
    reasons = dict(alert.deliveries.values_list("endpoint__code", "reason"))
    assert reasons[codes[2]] == "amplifier gives no current"
    assert reasons[codes[3]]
    assert {event.data["alert"] for event in Event.objects.filter(kind="deliveries.changed")} == {alert.pk}
    assert not any(stage.actors.heard[endpoint.code] for endpoint in stage.scene.far)


def test_the_silent_are_asked_again_and_only_they(stage: Stage) -> None:
    silent, *others = stage.scene.near
    stage.actors.plan = {silent.code: "late"}
    alert = stage.scene.issue("live")
    until(lambda: stage.all_are(alert, "heard"))
    attempts = dict(alert.deliveries.values_list("endpoint__code", "attempts"))
    assert attempts[silent.code] >= 2
    assert {attempts[endpoint.code] for endpoint in others} == {1}
    log = Attempt.objects.filter(delivery__alert=alert, delivery__endpoint=silent, what="sent")
    assert log.count() >= 2


def test_a_killed_broker_loses_nothing(stage: Stage) -> None:
    stage.broker.kill()
    alert = stage.scene.issue("live")
    until(lambda: not stage.running.linked())
    assert stage.all_are(alert, "pending")
    stage.broker.start()
    until(lambda: stage.all_are(alert, "heard"), 20)
    assert {len(stage.actors.heard[endpoint.code]) for endpoint in stage.scene.near} == {1}


def test_a_broker_that_forgot_everything_is_told_again(stage: Stage) -> None:
    stage.actors.plan = {endpoint.code: "silent" for endpoint in stage.scene.near}
    alert = stage.scene.issue("live")
    until(lambda: stage.all_are(alert, "unknown"))
    stage.broker.kill()
    stage.broker.start()
    until(stage.running.linked, 20)
    until(lambda: len(retained(stage.broker.url)) == 1)


def test_a_dispatcher_cut_off_anywhere_leaves_the_rest_to_the_next(stage: Stage) -> None:
    stage.running.cut_off()
    first = stage.scene.issue("live")
    stage.start()
    until(lambda: stage.all_are(first, "heard"))
    second = stage.scene.issue("exercise")
    stage.running.cut_off()
    third = stage.scene.issue("live")
    stage.start()
    for alert in (second, third):
        until(lambda a=alert: stage.all_are(a, "heard"), 15)
    played = [len(stage.actors.heard[endpoint.code]) for endpoint in stage.scene.near]
    assert played == [3] * len(stage.scene.near)


def test_reports_that_came_while_nobody_listened_are_not_lost(stage: Stage) -> None:
    endpoint = stage.scene.near[0]
    stage.actors.plan = {e.code: "silent" for e in stage.scene.near}
    alert = stage.scene.issue("live")
    until(lambda: stage.all_are(alert, "unknown"))
    stage.running.cut_off()
    nonce = alert.commands.get().nonce
    envelope = report(endpoint, nonce, alert.identifier, "sounding", 7, heard=True)
    publish(stage.broker.url, topics.report(endpoint.code), envelope)
    stage.start()
    until(lambda: stage.states(alert)[endpoint.code] == "heard")


def test_two_dispatchers_do_the_work_once(stage: Stage) -> None:
    other = Running(stage.background, stage.broker.url, "test-dispatcher-2")
    until(other.linked)
    alerts = [stage.scene.issue("exercise") for _ in range(3)]
    for alert in alerts:
        until(lambda a=alert: stage.all_are(a, "heard"))
    wanted = dict.fromkeys(("sent", "accepted", "sounding", "finished"), len(stage.scene.near) * len(alerts))
    lines = Attempt.objects.filter(delivery__alert__in=alerts)
    until(lambda: Counter(lines.values_list("what", flat=True)) == wanted)
    other.stop()


def test_replayed_and_forged_reports_change_nothing(stage: Stage) -> None:
    victim, forger = stage.scene.near[0], stage.scene.near[1]
    stage.actors.plan = {victim.code: "fails"}
    alert = stage.scene.issue("live")
    until(lambda: stage.states(alert)[victim.code] == "failed")
    nonce = alert.commands.get().nonce
    counted = stage.running.dispatcher.inbox.counted
    in_anothers_name = report(forger, nonce, alert.identifier, "sounding", 99, heard=True)
    replayed = report(victim, nonce, alert.identifier, "accepted", 1)
    for payload in (in_anothers_name, b"TRK1 rubbish", b"", replayed):
        publish(stage.broker.url, topics.report(victim.code), payload)
    until(lambda: counted["refused"] >= 3)
    until(lambda: counted["reports"] >= 2 + 3 * (len(stage.scene.near) - 1) + 1)
    assert stage.states(alert)[victim.code] == "failed"


def test_sound_that_nobody_commanded_is_visible_trouble(stage: Stage) -> None:
    endpoint = stage.scene.far[0]
    publish(stage.broker.url, topics.report(endpoint.code), report(endpoint, "", "", "sounding", 1, heard=True))
    publish(
        stage.broker.url, topics.report(endpoint.code), report(endpoint, "f" * 32, "KZ-1", "sounding", 2, heard=True)
    )
    until(lambda: EndpointEvent.objects.filter(what="uncommanded").count() == 2)
    endpoint.refresh_from_db()
    assert endpoint.state == Endpoint.State.FAULT
    assert Entry.objects.filter(verb="warning.sound_uncommanded").count() == 2
    assert Event.objects.filter(kind="endpoint.changed", data__uncommanded=[endpoint.pk]).exists()
    publish(stage.broker.url, topics.beat(endpoint.code), beat(endpoint, 1))
    until(lambda: Endpoint.objects.get(pk=endpoint.pk).beat_seq == 1)
    assert Endpoint.objects.get(pk=endpoint.pk).state == Endpoint.State.FAULT


def test_an_alert_called_off_is_taken_back_from_the_broker(stage: Stage) -> None:
    alert = stage.scene.issue("exercise")
    until(lambda: stage.all_are(alert, "heard"))
    assert retained(stage.broker.url) == [topics.command(alert.commands.get().nonce)]
    clear = actions.all_clear_alert(stage.scene.officer, alert.pk)
    until(lambda: stage.all_are(clear, "heard"))
    until(lambda: retained(stage.broker.url) == [topics.command(clear.commands.get().nonce)])


def test_time_that_runs_out_ends_the_alert_and_its_copies(stage: Stage) -> None:
    stage.actors.plan = {endpoint.code: "silent" for endpoint in stage.scene.near}
    alert = stage.scene.issue("live")
    until(lambda: stage.all_are(alert, "unknown"))
    Alert.objects.filter(pk=alert.pk).update(expires_at=timezone.now())
    until(lambda: stage.all_are(alert, "expired"))
    until(lambda: not retained(stage.broker.url))
    alert.refresh_from_db()
    assert alert.ending == Alert.Ending.EXPIRED


def test_a_repeat_is_a_command_of_its_own_and_replaces_the_copy(stage: Stage) -> None:
    alert = stage.scene.issue("live")
    until(lambda: stage.all_are(alert, "heard"))
    Alert.objects.filter(pk=alert.pk).update(next_repeat_at=timezone.now())
    until(lambda: alert.commands.count() == 2)
    second = alert.commands.get(round=2)
    until(lambda: retained(stage.broker.url) == [topics.command(second.nonce)])
    until(lambda: {len(stage.actors.heard[endpoint.code]) for endpoint in stage.scene.near} == {2})
    until(lambda: Attempt.objects.filter(delivery__alert=alert, what="finished").count() == 2 * len(stage.scene.near))
    assert alert.deliveries.count() == len(stage.scene.near)


def test_who_falls_silent_is_lost_within_ninety_seconds(stage: Stage) -> None:
    endpoint, other = stage.scene.near[:2]
    for one in (endpoint, other):
        publish(stage.broker.url, topics.beat(one.code), beat(one, 1))
    until(lambda: Endpoint.objects.filter(beat_seq=1).count() == 2)
    now = timezone.now()
    long_ago = now - timedelta(hours=1)
    Endpoint.objects.exclude(pk__in=[endpoint.pk, other.pk]).update(last_seen=now + timedelta(hours=1))
    Endpoint.objects.filter(pk=other.pk).update(last_seen=now + timedelta(seconds=60))
    assert beats.mark_lost(now + timedelta(seconds=60), long_ago) == 0
    assert beats.mark_lost(now + timedelta(seconds=80), long_ago) == 1
    # Our own link came up a moment ago: their silence may have been ours.
    assert beats.mark_lost(now + timedelta(seconds=300), now + timedelta(seconds=290)) == 0
    endpoint.refresh_from_db()
    assert endpoint.state == Endpoint.State.LOST
    assert beats.LOST_AFTER + timedelta(seconds=10) < timedelta(seconds=90)
    publish(stage.broker.url, topics.beat(endpoint.code), beat(endpoint, 2, faults=("amplifier is off",)))
    until(lambda: Endpoint.objects.get(pk=endpoint.pk).state == Endpoint.State.FAULT)
    publish(stage.broker.url, topics.beat(endpoint.code), beat(endpoint, 3))
    until(lambda: Endpoint.objects.get(pk=endpoint.pk).state == Endpoint.State.READY)
    publish(stage.broker.url, topics.beat(endpoint.code), beat(endpoint, 2, faults=("replayed",)))
    publish(stage.broker.url, topics.beat(endpoint.code), beat(endpoint, 4))
    until(lambda: Endpoint.objects.get(pk=endpoint.pk).beat_seq == 4)
    assert Endpoint.objects.get(pk=endpoint.pk).state == Endpoint.State.READY


def test_a_command_is_published_within_a_moment(stage: Stage) -> None:
    waits = []
    for _ in range(5):
        alert = stage.scene.issue("exercise")
        until(lambda a=alert: stage.all_are(a, "heard"))
        command = alert.commands.get()
        waits.append((command.published_at - command.created_at).total_seconds())
    assert sorted(waits)[2] < 1.0, waits


def test_work_is_stored_before_it_is_acknowledged(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dispatcher that dies between taking and storing leaves the report with the broker."""
    endpoint = stage.scene.near[0]
    stage.actors.plan = {e.code: "silent" for e in stage.scene.near}
    alert = stage.scene.issue("live")
    until(lambda: stage.all_are(alert, "unknown"))
    taken: list[Any] = []

    def dies(letters: list[Any]) -> None:
        taken.extend(letters)
        raise OperationalError("the database is away")

    monkeypatch.setattr(stage.running.dispatcher.inbox, "take", dies)
    nonce = alert.commands.get().nonce
    envelope = report(endpoint, nonce, alert.identifier, "sounding", 7, heard=True)
    publish(stage.broker.url, topics.report(endpoint.code), envelope)
    until(lambda: taken)
    stage.running.cut_off()
    stage.start()
    until(lambda: stage.states(alert)[endpoint.code] == "heard", 40)


def test_what_was_never_published_is_not_published_after_its_time(stage: Stage) -> None:
    stage.broker.kill()
    alert = stage.scene.issue("live")
    until(lambda: not stage.running.linked())
    actions.silence_alert(stage.scene.officer, alert.pk)
    until(lambda: Command.objects.get(alert=alert, action="play").cleared_at)
    stage.broker.start()
    until(lambda: Command.objects.get(alert=alert, action="silence").published_at, 20)
    assert Command.objects.get(alert=alert, action="play").published_at is None
    assert Delivery.objects.filter(alert=alert, state="expired").count() == len(stage.scene.near)
