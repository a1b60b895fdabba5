import asyncio

import miniaudio
import numpy as np
import pytest

from tirek_agent.audio.pcm import RATE
from tirek_agent.audio.probe import CurrentProbe, LoopbackProbe, MicrophoneProbe, NoProbe, ProbeError
from tirek_agent.audio.sinks import PacedSink
from tirek_agent.audio.tone import tone


class Time:
    now = 100.0

    def __call__(self):
        return self.now


async def sounding(pcm, gain=1.0, seconds=0.7):
    """A sink that has been sounding, and its probe."""
    time = Time()
    sink = PacedSink(gain, time)
    await sink.start(pcm)
    time.now += seconds
    return LoopbackProbe(sink)


def first(pcm, seconds=0.7):
    return lambda: pcm[: round(seconds * RATE)]


@pytest.mark.parametrize("mode", ["live", "exercise"])
async def test_a_normal_sink_is_heard(mode):
    pcm = tone("attention", mode, 3.0)
    finding = await (await sounding(pcm)).listen(first(pcm))
    assert finding.heard
    assert finding.level_db > -20


@pytest.mark.parametrize(("gain", "why"), [(0.0, "too quiet"), (0.005, "too quiet")])
async def test_a_muted_and_a_quiet_sink_are_not_heard(gain, why):
    pcm = tone("attention", "live", 3.0)
    finding = await (await sounding(pcm, gain)).listen(first(pcm))
    assert not finding.heard
    assert why in finding.detail


async def test_another_sound_is_not_taken_for_the_commanded_one():
    probe = await sounding(tone("attention", "exercise", 3.0))
    finding = await probe.listen(first(tone("attention", "live", 3.0)))
    assert not finding.heard
    assert "another sound" in finding.detail
    noise = (5000 * np.random.default_rng(2).normal(size=3 * RATE)).astype(np.int16)
    assert not (await (await sounding(noise)).listen(first(tone("attention", "live", 3.0)))).heard


async def test_idle_hears_a_sound_that_is_still_on():
    assert (await (await sounding(tone("all_clear", "live", 3.0))).idle()).heard
    assert not (await LoopbackProbe(PacedSink()).idle()).heard


async def test_no_probe_claims_nothing():
    assert not (await NoProbe().listen(first(tone("test", "live", 1.0)))).heard


async def test_current_from_a_file_and_from_a_command(tmp_path):
    reading = tmp_path / "current"
    reading.write_text("1.42 A\n")
    meant = first(tone("test", "live", 1.0))
    for source in (str(reading), f"!cat {reading}"):
        finding = await CurrentProbe(source, 0.5).listen(meant)
        assert finding.heard
        assert finding.level_db is None
        assert not (await CurrentProbe(source, 2.0).listen(meant)).heard


@pytest.mark.parametrize("source", ["/nowhere/current", "!false", "!no-such-program-here", "!"])
async def test_a_broken_current_meter_says_so(source):
    with pytest.raises(ProbeError):
        await CurrentProbe(source, 0.5).open()


async def test_a_microphone_that_gives_silence_hears_nothing_and_one_that_stops_is_an_error():
    probe = MicrophoneProbe(backends=(miniaudio.Backend.NULL,))
    with pytest.raises(ProbeError, match="gives no sound"):
        await probe.idle()
    await probe.open()
    await asyncio.sleep(0.5)
    assert not (await probe.idle()).heard
    assert not (await probe.listen(first(tone("test", "live", 1.0)))).heard
    await probe.close()
    await asyncio.sleep(1.1)
    with pytest.raises(ProbeError, match="gives no sound"):
        await probe.idle()
