"""The bell that wakes a dispatcher: a hint that comes after the commit, or not at all."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from django.db import transaction

from tests.warning.conftest import Scene
from tests.warning.machinery import Broker, Running, in_background, until
from tirek.warning import bell
from tirek.warning.models import Command

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(settings, tmp_path: Path):
    from tirek.config.home import Home

    settings.HOME = Home(tmp_path / "home").prepare()
    return settings.HOME


async def _rung(work, home) -> bool:
    rung = asyncio.Event()
    with bell.heard("listener", rung):
        await asyncio.to_thread(work)
        try:
            await asyncio.wait_for(rung.wait(), 0.5)
        except TimeoutError:
            return False
    return True


def _commit() -> None:
    with transaction.atomic():
        bell.ring()


def _roll_back() -> None:
    with transaction.atomic():
        bell.ring()
        transaction.set_rollback(True)


def test_it_rings_after_the_commit_and_only_then(home) -> None:
    assert asyncio.run(_rung(_commit, home))
    assert not asyncio.run(_rung(_roll_back, home))
    assert not list(home.data.glob("*.bell"))


def test_a_listener_that_was_killed_or_does_not_listen_keeps_nobody_waiting(home) -> None:
    left = bell._listen(home.data / "dead.bell")
    for _times in range(70_000):  # more than a pipe holds
        bell._ring()
    bell.os.close(left)
    bell._ring()
    assert asyncio.run(_rung(_commit, home))


def test_a_dispatcher_that_sleeps_long_is_woken_by_an_issue(scene: Scene, tmp_path: Path, home, monkeypatch) -> None:
    monkeypatch.setattr("tirek.warning.dispatcher.service.WAKE_S", 60.0)
    broker = Broker(tmp_path / "broker")
    broker.start()
    try:
        with in_background() as background:
            running = Running(background, broker.url, "test-bell")
            until(running.linked)
            until(lambda: list(home.data.glob("*.bell")))
            alert = scene.issue()
            until(lambda: not Command.objects.filter(alert=alert, published_at=None).exists(), 10)
            running.stop()
    finally:
        broker.kill()
