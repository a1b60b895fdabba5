import itertools

import numpy as np
import pytest

from tirek_agent.audio.listen import compare
from tirek_agent.audio.pcm import RATE, AudioMissing, level_db
from tirek_agent.audio.tone import PERIOD_S, TONES, tone

ALL = [(name, mode) for name in TONES for mode in ("live", "exercise")]


@pytest.mark.parametrize(("name", "mode"), ALL)
def test_a_tone_is_loud_and_as_long_as_asked(name, mode):
    pcm = tone(name, mode, 6.5)
    assert len(pcm) == 6.5 * RATE
    assert -13 < level_db(pcm) < -5
    assert np.abs(pcm).max() < 0.75 * 32768


@pytest.mark.parametrize(("one", "other"), list(itertools.combinations(ALL, 2)))
def test_no_tone_is_taken_for_another(one, other):
    for begin, end in ((0, 0.7), (1.0, 3.0)):
        window = slice(round(begin * RATE), round(end * RATE))
        hearing = compare(tone(*one, 6.0)[window], tone(*other, 6.0)[window], late_s=0.3)
        assert hearing.match < 0.4


def test_only_an_exercise_has_rests():
    quiet = {
        mode: min(level_db(piece) for piece in np.split(tone("attention", mode, 8.0), 80))
        for mode in ("live", "exercise")
    }
    assert quiet["live"] > -20
    assert quiet["exercise"] < -100


@pytest.mark.parametrize(("name", "mode"), ALL)
def test_a_long_tone_has_no_seam(name, mode):
    pcm = tone(name, mode, 2.5 * PERIOD_S).astype(int)
    steps = np.abs(np.diff(pcm))
    at = round(PERIOD_S * RATE)
    assert steps[at - 5 : at + 5].max() <= steps[200 : at - 200].max() * 1.05


def test_an_unknown_tone_is_not_replaced_by_another():
    with pytest.raises(AudioMissing, match="no tone is called"):
        tone("foghorn", "live", 1.0)
