"""One centre, one endpoint in Aktobe, and a command that the endpoint would obey."""

import dataclasses

import h3
import pytest

from tirek_protocols.command import Addressees, Command, SigningKey, Speech, Tone

NOW = 1_790_000_000_000
CELL = h3.latlng_to_cell(50.2839, 57.1670, 10)


@pytest.fixture(scope="session")
def centre():
    return SigningKey.generate()


@pytest.fixture(scope="session")
def trusted(centre):
    return {centre.public.key_id: centre.public}


@pytest.fixture
def command():
    return Command(
        id="0123456789abcdef0123456789abcdef",
        alert="urn:oid:2.49.0.0.398.1",
        action="play",
        mode="exercise",
        to=Addressees(ids=("siren-1",), cells=(h3.cell_to_parent(CELL, 5),)),
        issued=NOW,
        not_before=NOW,
        not_after=NOW + 600_000,
        max_run=360,
        audio=(Tone("attention", 60), Speech("kk", "Барлығының назарына!")),
    )


@pytest.fixture
def changed(command):
    """The same command with some fields changed."""
    return lambda **fields: dataclasses.replace(command, **fields)


@pytest.fixture
def here():
    """What the endpoint knows of itself and of the time, for `admit`."""
    return {"now_ms": NOW, "endpoint": "siren-1", "cell": CELL, "enrolled_ms": NOW - 1000, "seen": set()}
