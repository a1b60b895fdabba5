"""Who obeys what and when; and ten thousand commands that nobody may obey."""

import random

import h3
import pytest

from tirek_protocols.command import (
    CLOCK_SLACK_MS,
    Addressees,
    CommandError,
    Malformed,
    NotAddressed,
    Replayed,
    SigningKey,
    Stale,
    TooEarly,
    admit,
    decode_command,
    encode,
)

from .conftest import CELL, NOW


def test_a_good_command_is_admitted(command, here):
    assert admit(command, **here) is None


@pytest.mark.parametrize("resolution", range(11))
def test_a_cell_addresses_all_that_lies_in_it(changed, here, resolution):
    holder = h3.cell_to_parent(CELL, resolution)
    admit(changed(to=Addressees(cells=[holder])), **here)
    for neighbour in set(h3.grid_disk(holder, 1)) - {holder}:
        with pytest.raises(NotAddressed):
            admit(changed(to=Addressees(cells=[neighbour])), **here)


def test_a_finer_cell_does_not_address_the_coarser_one(changed, here):
    with pytest.raises(NotAddressed):
        admit(changed(to=Addressees(cells=h3.cell_to_children(CELL, 11))), **here)


def test_an_id_addresses_wherever_the_endpoint_stands(changed, here):
    admit(changed(to=Addressees(ids=["siren-1"])), **here)
    with pytest.raises(NotAddressed):
        admit(changed(to=Addressees(ids=["siren-10"])), **here)


def test_what_was_issued_before_the_enrolment_is_for_others(command, here):
    with pytest.raises(NotAddressed):
        admit(command, **(here | {"enrolled_ms": NOW + 1}))
    admit(command, **(here | {"enrolled_ms": NOW}))


def test_the_window_has_the_slack_of_the_clock_on_both_sides(command, here):
    end = command.not_after + CLOCK_SLACK_MS
    admit(command, **(here | {"now_ms": end - 1}))
    with pytest.raises(Stale):
        admit(command, **(here | {"now_ms": end}))
    admit(command, **(here | {"now_ms": NOW - CLOCK_SLACK_MS}))
    with pytest.raises(TooEarly):
        admit(command, **(here | {"now_ms": NOW - CLOCK_SLACK_MS - 1}))
    with pytest.raises(Stale):
        admit(command, **(here | {"now_ms": command.not_after}), clock_slack_ms=0)


def test_a_command_from_the_future_waits_even_if_its_window_is_open(changed, here):
    with pytest.raises(TooEarly):
        admit(changed(issued=NOW + 60_000), **here)


def test_a_command_is_obeyed_once(command, here):
    here["seen"].add(command.id)
    with pytest.raises(Replayed):
        admit(command, **here)
    with pytest.raises(Replayed):
        admit(command, **(here | {"now_ms": command.not_after + 3_600_000}))


def test_an_endpoint_without_a_proper_cell_is_told_so(changed, here):
    command = changed(to=Addressees(cells=[CELL]))
    with pytest.raises(Malformed):
        admit(command, **(here | {"cell": ""}))


def test_ten_thousand_bad_commands_and_none_is_obeyed(changed, here, centre, trusted):
    chance = random.Random(340)
    stranger = SigningKey.generate()
    obeyed = 0
    refusals = {}

    def receive(data):
        nonlocal obeyed
        try:
            command = decode_command(data, trusted)
            admit(command, **here)
        except CommandError as error:
            name = type(error).__name__
            refusals[name] = refusals.get(name, 0) + 1
        else:
            here["seen"].add(command.id)
            obeyed += 1

    def fresh(key=centre, **fields):
        return encode(changed(id=f"{chance.getrandbits(128):032x}", **fields), key)

    def replayed():
        return chance.choice(played)

    def forged():
        data = fresh(stranger)
        return data if chance.random() < 0.5 else data[:4] + centre.public.key_id + data[12:]

    def stale():
        issued = NOW - chance.randrange(700_000, 10**10)
        return fresh(issued=issued, not_before=issued, not_after=issued + 600_000)

    def misaddressed():
        point = (chance.uniform(-80, 45), chance.uniform(-170, 170))
        return fresh(to=Addressees(cells=[h3.latlng_to_cell(*point, chance.randrange(2, 11))]))

    def truncated():
        data = fresh()
        return data[: chance.randrange(len(data))]

    def flipped():
        data = bytearray(fresh())
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        return bytes(data)

    played = [fresh() for _ in range(20)]
    for data in played:
        receive(data)
    assert obeyed == 20, "the same endpoint obeys good commands"

    obeyed = 0
    attacks = (replayed, forged, stale, misaddressed, truncated, flipped)
    here["enrolled_ms"] = 0
    for number in range(10_000):
        receive(attacks[number % len(attacks)]())
    assert obeyed == 0
    assert sum(refusals.values()) == 10_000
    assert {"Replayed", "UnknownKey", "BadSignature", "Stale", "NotAddressed", "Malformed"} <= refusals.keys()
