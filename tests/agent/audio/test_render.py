import asyncio

import numpy as np

from tirek_agent.audio.clips import Clips
from tirek_agent.audio.pcm import RATE, AudioMissing
from tirek_agent.audio.render import Renderer
from tirek_agent.audio.speech import Mute
from tirek_protocols.command import Clip, Speech, Tone

LONG = np.ones(10 * RATE, np.int16)


class SlowVoice:
    def __init__(self, wait=0.0):
        self.wait = wait
        self.asked = []

    async def speak(self, language, text):
        self.asked.append(text)
        await asyncio.sleep(self.wait)
        return LONG


class FewClips(Clips):
    def __init__(self, texts):
        self.texts = texts

    async def get(self, sha256):
        raise AudioMissing("not here")

    def text_of(self, sha256):
        return self.texts.get(sha256, "")


async def rendered(renderer, command, limit=60.0):
    return [(piece.what, piece.sound) async for piece in renderer.pieces(command, limit)]


async def test_pieces_come_in_order_and_none_longer_than_the_limit(centre):
    command = centre.command(audio=(Tone("test", 30.0), Speech("kk", "бір"), Speech("ru", "два")))
    pieces = await rendered(Renderer(SlowVoice(), FewClips({})), command, 4.0)
    assert [what for what, _ in pieces] == ["tone test", "speech kk", "speech ru"]
    assert [len(sound) for _, sound in pieces] == [4 * RATE] * 3


async def test_a_tone_does_not_wait_for_the_words(centre):
    renderer = Renderer(SlowVoice(5.0), FewClips({}))
    pieces = renderer.pieces(centre.command(audio=(Tone("test", 1.0), Speech("kk", "бір"))), 60)
    async with asyncio.timeout(0.5):
        assert (await anext(pieces)).what == "tone test"
    await pieces.aclose()


async def test_only_a_few_pieces_are_made_ahead(centre):
    voice = SlowVoice()
    command = centre.command(audio=tuple(Speech("ru", str(n)) for n in range(20)))
    pieces = Renderer(voice, FewClips({})).pieces(command, 60)
    await anext(pieces)
    await asyncio.sleep(0.01)
    assert len(voice.asked) == 3
    await pieces.aclose()


async def test_a_missing_recording_is_spoken_if_its_text_is_known(centre):
    known, unknown = Clip("a" * 64, "ru", 1.0), Clip("b" * 64, "ru", 1.0)
    renderer = Renderer(SlowVoice(), FewClips({"a" * 64: "Отбой."}))
    (_, spoken), (_, missing) = await rendered(renderer, centre.command(audio=(known, unknown)))
    assert len(spoken) == len(LONG)
    assert isinstance(missing, AudioMissing)


async def test_what_is_missing_is_said_and_the_rest_sounds(centre):
    command = centre.command(audio=(Tone("foghorn", 1.0), Speech("kk", "бір"), Tone("test", 1.0)))
    pieces = await rendered(Renderer(Mute(), FewClips({})), command)
    assert [isinstance(sound, AudioMissing) for _, sound in pieces] == [True, True, False]


class BreakingClips(FewClips):
    async def get(self, sha256):
        raise ZeroDivisionError("what")


class BreakingVoice:
    async def speak(self, language, text):
        raise ZeroDivisionError("what")


async def test_a_recording_that_breaks_anything_is_spoken(centre):
    renderer = Renderer(SlowVoice(), BreakingClips({"a" * 64: "Отбой."}))
    ((_, spoken),) = await rendered(renderer, centre.command(audio=(Clip("a" * 64, "ru", 1.0),)))
    assert len(spoken) == len(LONG)


async def test_a_piece_that_breaks_is_missing_and_the_rest_sounds(centre):
    command = centre.command(audio=(Clip("b" * 64, "kk", 1.0), Speech("ru", "два"), Tone("test", 1.0)))
    pieces = await rendered(Renderer(BreakingVoice(), BreakingClips({})), command)
    assert [isinstance(sound, AudioMissing) for _, sound in pieces] == [True, True, False]
