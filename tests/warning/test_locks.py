"""People and dispatchers at the same rows at once: PostgreSQL never finds them waiting for each other in a circle."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from tests.fixtures import make_person
from tests.warning.conftest import Scene
from tests.warning.support import beat, make_endpoints, report
from tests.warning.test_once import all_at_once
from tirek.audit.act import Refused
from tirek.warning import actions
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.dispatcher import beats, outbox
from tirek.warning.dispatcher.inbox import Inbox, Letter
from tirek.warning.models import Alert, Delivery, Endpoint
from tirek_protocols.command import topics

ROUNDS, MORE = 12, 30

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time"),
]


def published(alert: Alert) -> str:
    """Hand the alert's command over, as a dispatcher does. Returns its nonce."""
    now = timezone.now()
    outbox.mark_published(outbox.claim_due(now), now, now)
    return str(alert.commands.filter(action="play").latest("pk").nonce)


def letters(endpoints: list[Endpoint], alert: Alert, nonce: str, seq: int) -> list[Letter]:
    """What endpoints say of one alert, in no order: a report, a sign of life, and for some a sound that nobody commanded.

    The same words for the same endpoints and `seq`, in whichever thread: a run that failed can be had again.
    """
    now, made = timezone.now(), []
    chance = random.Random(f"{seq} {[endpoint.code for endpoint in endpoints]}")
    for endpoint in endpoints:
        answer = report(endpoint, nonce, alert.identifier, "sounding", seq, heard=True)
        made.append(Letter(topics.report(endpoint.code), answer, now))
        made.append(Letter(topics.beat(endpoint.code), beat(endpoint, seq), now))
        if chance.random() < 0.2:
            strange = report(endpoint, "", "", "sounding", seq + 1, heard=True)
            made.append(Letter(topics.report(endpoint.code), strange, now))
    chance.shuffle(made)
    return made


def crowd(scene: Scene) -> list[Endpoint]:
    hospital = scene.province.facilities[0]
    more = make_endpoints(hospital.area, hospital.lat, hospital.lon, MORE, spread_m=200, prefix="crowd")
    return scene.near + more


def test_reports_and_calling_off_meet_without_a_deadlock(scene: Scene) -> None:
    endpoints = crowd(scene)
    for number in range(ROUNDS):
        alert, seq = scene.issue("exercise"), 10 * number + 1
        nonce = published(alert)
        half = len(endpoints) // 2
        acts = [
            lambda a=alert: actions.cancel_alert(scene.chief, a.pk),
            *(
                lambda part=part, a=alert, n=nonce, s=seq: Inbox().take(letters(part, a, n, s))
                for part in (endpoints[:half], endpoints[half:], endpoints[5:-5])
            ),
            lambda: outbox.mark_published(outbox.claim_due(timezone.now()), timezone.now(), timezone.now()),
            lambda: beats.mark_lost(timezone.now() + timedelta(hours=1), timezone.now() - timedelta(hours=1)),
        ]
        results = all_at_once(acts)
        assert not [result for result in results if isinstance(result, Exception)], results
        alert.refresh_from_db()
        assert alert.ending == Alert.Ending.CANCELLED
        assert set(alert.deliveries.values_list("state", flat=True)) <= {Delivery.State.HEARD, Delivery.State.EXPIRED}


def test_a_correction_and_silence_meet_without_a_deadlock(scene: Scene) -> None:
    endpoints, administrator = crowd(scene), make_person("administrator")
    for number in range(ROUNDS):
        old, seq = scene.issue("exercise"), 10 * number + 1
        nonce = published(old)
        mine = actions.correct_alert(scene.officer, old.pk)
        actions.send_for_confirmation(scene.officer, mine.pk)
        mine.refresh_from_db()
        seen = fingerprint(mine)
        acts = [
            lambda m=mine, s=seen: actions.confirm_alert(scene.second, m.pk, seen=s),
            lambda o=old: actions.silence_alert(scene.officer, o.pk),
            lambda: actions.silence_all(scene.chief),
            lambda o=old, n=nonce, s=seq: Inbox().take(letters(endpoints, o, n, s)),
            lambda e=endpoints[number]: actions.test_endpoint(administrator, e.pk),
            lambda e=endpoints[-number - 1]: actions.test_endpoint(administrator, e.pk),
        ]
        results = all_at_once(acts)
        strange = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]
        assert not strange, results
        mine.refresh_from_db()
        assert mine.state == Alert.State.ISSUED
