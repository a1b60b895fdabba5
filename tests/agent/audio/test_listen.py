import numpy as np
import pytest

from tirek_agent.audio.listen import MATCH, compare
from tirek_agent.audio.pcm import RATE
from tirek_agent.audio.tone import TONES, tone

RNG = np.random.default_rng(1)


def in_a_yard(pcm, late_s=0.15, snr_db=6.0):
    """As a microphone has it: late, with echoes, quiet, in noise."""
    echoes = np.zeros(6000)
    echoes[0] = 1
    echoes[1:] = RNG.normal(size=5999) * np.exp(-np.arange(5999) / 1500) * 0.05
    heard = np.convolve(pcm.astype(float), echoes)[: len(pcm)]
    heard = np.concatenate([np.zeros(round(late_s * RATE)), heard])[: len(pcm)]
    noise = RNG.normal(size=len(heard)) * np.sqrt(np.mean(heard**2)) * 10 ** (-snr_db / 20)
    return ((heard + noise) * 0.2).clip(-32768, 32767).astype(np.int16)


@pytest.mark.parametrize("mode", ["live", "exercise"])
@pytest.mark.parametrize("name", TONES)
def test_the_right_tone_is_known_in_a_noisy_yard(name, mode):
    pcm = tone(name, mode, 1.2)
    assert compare(pcm, in_a_yard(pcm), late_s=0.5).match > MATCH + 0.15


def test_noise_and_mains_hum_match_nothing():
    t = np.arange(RATE) / RATE
    hum = (8000 * np.sin(2 * np.pi * 50 * t) + 4000 * np.sin(2 * np.pi * 150 * t)).astype(np.int16)
    noise = (3000 * RNG.normal(size=RATE)).astype(np.int16)
    for name in TONES:
        for other in (hum, noise):
            assert compare(tone(name, "live", 1.0), other, late_s=0.5).match < MATCH - 0.2


def test_silence_and_nothing_match_nothing():
    silence = np.zeros(RATE, np.int16)
    assert compare(tone("test", "live", 1.0), silence, late_s=0.1).match == 0
    assert compare(silence[:10], silence[:10], late_s=0.1).match == 0


def test_a_sound_later_than_allowed_is_not_the_same_moment():
    pcm = tone("test", "live", 1.0)
    late = np.concatenate([np.zeros(RATE // 2, np.int16), pcm])[:RATE]
    assert compare(pcm, late, late_s=0.6).match > 0.8
    assert compare(pcm, late, late_s=0.1).match < MATCH
