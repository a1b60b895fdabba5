"""The endpoints of the sample province as real agents, some of them with faults."""

from __future__ import annotations

import random
from datetime import datetime

from tirek.warning.models import Endpoint
from tirek.warning.sample_endpoints import HOSPITAL_CODE, SEED, private_keys
from tirek.warning.signing import centre_public_keys
from tirek_agent.faults import Faults
from tirek_agent.fleet import EndpointSpec

# What goes wrong in a hundred endpoints, about as often as where nobody has looked after them for a while.
FAULTS_PER_HUNDRED = (
    (3, Faults(muted=True)),
    (2, Faults(dead=True)),
    (2, Faults(gain_db=-45.0)),
    (3, Faults(drop_every_s=60.0, drop_for_s=15.0)),
    (3, Faults(slow_s=1.5)),
    (2, Faults(crash_after_s=4.0, crash_for_s=20.0)),
)


def fleet_specs(count: int, *, failures: bool = True) -> list[EndpointSpec]:
    """Specs of the first `count` sample endpoints, those of the story's hospital first.

    With `failures`, one of the hospital's loudspeakers is mute, and the others fail at random, the same ones every time.
    """
    keys, centre = private_keys(), tuple(centre_public_keys())
    chance = random.Random(SEED)
    rows = Endpoint.objects.filter(is_sample=True).select_related("facility").order_by("code")
    specs = []
    for number, endpoint in enumerate(row for row in rows if row.code in keys and row.enrolled_at):
        faults = _fault(chance) if failures else Faults()
        if failures and endpoint.facility and endpoint.facility.code == HOSPITAL_CODE:
            faults = Faults(muted=True) if number == 1 else Faults()
        specs.append(
            EndpointSpec(
                endpoint.code, keys[endpoint.code], endpoint.cell, _ms(endpoint.enrolled_at), centre, faults=faults
            )
        )
    return specs[:count]


def _fault(chance: random.Random) -> Faults:
    throw = chance.randrange(100)
    for share, faults in FAULTS_PER_HUNDRED:
        if throw < share:
            return faults
        throw -= share
    return Faults()


def _ms(moment: datetime | None) -> int:
    return int(moment.timestamp() * 1000) if moment else 0
