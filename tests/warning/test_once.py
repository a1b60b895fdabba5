"""An alert is issued exactly once, whoever presses how often, on whatever database."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from tests.warning.conftest import FRESH, Scene
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.warning import actions
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.models import Alert, Command, Delivery

PRESSES = 8


def all_at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run every act in a thread of its own, all from the same moment. Returns results or exceptions."""
    gate, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(number: int) -> None:
        gate.wait()
        try:
            results[number] = acts[number]()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_double_clicks_and_two_confirmers_issue_once(scene: Scene) -> None:
    alert = scene.waiting("live")
    seen = fingerprint(alert)
    people = [scene.second, scene.chief] * (PRESSES // 2)
    results = all_at_once([lambda p=p: actions.confirm_alert(p, alert.pk, FRESH, seen=seen) for p in people])
    assert sum(isinstance(result, Alert) for result in results) == 1, results
    assert sum(isinstance(result, actions.AlreadyDone) for result in results) == PRESSES - 1, results
    assert Command.objects.count() == 1
    assert Delivery.objects.count() == len(scene.near)
    assert Entry.objects.filter(verb="warning.confirm_alert").count() == 1


@pytest.mark.django_db(transaction=True)
def test_confirming_and_overriding_at_once_issues_once(scene: Scene) -> None:
    alert = scene.waiting("live")
    seen = fingerprint(alert)
    acts = [
        lambda: actions.confirm_alert(scene.second, alert.pk, FRESH, seen=seen),
        lambda: actions.override_alert(scene.officer, alert.pk, "shots are heard, it cannot wait", FRESH),
    ]
    results = all_at_once(acts * 3)
    assert sum(isinstance(result, Alert) for result in results) == 1, results
    assert all(isinstance(result, (Alert, Refused)) for result in results), results
    assert Command.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_alerts_issued_at_once_get_different_numbers(scene: Scene) -> None:
    alerts = [scene.waiting("exercise") for _ in range(6)]
    acts = [lambda a=a: actions.confirm_alert(scene.second, a.pk, FRESH, seen=fingerprint(a)) for a in alerts]
    results = all_at_once(acts)
    assert all(isinstance(result, Alert) for result in results), results
    assert sorted(result.number for result in results) == [1, 2, 3, 4, 5, 6]


@pytest.mark.django_db(transaction=True)
def test_all_clear_and_cancel_at_once_end_once(scene: Scene) -> None:
    alert = scene.issue("live")
    results = all_at_once(
        [
            lambda: actions.all_clear_alert(scene.second, alert.pk, FRESH),
            lambda: actions.cancel_alert(scene.chief, alert.pk, FRESH),
        ]
    )
    assert sum(isinstance(result, Alert) for result in results) == 1, results
    assert Alert.objects.filter(follows=alert, state=Alert.State.ISSUED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_press_that_comes_twice_at_once_composes_once(scene: Scene) -> None:
    press = scene.draft(key="one press")
    results = all_at_once([lambda: actions.compose_alert(scene.officer, press)] * PRESSES)
    assert {result.pk for result in results} == {Alert.objects.get().pk}, results
    assert Entry.objects.filter(verb="warning.compose_alert").count() == 1
