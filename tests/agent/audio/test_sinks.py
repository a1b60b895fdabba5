import asyncio

import miniaudio
import numpy as np
import pytest

from tirek_agent.audio.pcm import RATE, decoded, level_db
from tirek_agent.audio.sinks import DeviceSink, FileSink, PacedSink, SinkError
from tirek_agent.audio.tone import tone

NULL = (miniaudio.Backend.NULL,)


class Time:
    now = 100.0

    def __call__(self):
        return self.now


async def test_a_paced_sink_takes_as_long_as_a_real_one():
    time = Time()
    sink = PacedSink(clock=time)
    pcm = tone("test", "live", 2.0)
    await sink.start(pcm)
    time.now += 1.0
    assert sink.position() == RATE
    assert np.array_equal(sink.recent(8000), pcm[RATE - 8000 : RATE])
    time.now += 5.0
    assert sink.position() == len(pcm)


async def test_nothing_comes_out_of_a_stopped_sink_nor_before_the_first_sample():
    time = Time()
    sink = PacedSink(clock=time)
    assert level_db(sink.recent(1000)) == -120
    await sink.start(tone("attention", "live", 2.0))
    time.now += 0.1
    recent = sink.recent(RATE)
    assert not recent[: RATE - 1600].any()
    assert recent[RATE - 1600 :].any()
    sink.stop()
    time.now += 1.0
    assert sink.position() == 1600
    assert not sink.recent(RATE).any()


async def test_gain_is_the_amplifier():
    time = Time()
    sink = PacedSink(0.01, time)
    pcm = tone("attention", "live", 2.0)
    await sink.start(pcm)
    time.now += 1.0
    assert level_db(sink.recent(8000)) == pytest.approx(level_db(pcm[8000:16000]) - 40, abs=0.5)


async def test_a_file_holds_only_what_sounded(tmp_path):
    sink = FileSink(tmp_path / "new")
    pcm = tone("attention", "live", 5.0)
    await sink.start(pcm)
    await asyncio.sleep(0.2)
    sink.stop()
    sink.stop()
    (path,) = (tmp_path / "new").iterdir()
    written = decoded(path.read_bytes())
    assert RATE * 0.2 <= len(written) < RATE
    assert np.array_equal(written, pcm[: len(written)])


async def test_a_folder_that_cannot_be_is_an_error_that_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(SinkError, match="cannot be written"):
        await FileSink(tmp_path / "file").start(tone("test", "live", 1.0))


async def test_a_device_plays_to_the_end_and_stops_at_once():
    sink = DeviceSink(backends=NULL)
    await sink.check()
    await sink.start(tone("test", "live", 0.3))
    async with asyncio.timeout(3):
        while sink.position() < 0.3 * RATE:
            await asyncio.sleep(0.02)
    sink.stop()
    await sink.start(tone("test", "live", 30.0))
    await asyncio.sleep(0.2)
    sink.stop()
    stopped = sink.position()
    await asyncio.sleep(0.2)
    assert 0 < stopped < 2 * RATE
    assert sink.position() - stopped <= RATE // 10


async def test_a_missing_sound_card_is_an_error_that_names_the_others():
    with pytest.raises(SinkError, match="no device is called 'horn'"):
        await DeviceSink("horn", NULL).check()
    with pytest.raises(SinkError, match="no device is called 'horn'"):
        await DeviceSink("horn", NULL).start(tone("test", "live", 1.0))
