import asyncio

import numpy as np
import pytest

from tirek_agent.audio.clips import Clips
from tirek_agent.audio.pcm import RATE
from tirek_agent.audio.probe import Finding, LoopbackProbe, NoProbe, ProbeError
from tirek_agent.audio.render import Renderer
from tirek_agent.audio.sinks import PacedSink, SinkError
from tirek_agent.audio.speech import Mute
from tirek_agent.player import PlayError, SilentPlayer, SoundPlayer
from tirek_protocols.command import Speech, Tone


class Voice:
    async def speak(self, language, text):
        rng = np.random.default_rng(len(text))
        return (3000 * rng.normal(size=RATE)).astype(np.int16)


class Stage:
    """A player with everything that it says."""

    def __init__(self, tmp_path, gain=1.0, voice=None, sink=None, probe=None):
        self.sink = sink or PacedSink(gain)
        self.player = SoundPlayer(
            Renderer(voice or Voice(), Clips(tmp_path, "")), self.sink, probe or LoopbackProbe(self.sink)
        )
        self.begun = 0
        self.first = []

    def begin(self):
        self.begun += 1

    async def heard(self, proof):
        self.first.append((asyncio.get_running_loop().time(), proof))

    async def play(self, command, run_s=60.0, left_s=60.0):
        latest = asyncio.get_running_loop().time() + left_s
        return await self.player.play(command, run_s, latest, self.begin, self.heard)


async def test_tone_and_words_are_heard_and_proven_from_the_first_moment(tmp_path, centre):
    stage = Stage(tmp_path)
    began = asyncio.get_running_loop().time()
    played = await stage.play(centre.command(audio=(Tone("attention", 1.0), Speech("ru", "Отбой"))))
    took = asyncio.get_running_loop().time() - began
    assert 2.7 <= took < 3.2
    assert stage.begun == 1
    ((at, proof),) = stage.first
    assert 0.7 <= at - began < 0.9
    assert proof.heard
    assert proof.probe == "loopback"
    assert played.proof.heard
    assert played.proof.detail == "2 of 2 parts heard"
    assert played.remark == ""


async def test_a_muted_amplifier_is_found_out_at_once_and_as_a_whole(tmp_path, centre):
    stage = Stage(tmp_path, gain=0.0)
    played = await stage.play(centre.command())
    assert not stage.first[0][1].heard
    assert not played.proof.heard
    assert "0 of 1 parts heard" in played.proof.detail


async def test_words_that_are_missing_are_said_and_the_whole_was_not_heard(tmp_path, centre):
    stage = Stage(tmp_path, voice=Mute())
    played = await stage.play(centre.command(audio=(Tone("attention", 0.8), Speech("kk", "бір"))))
    assert stage.first[0][1].heard
    assert not played.proof.heard
    assert "missing: speech kk" in played.remark


async def test_nothing_to_play_is_a_failure_before_any_sound(tmp_path, centre):
    stage = Stage(tmp_path, voice=Mute())
    with pytest.raises(PlayError, match="no voice speaks"):
        await stage.play(centre.command(audio=(Speech("kk", "бір"), Tone("foghorn", 1.0))))
    assert stage.begun == 0


@pytest.mark.parametrize(("run_s", "left_s"), [(0.5, 60.0), (60.0, 0.5)])
async def test_it_never_sounds_longer_than_allowed(tmp_path, centre, run_s, left_s):
    stage = Stage(tmp_path)
    began = asyncio.get_running_loop().time()
    played = await stage.play(centre.command(audio=(Tone("attention", 30.0), Tone("test", 30.0))), run_s, left_s)
    assert asyncio.get_running_loop().time() - began < 0.7
    assert stage.sink.position() <= 0.5 * RATE
    assert "longest time" in played.remark


class Hanging(Voice):
    async def speak(self, language, text):
        await asyncio.sleep(30)


async def test_words_that_do_not_come_end_with_the_run_and_are_said_to_be_missing(tmp_path, centre):
    stage = Stage(tmp_path, voice=Hanging())
    began = asyncio.get_running_loop().time()
    played = await stage.play(centre.command(audio=(Tone("attention", 0.8), Speech("kk", "бір"))), run_s=1.5)
    assert 1.4 < asyncio.get_running_loop().time() - began < 2.5
    assert stage.first[0][1].heard
    assert not played.proof.heard
    assert "missing: the rest: not ready" in played.remark


async def test_words_that_never_come_are_no_play_at_all(tmp_path, centre):
    stage = Stage(tmp_path, voice=Hanging())
    with pytest.raises(PlayError, match="time ran out"):
        await stage.play(centre.command(audio=(Speech("kk", "бір"),)), left_s=0.3)
    assert stage.begun == 0


async def test_too_late_is_a_failure_and_no_sound(tmp_path, centre):
    stage = Stage(tmp_path)
    with pytest.raises(PlayError, match="time ran out"):
        await stage.play(centre.command(), left_s=0.0)
    assert stage.begun == 0


async def test_stop_is_silence_at_once(tmp_path, centre):
    stage = Stage(tmp_path)
    task = asyncio.create_task(stage.play(centre.command(audio=(Tone("attention", 30.0),))))
    await asyncio.sleep(0.2)
    stage.player.stop()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert not stage.sink.recent(RATE).any()


class Hesitant(Voice):
    async def speak(self, language, text):
        return np.concatenate((np.zeros(RATE, np.int16), (await super().speak(language, text))[: RATE // 2]))


async def test_a_pause_for_breath_is_no_place_to_look(tmp_path, centre):
    """Or a good loudspeaker would be called silent."""
    stage = Stage(tmp_path, voice=Hesitant())
    began = asyncio.get_running_loop().time()
    played = await stage.play(centre.command(audio=(Speech("ru", "Отбой"),)))
    ((at, proof),) = stage.first
    assert 1.0 < at - began < 1.4
    assert proof.heard
    assert played.proof.heard


class Broken(PacedSink):
    async def check(self):
        raise SinkError("there is no sound card")


class Stuck(PacedSink):
    def position(self):
        return 0


class Deaf(NoProbe):
    opened = 0

    async def open(self):
        self.opened += 1

    async def listen(self, meant):
        raise ProbeError("the microphone gives no sound")

    async def idle(self) -> Finding:
        raise ProbeError("the microphone gives no sound")


async def test_a_missing_or_stuck_sound_card_is_a_failure(tmp_path, centre, monkeypatch):
    monkeypatch.setattr("tirek_agent.player.STALLED_S", 0.2)
    with pytest.raises(PlayError, match="no sound card"):
        await Stage(tmp_path, sink=Broken()).play(centre.command())
    with pytest.raises(PlayError, match="takes no sound"):
        await Stage(tmp_path, sink=Stuck(), probe=NoProbe()).play(centre.command())


async def test_a_broken_probe_never_silences_a_siren(tmp_path, centre):
    stage = Stage(tmp_path, probe=Deaf())
    played = await stage.play(centre.command(audio=(Tone("test", 0.8),)))
    assert not played.proof.heard
    assert "gives no sound" in stage.first[0][1].detail


async def test_faults_name_what_is_broken_and_open_the_probe_again(tmp_path):
    probe = Deaf()
    stage = Stage(tmp_path, sink=Broken(), probe=probe)
    assert await stage.player.faults() == ["there is no sound card", "the microphone gives no sound"]
    assert probe.opened == 1
    assert await stage.player.idle() is None
    assert await Stage(tmp_path).player.faults() == []


async def test_a_silent_test_checks_without_a_sound_and_claims_none(tmp_path, centre):
    command = centre.command(action="test", alert="", audio=())
    stage = Stage(tmp_path)
    played = await stage.play(command)
    assert stage.begun == 0
    assert not played.proof.heard
    assert "silent test" in played.proof.detail
    with pytest.raises(PlayError, match="no sound card"):
        await Stage(tmp_path, sink=Broken()).play(command)


async def test_the_player_for_load_tests_takes_its_time_and_proves_nothing(tmp_path, centre):
    stage = Stage(tmp_path)
    stage.player = SilentPlayer()
    began = asyncio.get_running_loop().time()
    played = await stage.play(centre.command(audio=(Tone("test", 0.1), Speech("ru", "да"))))
    assert 0.2 < asyncio.get_running_loop().time() - began < 0.4
    assert (stage.begun, played.proof.probe, played.proof.heard) == (1, "none", False)
