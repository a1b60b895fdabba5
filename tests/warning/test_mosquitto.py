"""A broker of the operator's: the same dispatcher and the same agents speak to Mosquitto."""

from __future__ import annotations

import asyncio
import os

import pytest

from tests.warning.conftest import Scene
from tests.warning.machinery import Running, in_background, until
from tests.warning.support import KEYS
from tirek.warning.models import Plan
from tirek.warning.signing import centre_public_keys
from tirek_agent.fleet import EndpointSpec, Fleet


@pytest.mark.mosquitto
@pytest.mark.django_db(transaction=True)
def test_the_way_over_mosquitto(scene: Scene, tmp_path) -> None:
    url = os.environ.get("TEST_MOSQUITTO_URL")
    if not url:
        pytest.skip("TEST_MOSQUITTO_URL is not set")
    Plan.objects.filter(code="test").update(tone="test", tone_s=2)
    specs = [
        EndpointSpec(
            endpoint.code,
            KEYS[endpoint.code].bytes,
            endpoint.cell,
            round(endpoint.enrolled_at.timestamp() * 1000),
            centre_public_keys(),
        )
        for endpoint in scene.near
        if endpoint.enrolled_at
    ]
    with in_background() as background:
        running = Running(background, url, "test-mosquitto")
        until(running.linked)
        fleet, stop = Fleet(specs, url, home=tmp_path / "fleet", beat_s=1.0), asyncio.Event()
        done = background.start(fleet.run(stop))
        until(lambda: fleet.connected() == len(specs), 20)
        alert = scene.issue("exercise", plan="test")
        until(lambda: alert.deliveries.filter(state="heard").count() == len(specs), 30)
        running.stop()
        background.loop.call_soon_threadsafe(stop.set)
        done.result(20)
    assert all(len(fleet.history(endpoint.code)) == 1 for endpoint in scene.near)
