"""The embedded broker: devices hear commands and may speak only as devices."""

import asyncio
import subprocess
import sys
from urllib.parse import unquote, urlsplit

import aiomqtt
import pytest

from tirek.config import broker
from tirek.config.home import Home
from tirek.config.net import answers, free_port


@pytest.fixture
def running(tmp_path, monkeypatch):
    """A broker on a free port: (home, port)."""
    home = Home(tmp_path / "home").prepare()
    monkeypatch.setenv("TIREK_HOME", str(home.root))
    port = free_port("127.0.0.1", [])
    process = subprocess.Popen(
        [sys.executable, "-m", "tirek.cli", "broker", "--address", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    try:
        for _attempt in range(100):
            if answers("127.0.0.1", port, 0.1):
                break
            asyncio.run(asyncio.sleep(0.05))
        yield home, port
    finally:
        process.kill()
        process.wait()


def client(url: str, name: str) -> aiomqtt.Client:
    parts = urlsplit(url)
    return aiomqtt.Client(
        parts.hostname,
        parts.port,
        username=parts.username,
        password=unquote(parts.password or ""),
        identifier=name,
        clean_session=False,
    )


async def test_devices_hear_commands_and_are_heard_and_may_do_no_more(running):
    home, port = running
    centre_url = broker.centre_url(home, port)
    device_url = broker.for_devices(home, centre_url)
    async with client(centre_url, "centre") as centre:
        await centre.subscribe("tirek/1/from/+/report", qos=1)
        await centre.publish("tirek/1/commands/a", b"retained", qos=1, retain=True)
        async with client(device_url, "device-1") as device:
            await device.subscribe("tirek/1/commands/+", qos=1)
            await device.subscribe("tirek/1/to/device-1", qos=1)
            assert (await asyncio.wait_for(anext(device.messages), 5)).payload == b"retained"
            await device.publish("tirek/1/from/device-1/report", b"yes", qos=1)
            assert (await asyncio.wait_for(anext(centre.messages), 5)).payload == b"yes"
        async with client(device_url, "rogue") as rogue:
            await rogue.publish("tirek/1/commands/b", b"forged", qos=0)
            await asyncio.sleep(0.3)
        async with client(device_url, "device-2") as other:
            await other.subscribe("tirek/1/commands/+", qos=1)
            assert (await asyncio.wait_for(anext(other.messages), 5)).payload == b"retained"
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(anext(other.messages), 0.5)


async def test_nobody_gets_in_without_a_log_in(running):
    _home, port = running
    with pytest.raises(aiomqtt.MqttError):
        async with aiomqtt.Client("127.0.0.1", port, identifier="nobody"):
            pass


def test_a_broker_of_the_operators_keeps_its_own_log_in(tmp_path):
    home = Home(tmp_path).prepare()
    assert broker.for_devices(home, "mqtt://a:b@broker:1884") == "mqtt://a:b@broker:1884"
    assert broker.for_devices(home, "mqtt://broker", "outside.kz:1883") == "mqtt://outside.kz:1883"
    assert broker.for_devices(home, broker.centre_url(home, 1883)).startswith(f"mqtt://{broker.DEVICES}:")
