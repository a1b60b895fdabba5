"""Live and exercise cannot be mixed up, and there is no warning without an area."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from tests.warning.conftest import FRESH, Scene
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.warning import actions, shapes
from tirek.warning.actions import Presence
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.models import Alert, Command, Endpoint, Plan
from tirek.warning.signing import centre_key
from tirek_protocols import cap
from tirek_protocols.command import Command as WireCommand
from tirek_protocols.command import Speech, Tone, decode_command


def sent(alert: Alert) -> Command:
    return alert.commands.get(action="play")


def decoded(command: Command) -> WireCommand:
    key = centre_key().public
    return decode_command(bytes(command.payload), {key.key_id: key})


def test_the_mode_is_part_of_the_name_of_the_message_and_of_the_command(scene: Scene) -> None:
    exercise, live = scene.issue("exercise"), scene.issue("live")
    assert exercise.identifier.startswith("EX-")
    assert not live.identifier.startswith("EX-")
    assert cap.parse(exercise.cap.encode()).alert.status == cap.Status.EXERCISE
    assert cap.parse(live.cap.encode()).alert.status == cap.Status.ACTUAL
    assert decoded(sent(exercise)).mode == "exercise"
    assert decoded(sent(live)).mode == "live"


def test_an_exercise_says_so_before_and_after(scene: Scene) -> None:
    audio = decoded(sent(scene.issue("exercise"))).audio
    words = [part.text for part in audio if isinstance(part, Speech)]
    assert [w for w in words if "Учение" in w] == [words[1], words[-1]]
    assert [w for w in words if "Оқу-жаттығу" in w] == [words[0], words[-2]]
    live = decoded(sent(scene.issue("live"))).audio
    assert isinstance(live[0], Tone)
    assert live[0].seconds == 60
    assert not any("чение" in part.text for part in live if isinstance(part, Speech))


def test_the_mode_of_a_draft_is_fixed(scene: Scene) -> None:
    alert = scene.compose("exercise")
    with pytest.raises(Refused, match="mode of an alert is fixed"):
        actions.revise_alert(scene.officer, alert.pk, scene.draft(mode="live"))


@pytest.mark.parametrize("mode", ["live", "exercise"])
def test_the_database_refuses_a_changed_mode(scene: Scene, mode: str) -> None:
    alert = scene.issue(mode)
    other = {"live": "exercise", "exercise": "live"}[mode]
    with pytest.raises(IntegrityError), transaction.atomic():
        Alert.objects.filter(pk=alert.pk).update(mode=other)


def test_no_mode_is_an_error(scene: Scene) -> None:
    with pytest.raises(Refused, match="live or exercise"):
        scene.compose("")


def test_a_sample_session_holds_exercises_only(scene: Scene) -> None:
    sample = Presence(fresh_factor=True, sample=True)
    Endpoint.objects.update(is_sample=True)
    with pytest.raises(Refused, match="only hold exercises"):
        actions.compose_alert(scene.officer, scene.draft(mode="live"), sample)
    assert actions.compose_alert(scene.officer, scene.draft(), sample).is_sample


@pytest.mark.parametrize(
    "geometry",
    [
        None, {}, "everywhere", [], {"type": "Polygon", "coordinates": []}, {"type": "Polygon"},
        {"type": "Point", "coordinates": [57, 50]}, {"type": "LineString", "coordinates": [[57, 50], [58, 50]]},
        {"type": "Polygon", "coordinates": [[[57, 50], [57, 50], [57, 50], [57, 50]]]},
        {"type": "Polygon", "coordinates": [[[-200, -95], [200, -95], [200, 95], [-200, 95], [-200, -95]]]},
        {"type": "GeometryCollection", "geometries": []},
        {"type": "Polygon", "coordinates": [[["a", 50], [58, 50], [58, 51], ["a", 50]]]},
    ],
)  # fmt: skip
def test_no_area_is_an_error_never_everywhere(db: None, geometry: object) -> None:
    with pytest.raises(Refused):
        shapes.drawn_shape(geometry)


@pytest.mark.parametrize("radius", [0, -1, 49, 100_001, float("nan"), float("inf")])
def test_a_radius_must_make_sense(db: None, radius: float) -> None:
    with pytest.raises(Refused):
        shapes.round_shape(50, 57, radius)


def test_an_area_in_which_nobody_sounds_is_refused(scene: Scene) -> None:
    with pytest.raises(Refused, match="nobody would hear"):
        scene.compose(shape=shapes.round_shape(50.5, 56.83, 60))


def test_an_area_that_lost_its_endpoints_before_issue_is_refused(scene: Scene, person: Callable[..., Person]) -> None:
    alert = scene.waiting("live")
    for endpoint in scene.near:
        actions.switch_endpoint(person("administrator"), endpoint.pk, on=False, why="repair")
    with pytest.raises(Refused, match="nobody would hear"):
        actions.confirm_alert(scene.second, alert.pk, FRESH, seen=fingerprint(alert))
    alert.refresh_from_db()
    assert alert.state == Alert.State.WAITING


def test_unfilled_slots_and_wrong_languages_are_refused(scene: Scene) -> None:
    texts = scene.draft().texts
    open_slot = texts | {"ru": texts["ru"] | {"description": "Место: {place}."}}
    alert = scene.compose(texts=open_slot)
    with pytest.raises(Refused, match="not filled in"):
        actions.send_for_confirmation(scene.officer, alert.pk)
    swapped = scene.compose(texts=texts | {"kk": texts["ru"]})
    with pytest.raises(Refused, match="does not look like that language"):
        actions.send_for_confirmation(scene.officer, swapped.pk)


def test_a_message_longer_than_the_rules_allow_is_refused(scene: Scene) -> None:
    texts = scene.draft().texts
    long = "Не выходите из помещения и ждите следующего сообщения. " * 20
    words = {"headline": "Опасность", "description": long, "instruction": long}
    alert = scene.compose(texts=texts | {"ru": words, "kk": texts["kk"]})
    alert.texts["kk"] |= {"description": "Үйден шықпаңыз, келесі хабарды күтіңіз, сабыр сақтаңыз. " * 20}
    alert.texts["kk"] |= {"instruction": "Үйден шықпаңыз, келесі хабарды күтіңіз, сабыр сақтаңыз. " * 20}
    alert.save()
    with pytest.raises(Refused, match="300 seconds"):
        actions.send_for_confirmation(scene.officer, alert.pk)


def test_shipped_plans_keep_to_the_rules(scene: Scene) -> None:
    for plan in Plan.objects.exclude(code__in=["all-clear", "cancelled"]):
        alert = scene.compose(**{"plan": plan.code})
        actions.send_for_confirmation(scene.officer, alert.pk)
