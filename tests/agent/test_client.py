import asyncio
import time
from contextlib import asynccontextmanager

import pytest

from tests.agent.support import CELL, EVERYWHERE_HERE, listening, now_ms, until
from tests.agent.test_agent import KEY, FakePlayer
from tirek_agent.agent import Agent
from tirek_agent.client import Broker, Link
from tirek_agent.core import Me
from tirek_agent.history import History
from tirek_agent.journal import Journal
from tirek_protocols.command import Addressees, SigningKey, decode_beat, topics

KEYS = {"e1": KEY}


@asynccontextmanager
async def linked(centre, url, home=None, player=None):
    """An agent with a link to the broker."""
    journal, history = Journal(home / "journal.sqlite3" if home else None), History(home)
    agent = Agent(Me("e1", CELL, 0), KEY, centre.decode, journal, player or FakePlayer(), history)
    agent.history = history
    await agent.start()
    link = Link(agent, Broker.from_url(url), beat_s=0.5)
    task = asyncio.create_task(link.run())
    try:
        await until(lambda: link.connected)
        yield agent
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await agent.stop()
        await journal.close()


async def test_from_publish_to_finished(centre, broker):
    async with linked(centre, broker.url), listening(broker.port, centre, KEYS) as listener:
        command = centre.command(to=EVERYWHERE_HERE)
        await listener.publish(command)
        await until(lambda: len(listener.states(command)) == 3)
        assert listener.states(command) == ["accepted", "sounding", "finished"]
        await until(lambda: listener.beats)
        assert decode_beat(listener.beats[0], KEY.public).endpoint == "e1"


async def test_one_that_comes_late_plays_what_is_valid_now_and_only_that(centre, broker):
    async with listening(broker.port, centre, KEYS) as listener:
        valid = centre.command()
        over = centre.command(now=now_ms() - 59_000, not_after=now_ms() + 300)
        for command in (valid, over):
            await listener.publish(command)
        await asyncio.sleep(0.4)
        async with linked(centre, broker.url) as agent:
            await until(lambda: listener.states(valid)[-1:] == ["finished"] and listener.states(over))
            assert listener.states(over) == ["refused"]
            assert [sounding.command for sounding in agent.history.of("e1")] == [valid.id]


async def test_what_is_retained_is_not_played_again_after_a_restart(centre, broker, tmp_path):
    async with listening(broker.port, centre, KEYS) as listener:
        command = centre.command()
        await listener.publish(command)
        for times in (1, 2):
            async with linked(centre, broker.url, tmp_path) as agent:
                await until(lambda times=times: listener.states(command).count("finished") == times)
        assert len(agent.history.of("e1")) == 1


async def test_a_new_link_asks_twice_for_what_is_retained(centre, broker, monkeypatch):
    """A command may come in the moment between two answers of a broker: neither retained yet, nor sent on."""
    monkeypatch.setattr("tirek_agent.client.LOOK_AGAIN_S", 1.0)
    async with listening(broker.port, centre, KEYS) as listener:
        command = centre.command()
        await listener.publish(command)
        async with linked(centre, broker.url) as agent:
            await until(lambda: listener.states(command).count("finished") == 2)
            assert len(agent.history.of("e1")) == 1


async def test_the_broker_keeps_nothing_for_one_that_is_away(centre, broker):
    """10,000 queues cost it more than all else, and the centre asks again anyhow."""
    async with linked(centre, broker.url):
        pass
    async with listening(broker.port, centre, KEYS) as listener:
        command = centre.command()
        await listener.publish(command, retain=False)
        async with linked(centre, broker.url):
            await until(lambda: listener.beats)
            assert listener.states(command) == []


async def test_the_network_may_go_and_what_happened_meanwhile_is_reported(centre, broker):
    async with linked(centre, broker.url, player=FakePlayer(0.5)) as agent:
        async with listening(broker.port, centre, KEYS) as listener:
            command = centre.command()
            await listener.publish(command)
            await until(lambda: agent.history.of("e1"))
            await until(lambda: not agent.outbox.waiting)
        broker.kill()
        await until(lambda: agent.outbox.waiting)
        broker.start()
        async with listening(broker.port, centre, KEYS) as listener:
            await until(lambda: "finished" in listener.states(command))
        assert len(agent.history.of("e1")) == 1


async def test_a_broker_that_dies_while_the_disk_writes_leaves_no_siren_mute(centre, broker, tmp_path):
    async with linked(centre, broker.url, tmp_path) as agent:
        commit = agent._journal._commit

        def slow():
            time.sleep(0.15)
            commit()

        async with listening(broker.port, centre, KEYS) as listener:
            agent._journal._commit = slow
            commands = [centre.command(action="silence", alert="old"), centre.command(alert="alarm")]
            for command in commands:
                await listener.publish(command, retain=False)
            await until(lambda: commands[0].id in agent.core._known)
            broker.kill()
            await asyncio.sleep(0.5)
            agent._journal._commit = commit
        broker.start()
        async with listening(broker.port, centre, KEYS) as listener:
            for command in (commands[1], centre.command(alert="next")):
                await listener.publish(command)
                await until(lambda command=command: "finished" in listener.states(command))
        assert len(agent.history.of("e1")) == 2


async def test_stale_forged_replayed_and_misaddressed_activate_nothing(centre, broker):
    async with linked(centre, broker.url) as agent, listening(broker.port, centre, KEYS) as listener:
        good = centre.command()
        await listener.publish(good)
        await until(lambda: "finished" in listener.states(good))
        forger = type(centre)(SigningKey.generate())
        others = centre.command(to=Addressees(ids=("e2",)))
        wrong = {
            "unknown key": forger.sign(forger.command()),
            "bad signature": centre.sign(centre.command())[:-1] + b" ",
            "replay with other content": centre.sign(centre.command(id=good.id, alert="x")),
            "expired": centre.sign(centre.command(now=now_ms() - 120_000)),
        }
        for envelope in (*wrong.values(), centre.sign(others), centre.sign(good)):
            await listener.client.publish(topics.to("e1"), envelope, qos=1)
        await until(lambda: {r.reason.split(" (")[0] for r in listener.reports if r.state == "refused"} == set(wrong))
        await until(lambda: listener.states(good).count("finished") == 2)
        assert listener.states(others) == []
        assert len(agent.history.of("e1")) == 1


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("mqtt://h", Broker("h", 1883, None, None, False)),
        ("mqtts://u:p%40ss@h", Broker("h", 8883, "u", "p@ss", True)),
        ("mqtt://h:99", Broker("h", 99, None, None, False)),
    ],
)
def test_an_address_is_understood(url, broker):
    assert Broker.from_url(url) == broker


@pytest.mark.parametrize("url", ["", "h:1883", "http://h", "mqtt://"])
def test_a_wrong_address_is_an_error(url):
    with pytest.raises(ValueError, match="must be mqtt"):
        Broker.from_url(url)


def test_a_log_in_is_added_but_never_emptied():
    broker = Broker.from_url("mqtt://a:b@h")
    assert broker.logged_in("", "") == broker
    assert broker.logged_in("u", "p").username == "u"
