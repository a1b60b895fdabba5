"""What the second person was shown is what sounds: a plan that changes meanwhile changes nothing."""

from __future__ import annotations

import io
import wave
from collections.abc import Callable

import numpy as np
import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.warning.conftest import FRESH, Scene
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.warning import actions, sound
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.actions.issuing import repeat
from tirek.warning.models import Alert, Command, Endpoint, Plan
from tirek.warning.signing import centre_key
from tirek_protocols.command import Clip, Speech, Tone, decode_command, key_id


def recorded(hertz: int) -> bytes:
    """A second of a tone as a WAV file."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16000)
        file.writeframes((8000 * np.sin(2 * np.pi * hertz * np.arange(16000) / 16000)).astype("<i2").tobytes())
    return out.getvalue()


def record(scene: Scene, hertz: int, language: str = "kk") -> str:
    """Give the plan a recording; its hash."""
    plan = Plan.objects.get(code="shelter")
    return actions.upload_clip(scene.chief, plan.pk, language, recorded(hertz)).clip_sha256


def commanded(alert: Alert) -> list[tuple[object, ...]]:
    """What each command of the alert tells endpoints to play, in the order of the commands."""
    key = centre_key().public
    rows = Command.objects.filter(alert=alert, action="play").order_by("pk")
    return [decode_command(bytes(row.payload), {key_id(key.bytes): key}).audio for row in rows]


def clips(parts: tuple[object, ...]) -> list[str]:
    return [part.sha256 for part in parts if isinstance(part, Clip)]


def test_a_recording_that_comes_while_it_waits_is_not_played(scene: Scene) -> None:
    first = record(scene, 400)
    alert = scene.waiting("live")
    seen = fingerprint(alert)
    record(scene, 900)
    alert.refresh_from_db()
    assert fingerprint(alert) == seen
    issued = actions.confirm_alert(scene.second, alert.pk, FRESH, seen=seen)
    assert [clips(parts) for parts in commanded(issued)] == [[first]]


def test_a_recording_that_comes_while_it_sounds_is_not_played(scene: Scene) -> None:
    first = record(scene, 400)
    alert = scene.issue("live")
    record(scene, 900)
    actions.remove_clip(scene.chief, alert.plan_id, "kk")
    repeat(Alert.objects.get(pk=alert.pk), timezone.now())
    assert [clips(parts) for parts in commanded(alert)] == [[first], [first]]


def test_tone_and_repeats_are_kept_too(scene: Scene) -> None:
    alert = scene.waiting("live")
    Plan.objects.filter(pk=alert.plan_id).update(tone="test", tone_s=5, repeats_per_hour=0)
    alert.refresh_from_db()
    issued = actions.confirm_alert(scene.second, alert.pk, FRESH, seen=fingerprint(alert))
    assert issued.next_repeat_at is not None
    assert [[p.name for p in parts if isinstance(p, Tone)] for parts in commanded(issued)] == [["attention"]]


def test_what_was_sent_before_sounds_were_kept_is_not_issued_after_a_change(scene: Scene) -> None:
    alert = scene.waiting("live")
    Alert.objects.filter(pk=alert.pk).update(sound={})
    alert.refresh_from_db()
    seen = fingerprint(alert)
    record(scene, 900)
    with pytest.raises(Refused, match="Something changed"):
        actions.confirm_alert(scene.second, alert.pk, FRESH, seen=seen)


def test_taken_back_it_follows_its_plan_again(scene: Scene) -> None:
    record(scene, 400)
    alert = scene.waiting("live")
    newer = record(scene, 900)
    actions.withdraw_alert(scene.officer, alert.pk)
    alert = actions.send_for_confirmation(scene.officer, alert.pk, FRESH)
    assert clips(sound.parts_of(alert)) == [newer]


def test_an_all_clear_keeps_what_it_says(scene: Scene) -> None:
    end = actions.all_clear_alert(scene.officer, scene.issue("live").pk, FRESH)
    assert [type(part) for part in sound.parts_of(end)] == [type(part) for part in commanded(end)[0]]
    assert any(isinstance(part, Speech) for part in sound.parts_of(end))
    assert Alert.objects.get(pk=end.pk).sound["audio"]


def test_a_prepared_correction_keeps_nothing_before_it_is_sent(scene: Scene) -> None:
    assert scene.issue("live").followed_by.get(state=Alert.State.DRAFT).sound == {}


def test_devices_get_a_recording_that_an_alert_names_and_its_plan_has_no_more(scene: Scene) -> None:
    first = record(scene, 400)
    scene.issue("live")
    second = record(scene, 900)
    client = Client()
    listed = {clip["sha256"] for clip in client.get(reverse("agent:clips")).json()["clips"]}
    assert listed == {first, second}
    assert b"".join(client.get(reverse("agent:clip", args=[first])).streaming_content) == recorded(400)


@pytest.mark.parametrize("name", ["0" * 64, "..%2Fsecret", "x"])
def test_no_other_file_can_be_had(scene: Scene, name: str) -> None:
    assert sound.recording(name) is None


class TestSamplePeople:
    def test_they_cannot_change_what_real_warnings_say(self, scene: Scene, person: Callable[..., Person]) -> None:
        chief = person("chief", is_sample=True)
        plan = Plan.objects.get(code="shelter")
        words = dict.fromkeys(("headline", "description", "instruction"), "Hacked")
        for act in (
            lambda: actions.change_plan(chief, plan.pk, {"is_active": False}),
            lambda: actions.change_plan_text(chief, plan.pk, "ru", words),
            lambda: actions.upload_clip(chief, plan.pk, "ru", recorded(400)),
            lambda: actions.remove_clip(chief, plan.pk, "ru"),
        ):
            with pytest.raises(Refused, match="Sample people cannot change plans"):
                act()

    def test_their_exercise_sounds_from_sample_loudspeakers_only(
        self, scene: Scene, person: Callable[..., Person]
    ) -> None:
        one, two = person("duty_officer", is_sample=True), person("duty_officer", is_sample=True)
        Endpoint.objects.filter(pk=scene.near[0].pk).update(is_sample=True)
        played = actions.Presence(sample=True)
        alert = actions.compose_alert(one, scene.draft(), played)
        actions.send_for_confirmation(one, alert.pk, played)
        alert.refresh_from_db()
        issued = actions.confirm_alert(two, alert.pk, played, seen=fingerprint(alert))
        assert list(issued.deliveries.values_list("endpoint", flat=True)) == [scene.near[0].pk]

    def test_where_only_real_ones_stand_nobody_would_hear(self, scene: Scene, person: Callable[..., Person]) -> None:
        with pytest.raises(Refused, match="nobody would hear"):
            actions.compose_alert(person("duty_officer", is_sample=True), scene.draft(), actions.Presence(sample=True))
