import asyncio
from contextlib import asynccontextmanager

import pytest

from tests.agent.support import CELL, EVERYWHERE_HERE, listening, until
from tirek_agent import fleet as fleet_module
from tirek_agent.fleet import EndpointSpec, Faults, Fleet, read_history, run_fleet
from tirek_protocols.command import SigningKey, Speech, Tone


def specs_of(centre, faults, audio=True):
    keys = {name: SigningKey.generate() for name in faults}
    return keys, [
        EndpointSpec(name, key.bytes, CELL, 0, (centre.key.public.bytes,), audio, faults[name])
        for name, key in keys.items()
    ]


@asynccontextmanager
async def running(fleet):
    stop = asyncio.Event()
    task = asyncio.create_task(fleet.run(stop))
    try:
        yield
    finally:
        stop.set()
        async with asyncio.timeout(5):
            await task


async def test_every_fault_shows_as_what_it_is(centre, broker, tmp_path):
    faults = {
        "good": Faults(),
        "muted": Faults(muted=True),
        "quiet": Faults(gain_db=-40),
        "dead": Faults(dead=True),
        "mute": Faults(no_speech=True),
        "slow": Faults(slow_s=0.3),
        "flaky": Faults(drop_every_s=1.0, drop_for_s=0.2),
        "ahead": Faults(clock_error_ms=3_600_000),
        "crash": Faults(crash_after_s=0.9, crash_for_s=0.3),
    }
    keys, specs = specs_of(centre, faults)
    fleet = Fleet(specs, broker.url, home=tmp_path / "fleet", seed=3)
    command = centre.command(to=EVERYWHERE_HERE, audio=(Tone("attention", 1.5), Speech("ru", "Отбой.")))
    async with listening(broker.port, centre, keys) as listener, running(fleet):
        await until(lambda: fleet.connected() == len(faults) - 1)
        await listener.publish(command)
        over = {"finished", "refused", "failed", "stopped"}
        await until(lambda: all(over & set(listener.states(command, name)) for name in faults if name != "dead"))
        last = {r.endpoint: r for r in listener.reports if r.command == command.id and r.state in over}
        first = {r.endpoint: r for r in listener.reports if r.state == "sounding"}
    assert {name: last[name].proof.heard for name in ("good", "muted", "quiet", "mute", "slow", "flaky")} == {
        "good": True,
        "muted": False,
        "quiet": False,
        "mute": False,
        "slow": True,
        "flaky": True,
    }
    assert first["mute"].proof.heard
    assert "missing: speech ru" in last["mute"].reason
    assert (last["ahead"].state, last["ahead"].reason) == ("refused", "expired")
    assert (last["crash"].state, last["crash"].reason) == ("stopped", "restarted while sounding")
    assert "dead" not in last
    assert all(len(soundings) == 1 for soundings in read_history(tmp_path / "fleet").values())
    assert fleet.history("good")[0].end_ms is not None


async def test_a_button_that_nobody_commanded_raises_a_report(centre, broker, monkeypatch):
    monkeypatch.setattr("tirek_agent.agent.WATCH_EVERY_S", 0.1)
    monkeypatch.setattr("tirek_agent.agent.AFTER_SOUND_S", 0.1)
    keys, specs = specs_of(centre, {"e1": Faults(button_at_s=0.0)})
    async with listening(broker.port, centre, keys) as listener, running(Fleet(specs, broker.url)):
        await until(lambda: listener.reports)
        assert (listener.reports[0].command, listener.reports[0].state) == ("", "sounding")


async def test_a_fleet_that_starts_again_does_not_sound_again(centre, broker, tmp_path):
    keys, specs = specs_of(centre, {f"e{n}": Faults() for n in range(20)}, audio=False)
    command = centre.command(to=EVERYWHERE_HERE, audio=(Tone("test", 0.1),))
    async with listening(broker.port, centre, keys) as listener:
        await listener.publish(command)
        for times in (1, 2):
            stop = asyncio.Event()
            task = asyncio.create_task(run_fleet(specs, broker.url, stop=stop, home=tmp_path))
            await until(lambda times=times: sum(r.state == "finished" for r in listener.reports) >= 20 * times)
            stop.set()
            fleet = await task
    assert [len(fleet.history(f"e{n}")) for n in range(20)] == [1] * 20


async def test_on_sounding_is_called_at_both_ends(centre, broker):
    keys, specs = specs_of(centre, {"e1": Faults()}, audio=False)
    told = []
    fleet = Fleet(specs, broker.url, on_sounding=lambda endpoint, sounding: told.append(sounding))
    async with listening(broker.port, centre, keys) as listener, running(fleet):
        command = centre.command(to=EVERYWHERE_HERE, audio=(Tone("test", 0.1),))
        await listener.publish(command)
        await until(lambda: len(told) == 2)
    assert told[0].end_ms is None
    assert told[1].end_ms - told[1].start_ms >= 100


def test_a_wrong_address_is_an_error_before_anything_starts(centre):
    with pytest.raises(ValueError, match="must be mqtt"):
        Fleet([], "127.0.0.1:1883")


async def test_a_crowd_tells_when_bytes_came_and_each_may_verify_for_itself(centre, broker, monkeypatch):
    verified = 0
    decode = fleet_module.decode_command

    def counted(envelope, keys):
        nonlocal verified
        verified += 1
        return decode(envelope, keys)

    monkeypatch.setattr(fleet_module, "decode_command", counted)
    keys, specs = specs_of(centre, {f"e{n}": Faults() for n in range(100)}, audio=False)
    order = []
    fleet = Fleet(
        specs,
        broker.url,
        on_message=lambda endpoint: order.append(("came", endpoint)),
        on_sounding=lambda endpoint, _sounding: order.append(("sounds", endpoint)),
        share_decoding=False,
    )
    async with listening(broker.port, centre, keys) as listener, running(fleet):
        await until(lambda: fleet.connected() == 100, 30)
        await listener.publish(centre.command(to=EVERYWHERE_HERE, audio=(Tone("attention", 20.0),)))
        await until(lambda: len(order) >= 200, 30)
    for endpoint in keys:
        assert order.index(("came", endpoint)) < order.index(("sounds", endpoint))
    assert verified >= 100


@pytest.mark.parametrize("after_s", [0.1, 0.3, 0.5])
async def test_a_fleet_may_be_stopped_while_it_links(centre, broker, after_s):
    _keys, specs = specs_of(centre, {f"e{n}": Faults() for n in range(300)}, audio=False)
    stop = asyncio.Event()
    task = asyncio.create_task(Fleet(specs, broker.url).run(stop))
    await asyncio.sleep(after_s)
    stop.set()
    async with asyncio.timeout(20):
        await asyncio.shield(task)
