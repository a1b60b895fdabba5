"""A device becomes an endpoint with a code that works once; nobody guesses one."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.warning.conftest import Scene
from tests.warning.support import KEYS, report
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.warning import actions, enrolment
from tirek.warning.dispatcher.inbox import Inbox, Letter
from tirek.warning.models import Endpoint
from tirek_protocols.command import SigningKey, VerifyKey, topics

KEY = SigningKey.generate()


@pytest.fixture(autouse=True)
def _no_tries_yet() -> None:
    cache.clear()


def ask(code: str, **changes: Any) -> Any:
    body = {"code": code, "public_key": KEY.public.bytes.hex(), "name": "hall", "version": "1.0"} | changes
    return Client().post("/api/agent/enrol", json.dumps(body), content_type="application/json")


@pytest.fixture
def invited(scene: Scene, person: Callable[..., Person]) -> tuple[Endpoint, str]:
    return actions.invite_endpoint(person("administrator"), scene.near[0].pk)


def test_a_code_makes_a_device_an_endpoint_once(invited: tuple[Endpoint, str]) -> None:
    endpoint, code = invited
    told = ask(code.lower().replace("-", " ")).json()
    assert told["endpoint"] == endpoint.code
    assert told["cell"] == endpoint.cell
    assert VerifyKey.from_bytes(bytes.fromhex(told["centre_keys"][0]))
    assert told["mqtt"]["url"].startswith("mqtt://")
    assert "@" not in told["mqtt"]["url"]
    endpoint.refresh_from_db()
    assert bytes(endpoint.public_key) == KEY.public.bytes
    assert endpoint.state == Endpoint.State.READY
    assert told["enrolled_at"] == round(endpoint.enrolled_at.timestamp() * 1000)
    assert ask(code).status_code == 409


def test_only_the_hash_of_a_code_is_kept(invited: tuple[Endpoint, str]) -> None:
    endpoint, code = invited
    endpoint.refresh_from_db()
    assert code not in (endpoint.code_hash, endpoint.code)
    assert endpoint.code_hash == enrolment.hash_of(code)


def test_an_old_code_is_refused(invited: tuple[Endpoint, str]) -> None:
    endpoint, code = invited
    Endpoint.objects.filter(pk=endpoint.pk).update(code_until=timezone.now() - timedelta(seconds=1))
    assert ask(code).status_code == 409


@pytest.mark.parametrize("code", ["", " ", "AAAA-AAAA-AAAA-AAAA"])
def test_a_wrong_code_is_refused(scene: Scene, code: str) -> None:
    assert ask(code).status_code == 409


@pytest.mark.parametrize("key", ["", "zz", "00" * 31, "00" * 33])
def test_a_key_must_be_a_key(invited: tuple[Endpoint, str], key: str) -> None:
    assert ask(invited[1], public_key=key).status_code in (400, 409)
    assert ask(invited[1]).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b"nonsense", b'{"code": "x"}', b"x" * 5000])
def test_rubbish_is_refused(db: None, body: bytes) -> None:
    assert Client().post("/api/agent/enrol", body, content_type="application/json").status_code == 400


def test_guessing_is_stopped(invited: tuple[Endpoint, str]) -> None:
    answers = [ask(f"AAAA-AAAA-AAAA-AA{n:02d}").status_code for n in range(25)]
    assert answers[0] == 409
    assert answers[-1] == 429
    assert ask(invited[1]).status_code == 429


def test_a_new_code_forgets_the_old_device(scene: Scene, person: Callable[..., Person]) -> None:
    admin = person("administrator")
    endpoint, _code = actions.invite_endpoint(admin, scene.near[0].pk)
    assert endpoint.public_key is None
    assert endpoint.state == Endpoint.State.WAITING
    with pytest.raises(Refused, match="nothing to test"):
        actions.test_endpoint(admin, endpoint.pk)
    # Out of service until a device is there again: not counted, not commanded.
    assert scene.compose().endpoint_count == len(scene.near) - 1


def test_a_new_device_is_heard_though_it_counts_from_one_again(
    scene: Scene, person: Callable[..., Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    """An older agent begins at 1: its numbers must not be taken for copies of what the device before it said."""
    endpoint = scene.near[0]

    def sounds_uncommanded() -> int:
        envelope = report(endpoint, "", "", "sounding", 1, heard=True)
        Inbox().take([Letter(topics.report(endpoint.code), envelope, timezone.now())])
        return endpoint.history.filter(what="uncommanded").count()

    assert sounds_uncommanded() == 1
    assert sounds_uncommanded() == 1  # the same report, come twice
    _endpoint, code = actions.invite_endpoint(person("administrator"), endpoint.pk)
    actions.enrol_endpoint(code, KEY.public.bytes, "1.0")
    monkeypatch.setitem(KEYS, endpoint.code, KEY)
    assert sounds_uncommanded() == 2
    endpoint.refresh_from_db()
    assert endpoint.state == Endpoint.State.FAULT
