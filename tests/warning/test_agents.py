"""The whole way with the real agent: signed command, sound, proof, and what goes wrong on the way."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fixtures import make_person
from tests.warning.conftest import Scene
from tests.warning.machinery import Broker, Running, in_background, until
from tests.warning.support import KEYS
from tirek.warning import actions
from tirek.warning.dispatcher import outbox
from tirek.warning.models import EndpointEvent, Plan
from tirek.warning.signing import centre_public_keys
from tirek_agent.faults import Faults
from tirek_agent.fleet import EndpointSpec, Fleet


@pytest.mark.django_db(transaction=True)
def test_real_agents_sound_prove_and_fail(scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "FIRST_TRY_AGAIN", timedelta(seconds=0.5))
    Plan.objects.filter(code="test").update(tone="test", tone_s=2)
    healthy, mute, dead, flaky, quiet = scene.near
    faults = {
        mute.code: Faults(muted=True),
        dead.code: Faults(dead=True),
        flaky.code: Faults(drop_every_s=1.0, drop_for_s=0.5),
        quiet.code: Faults(gain_db=-60.0),
    }
    specs = [
        EndpointSpec(
            endpoint.code, KEYS[endpoint.code].bytes, endpoint.cell, round(endpoint.enrolled_at.timestamp() * 1000),
            centre_public_keys(), faults=faults.get(endpoint.code, Faults()),
        )
        for endpoint in scene.near + scene.far
        if endpoint.enrolled_at
    ]  # fmt: skip
    broker = Broker(tmp_path / "home")
    broker.start()
    with in_background() as background:
        running = Running(background, broker.url)
        until(running.linked)
        fleet = Fleet(specs, broker.url, home=tmp_path / "fleet", beat_s=1.0)
        stop = asyncio.Event()
        done = background.start(fleet.run(stop))
        until(lambda: fleet.connected() >= len(specs) - 2, 20)
        silent = actions.test_endpoint(make_person("administrator"), healthy.pk)
        until(lambda: EndpointEvent.objects.filter(what="test_passed", command=silent.nonce).exists())
        alert = scene.issue("exercise", plan="test")

        def states() -> dict[str, str]:
            return dict(alert.deliveries.values_list("endpoint__code", "state"))

        wanted = dict.fromkeys((healthy.code, flaky.code), "heard") | dict.fromkeys((mute.code, quiet.code), "failed")
        until(lambda: states() == wanted | {dead.code: "unknown"}, 30)
        until(lambda: alert.deliveries.get(endpoint=dead).attempts > 1, 30)
        actions.silence_all(scene.officer)
        until(lambda: alert.commands.filter(cleared_at=None).count() == 0, 10)
        running.stop()
        background.loop.call_soon_threadsafe(stop.set)
        done.result(20)
        nonce = alert.commands.get(action="play").nonce
        for endpoint in (healthy, mute, flaky, quiet):
            assert [sounding.command for sounding in fleet.history(endpoint.code)].count(nonce) == 1
        assert all(not fleet.history(endpoint.code) for endpoint in scene.far)
    broker.kill()
