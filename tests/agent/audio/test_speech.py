import asyncio
import os
import signal

import pytest

from tirek_agent.audio.pcm import AudioMissing, level_db, seconds_of
from tirek_agent.audio.speech import SPEECH_DB, Espeak, Mute


@pytest.fixture
async def voice():
    espeak = Espeak()
    yield espeak
    await espeak.close()


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("kk", "Барлығының назарына! Ғимараттан шығыңыз."),
        ("ru", "Внимание всем! Покиньте здание."),
        ("en", "Attention, everyone! Leave the building."),
    ],
)
async def test_three_languages_are_spoken_at_an_even_level(voice, language, text):
    pcm = await voice.speak(language, text)
    assert 1 < seconds_of(pcm) < 8
    assert level_db(pcm) == pytest.approx(SPEECH_DB, abs=3)


async def test_the_same_text_is_spoken_once(voice):
    assert await voice.speak("ru", "Отбой.") is await voice.speak("ru", "Отбой.")
    assert await voice.speak("ru", "Отбой.") is not await voice.speak("en", "Отбой.")


@pytest.mark.parametrize(("language", "text"), [("xx", "hello"), ("en", " "), ("en", "...")])
async def test_what_cannot_be_spoken_is_missing(voice, language, text):
    with pytest.raises(AudioMissing):
        await voice.speak(language, text)
    assert seconds_of(await voice.speak("en", "still alive")) > 0.3


async def test_the_engine_may_die_and_comes_back(voice):
    await voice.start()
    os.kill(voice._process.pid, signal.SIGKILL)
    with pytest.raises(AudioMissing, match="died"):
        await voice.speak("en", "one")
    assert seconds_of(await voice.speak("en", "two")) > 0.2


async def test_an_interrupted_request_does_not_answer_the_next(voice):
    long = asyncio.create_task(voice.speak("en", "a very long text " * 200))
    await asyncio.sleep(0.15)
    long.cancel()
    assert seconds_of(await voice.speak("en", "short")) < 2


async def test_no_voice_is_missing():
    with pytest.raises(AudioMissing, match="no voice"):
        await Mute().speak("kk", "Отбой")
