"""A short run of `python -m tests.chaos.visits`: a bad network, phones killed and begun anew; nothing lost, nothing doubled."""

from __future__ import annotations

import json
import random

import pytest

from tests.chaos.phones import Answer, Phone, Weather, small_photo
from tests.chaos.verdict_visits import problems
from tests.fixtures import make_facility
from tests.inspections.support import make_standard, make_visit

pytestmark = pytest.mark.django_db


def wire_of(client):
    def send(method, path, body, headers):
        kind = headers.get("Content-Type", "application/json")
        rest = {key: value for key, value in headers.items() if key != "Content-Type"} | {"Accept": "application/json"}
        answer = client.generic(method, path, body, content_type=kind, headers=rest)
        return Answer(answer.status_code, json.loads(answer.content or b"{}"))

    return send


@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_and_nothing_doubled(seed, small_province, inspector, colleague, client_for):
    chance = random.Random(seed)
    demands = [row.pk for row in make_standard(keys=tuple("abcdefgh"))]
    phones = []
    for number in range(4):
        visit = make_visit(make_facility(f"F{number}", small_province.settlements[0]), inspector)
        visit.companions.add(colleague)
        halves = (demands[:4], demands[4:]) if number == 0 else (demands,)
        for part, person in zip(halves, (inspector, colleague), strict=False):
            phones.append(Phone(wire_of(client_for(person)), str(visit.uid), part, chance, Weather()))
    for phone in phones:
        phone.inspect(small_photo)
    phones[1].work(submit=False)  # the companion's half first, then whoever hands in
    for phone in (phones[0], *phones[2:]):
        phone.work()
    assert problems(phones) == []
    assert sum(phone.kills for phone in phones) > 0
    assert sum(phone.losses for phone in phones) > 10
