"""The bar of sample roles needs no password: it reaches neither live warnings nor real loudspeakers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.warning.conftest import Scene
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.warning import actions
from tirek.warning.models import Alert, Endpoint

Log = Callable[[Person], Client]


@pytest.fixture
def visitor(person: Callable[..., Person]) -> Person:
    return person("duty_officer", is_sample=True)


@pytest.fixture
def sample_admin(person: Callable[..., Person]) -> Person:
    return person("administrator", is_sample=True)


def test_a_sample_person_cannot_stop_reject_or_take_over_a_live_warning(scene: Scene, visitor: Person) -> None:
    sounding, waiting = scene.issue("live"), scene.waiting("live")
    with pytest.raises(Refused, match="only hold exercises"):
        actions.silence_alert(visitor, sounding.pk)
    with pytest.raises(Refused, match="only hold exercises"):
        actions.reject_alert(visitor, waiting.pk, "for fun")
    with pytest.raises(Refused, match="only hold exercises"):
        actions.correct_alert(visitor, sounding.pk)
    sounding.refresh_from_db()
    waiting.refresh_from_db()
    assert sounding.silenced_at is None
    assert waiting.state == Alert.State.WAITING
    assert sounding.followed_by.get().author == scene.officer


def test_a_sample_person_may_do_so_in_an_exercise(scene: Scene, visitor: Person) -> None:
    assert actions.silence_alert(visitor, scene.issue("exercise").pk).silenced_at
    assert actions.reject_alert(visitor, scene.waiting("exercise").pk, "too wide").state == Alert.State.REJECTED
    assert actions.correct_alert(visitor, scene.issue("exercise").pk).author == visitor


def test_a_sample_person_cannot_touch_a_real_loudspeaker(scene: Scene, sample_admin: Person) -> None:
    real, sample = scene.near[:2]
    Endpoint.objects.filter(pk=sample.pk).update(is_sample=True)
    for act in (
        lambda pk: actions.switch_endpoint(sample_admin, pk, on=False),
        lambda pk: actions.test_endpoint(sample_admin, pk),
        lambda pk: actions.change_endpoint(sample_admin, pk, {"name": "mine"}),
        lambda pk: actions.invite_endpoint(sample_admin, pk),
    ):
        with pytest.raises(Refused, match="sample loudspeakers"):
            act(real.pk)
    actions.test_endpoint(sample_admin, sample.pk)
    actions.switch_endpoint(sample_admin, sample.pk, on=False)
    real.refresh_from_db()
    assert (real.state, real.name) == (Endpoint.State.READY, f"Loudspeaker {real.code}")


def test_what_a_sample_person_puts_up_is_sample(scene: Scene, sample_admin: Person) -> None:
    hospital = scene.province.facilities[0]
    fields = {"code": "new-1", "name": "New", "facility": hospital, "area": hospital.area, "lat": 50.5, "lon": 56.8}
    assert actions.add_endpoint(sample_admin, fields).is_sample


def test_one_warning_is_silenced_on_its_page_and_others_sound_on(scene: Scene, client_for: Log) -> None:
    exercise, live = scene.issue("exercise"), scene.issue("live")
    officer, silence = client_for(scene.officer), reverse("warning:silence", args=[exercise.pk])
    page = reverse("warning:alert", args=[exercise.pk])
    assert silence in officer.get(page).content.decode()
    officer.post(silence)
    exercise.refresh_from_db()
    live.refresh_from_db()
    assert (exercise.silenced_at is not None, live.silenced_at) == (True, None)
    assert silence not in officer.get(page).content.decode()
