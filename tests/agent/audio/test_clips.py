import asyncio
import hashlib
import json
import socket
import threading
import time
from contextlib import suppress

import numpy as np
import pytest

from tirek_agent.audio.clips import Clips
from tirek_agent.audio.pcm import RATE, AudioMissing, write_wav


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / "recording.wav"
    write_wav(path, (8000 * np.sin(np.arange(RATE) / 9)).astype(np.int16))
    data = path.read_bytes()
    return hashlib.sha256(data).hexdigest(), data


class Centre:
    """A web server of the mind."""

    def __init__(self, files):
        self.files = files
        self.asked = []

    def __call__(self, url, most):
        self.asked.append(url)
        if url not in self.files:
            raise OSError("404 not found")
        return self.files[url]


def listed(*clips):
    return json.dumps({"clips": [{"sha256": s, "language": "ru", "text": t} for s, t in clips]}).encode()


async def test_a_recording_is_fetched_once_and_then_kept(tmp_path, recording):
    name, data = recording
    centre = Centre({f"https://c/clips/{name}": data})
    for _ in range(2):
        assert len(await Clips(tmp_path / "clips", "https://c/clips/", centre).get(name)) == RATE
    assert centre.asked == [f"https://c/clips/{name}"]


async def test_prefetch_brings_all_ahead_of_need(tmp_path, recording):
    name, data = recording
    missing = "0" * 64
    centre = Centre({"https://c": listed((name, "Отбой."), (missing, "Внимание.")), f"https://c/{name}": data})
    clips = Clips(tmp_path / "clips", "https://c", centre)
    assert await clips.prefetch() == 1
    centre.files.clear()
    assert len(await clips.get(name)) == RATE
    assert clips.text_of(missing) == "Внимание."
    assert clips.text_of("1" * 64) == ""


async def test_a_recording_that_was_changed_is_not_played(tmp_path, recording):
    name, data = recording
    centre = Centre({f"https://c/{name}": data[:-2] + b"xx"})
    with pytest.raises(AudioMissing, match="changed on its way"):
        await Clips(tmp_path / "clips", "https://c", centre).get(name)


async def test_a_file_that_rotted_on_the_card_is_fetched_again(tmp_path, recording):
    name, data = recording
    centre = Centre({f"https://c/{name}": data})
    await Clips(tmp_path / "clips", "https://c", centre).get(name)
    (tmp_path / "clips" / f"{name}.clip").write_bytes(data[:1000])
    assert len(await Clips(tmp_path / "clips", "https://c", centre).get(name)) == RATE
    assert len(centre.asked) == 2


@pytest.mark.parametrize("url", ["", "https://c", "file:///etc"])
async def test_without_a_centre_a_recording_is_missing(tmp_path, url):
    clips = Clips(tmp_path / "clips", url, Centre({})) if url != "file:///etc" else Clips(tmp_path / "clips", url)
    assert await clips.prefetch() == 0
    with pytest.raises(AudioMissing):
        await clips.get("0" * 64)


async def test_a_name_cannot_leave_the_folder(tmp_path):
    with pytest.raises(AudioMissing):
        await Clips(tmp_path, "").get("../../etc/passwd")


@pytest.mark.parametrize("listing", [b"", b"[]", b'{"clips": 3}', b'{"clips": ["x"]}', b'{"clips": [{}]}', b"\xff"])
async def test_rubbish_for_a_list_does_no_harm(tmp_path, listing):
    assert await Clips(tmp_path / "clips", "https://c", Centre({"https://c": listing})).prefetch() == 0


def no_web_server(connection):
    """What a port for TLS answers to one who speaks HTTP."""
    connection.sendall(b"\x15\x03\x03\x00\x02\x02\x46\r\n")


def dripping(connection):
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
    with suppress(OSError):
        for _ in range(100):
            connection.sendall(b"x")
            time.sleep(0.05)


@pytest.fixture
def serve():
    """A server on this machine that behaves as it is told; gives its address."""
    listening = []

    def serving(behave):
        listener = socket.create_server(("127.0.0.1", 0))
        listening.append(listener)

        def answer():
            with suppress(OSError):
                while True:
                    connection, _ = listener.accept()
                    threading.Thread(target=one, args=(connection,), daemon=True).start()

        def one(connection):
            with connection:
                connection.recv(1000)
                behave(connection)

        threading.Thread(target=answer, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/clips"

    yield serving
    for listener in listening:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


async def test_what_is_no_web_server_gives_no_recording_and_does_no_harm(tmp_path, serve):
    clips = Clips(tmp_path / "clips", serve(no_web_server))
    with pytest.raises(AudioMissing, match="cannot be fetched"):
        await clips.get("a" * 64)
    assert await clips.prefetch() == 0


async def test_a_server_that_drips_is_not_waited_for(tmp_path, serve, monkeypatch):
    monkeypatch.setattr("tirek_agent.audio.clips.PLAY_WITHIN_S", 0.3)
    clips = Clips(tmp_path / "clips", serve(dripping))
    began = time.monotonic()
    names = ["a" * 64, "b" * 64]
    errors = await asyncio.gather(*(clips.get(name) for name in names), return_exceptions=True)
    assert [str(error) for error in errors] == [f"recording {name[:8]} cannot be fetched in time" for name in names]
    assert time.monotonic() - began < 2
    await clips.close()


async def test_a_download_is_given_up_in_the_end(tmp_path, serve, monkeypatch):
    monkeypatch.setattr("tirek_agent.audio.download.WHOLE_WITHIN_S", 0.3)
    clips = Clips(tmp_path / "clips", serve(dripping))
    assert await asyncio.wait_for(clips.prefetch(), 3) == 0
    with pytest.raises(AudioMissing, match="takes too long"):
        await clips.get("a" * 64)


async def test_what_comes_too_late_for_one_play_is_there_for_the_next_and_fetched_once(
    tmp_path, recording, monkeypatch
):
    monkeypatch.setattr("tirek_agent.audio.clips.PLAY_WITHIN_S", 0.1)
    name, data = recording
    goes_on = threading.Event()
    centre = Centre({f"https://c/{name}": data})

    def slow(url, most):
        goes_on.wait(5)
        return centre(url, most)

    clips = Clips(tmp_path / "clips", "https://c", slow)
    for _ in range(2):
        with pytest.raises(AudioMissing, match="in time"):
            await clips.get(name)
    goes_on.set()
    async with asyncio.timeout(5):
        while not (tmp_path / "clips" / f"{name}.clip").exists():
            await asyncio.sleep(0.02)
    assert len(await clips.get(name)) == RATE
    assert len(centre.asked) == 1


async def test_fetching_goes_on_after_anything_that_breaks(tmp_path, monkeypatch):
    monkeypatch.setattr("tirek_agent.audio.clips.PREFETCH_EVERY_S", 0.01)
    tries = []

    class Breaking(Clips):
        async def prefetch(self):
            tries.append(1)
            raise ZeroDivisionError("what")

    task = asyncio.create_task(Breaking(tmp_path, "https://c").keep_current())
    async with asyncio.timeout(5):
        while len(tries) < 3:
            await asyncio.sleep(0.01)
    task.cancel()
    assert isinstance((await asyncio.gather(task, return_exceptions=True))[0], asyncio.CancelledError)
