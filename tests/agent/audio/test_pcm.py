import numpy as np
import pytest

from tirek_agent.audio.pcm import RATE, SILENCE_DB, AudioMissing, PcmCache, decoded, level_db, levelled, write_wav


def test_level_of_a_full_sine_and_of_silence():
    sine = (32767 * np.sin(2 * np.pi * 1000 * np.arange(RATE) / RATE)).astype(np.int16)
    assert level_db(sine) == pytest.approx(-3.01, abs=0.01)
    assert level_db(np.zeros(10, np.int16)) == SILENCE_DB
    assert level_db(np.zeros(0, np.int16)) == SILENCE_DB


def test_levelled_speech_is_near_its_target_and_never_clips():
    quiet = (300 * np.sin(np.arange(RATE) / 5)).astype(np.int16)
    assert level_db(levelled(quiet, -16)) == pytest.approx(-16, abs=1)


def test_a_wav_file_comes_back_as_it_was(tmp_path):
    pcm = (1000 * np.sin(np.arange(RATE) / 7)).astype(np.int16)
    write_wav(tmp_path / "a.wav", pcm)
    assert np.array_equal(decoded((tmp_path / "a.wav").read_bytes()), pcm)


@pytest.mark.parametrize("data", [b"", b"RIFF", b"<html>not found</html>" * 50])
def test_what_is_no_recording_is_missing_not_a_crash(data):
    with pytest.raises(AudioMissing):
        decoded(data)


def test_the_cache_forgets_what_was_used_longest_ago():
    cache = PcmCache(most_bytes=5000)
    for name in "ab":
        cache.put(name, np.zeros(1000, np.int16))
    cache.get("a")
    cache.put("c", np.zeros(1000, np.int16))
    assert cache.get("b") is None
    assert cache.get("a") is not None
