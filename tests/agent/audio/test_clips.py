import hashlib
import json

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
