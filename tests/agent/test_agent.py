import asyncio
import sqlite3
import time

import pytest

from tests.agent.support import CELL, until
from tirek_agent.agent import Agent, wall_ms
from tirek_agent.core import Me
from tirek_agent.ending import ended
from tirek_agent.history import History
from tirek_agent.journal import Journal, JournalError
from tirek_agent.player import Played, PlayError
from tirek_protocols.command import Addressees, Proof, SigningKey, decode_beat, decode_report

KEY = SigningKey.generate()
ENROLLED = 1_700_000_000_000
YEAR = 365 * 24 * 3600 * 1000
HEARD = Proof("loopback", True, -12.0)


class FakePlayer:
    """Plays for `seconds`, or fails; says what it was asked for."""

    def __init__(self, seconds=0.05, error=None):
        self.seconds = seconds
        self.error = error
        self.playing = ""
        self.most_at_once = 0
        self.hears = None
        self.wrong = []

    async def play(self, command, run_s, latest, begin, heard):
        if self.error:
            raise self.error
        assert not self.playing
        begin()
        self.playing = command.id
        await heard(HEARD)
        try:
            await asyncio.sleep(self.seconds)
        finally:
            self.playing = ""
        return Played(HEARD, "")

    def stop(self):
        self.playing = ""

    async def faults(self):
        return self.wrong

    async def idle(self):
        return self.hears


class House:
    """One agent at home in a folder, or in memory."""

    def __init__(self, centre, home=None, player=None, clock=wall_ms):
        self.journal = Journal(home / "journal.sqlite3" if home else None)
        self.history = History(home)
        self.player = player or FakePlayer()
        self.centre = centre
        self.flushes = 0
        me = Me("e1", CELL, ENROLLED)
        self.agent = Agent(me, KEY, centre.decode, self.journal, self.player, self.history, clock=clock)

    async def __aenter__(self):
        await self.agent.start()
        return self

    async def __aexit__(self, *error):
        await self.agent.stop()
        await self.journal.close()
        self.history.close()

    def slow_disk(self, seconds=0.2):
        """A memory card that takes its time; call what is returned to have a fast one again."""
        commit = self.journal._commit

        def slow():
            self.flushes += 1
            time.sleep(seconds)
            commit()

        self.journal._commit = slow
        return lambda: setattr(self.journal, "_commit", commit)

    def dead_disk(self):
        """A memory card that takes nothing; call what is returned to have a good one again."""
        commit = self.journal._commit

        def broken():
            raise sqlite3.OperationalError("attempt to write a readonly database")

        self.journal._commit = broken
        return lambda: setattr(self.journal, "_commit", commit)

    async def take(self, command):
        await self.agent.take(self.centre.sign(command))

    def beats(self, count=1):
        return [decode_beat(self.agent.beat(), KEY.public) for _ in range(count)]

    def reports(self):
        return [decode_report(said.envelope, KEY.public) for said in self.agent.outbox.waiting.values()]

    def states(self):
        return [report.state for report in self.reports()]


async def test_a_command_is_played_and_every_step_reported(centre):
    async with House(centre) as house:
        await house.take(centre.command())
        await until(lambda: "finished" in house.states(), 2)
        assert house.states() == ["accepted", "sounding", "finished"]
        (sounding,) = house.history.of("e1")
        assert sounding.end_ms is not None


async def test_it_is_on_the_disk_before_it_sounds(centre, tmp_path):
    async with House(centre, tmp_path, FakePlayer(10)) as house:
        order = []
        write, begin = house.journal.write, house.history.begin

        async def writing(endpoint, records):
            await write(endpoint, records)
            order.extend(getattr(record, "life", "") for record in records)

        def beginning(*words):
            order.append("sound")
            begin(*words)

        house.journal.write, house.history.begin = writing, beginning
        await house.take(centre.command())
        await until(lambda: "sound" in order, 2)
        assert order.index("sounding") < order.index("sound")


async def test_a_disk_that_does_not_write_means_no_sound_and_a_report_that_says_why(centre):
    async with House(centre) as house:

        async def broken(endpoint, records):
            if records:
                raise JournalError("the journal cannot be written: disk full")

        write, house.journal.write = house.journal.write, broken
        await house.take(centre.command())
        assert house.history.of("e1") == []
        assert house.states() == ["accepted", "failed"]
        assert "disk full" in house.reports()[-1].reason
        assert decode_beat(house.agent.beat(), KEY.public).faults == ("the journal cannot be written: disk full",)
        house.journal.write = write


async def test_a_dead_disk_stays_a_fault_until_it_really_writes_again(centre):
    async with House(centre) as house:
        good_disk = house.dead_disk()
        play = centre.command()
        await house.take(play)
        await house.take(centre.command(to=Addressees(ids=("other",))))
        await house.take(play)
        assert "cannot be written" in house.beats()[0].faults[0]
        good_disk()
        await house.take(centre.command(alert="next"))
        assert house.beats()[0].faults == ()


async def test_a_disk_that_dies_between_two_commands_is_found_out_and_so_is_a_new_one(centre, monkeypatch):
    monkeypatch.setattr("tirek_agent.agent.CHECK_EVERY_S", 0.05)
    async with House(centre) as house:
        assert house.beats()[0].faults == ()
        good_disk = house.dead_disk()
        await until(lambda: house.beats()[0].faults, 5)
        good_disk()
        await until(lambda: not house.beats()[0].faults, 5)


async def test_a_disk_that_hangs_is_a_fault_while_it_does(centre, monkeypatch):
    monkeypatch.setattr("tirek_agent.agent.CHECK_EVERY_S", 0.1)
    async with House(centre) as house:
        good_disk = house.slow_disk(1.0)
        await until(lambda: house.beats()[0].faults, 5)
        assert "does not answer" in house.beats()[0].faults[0]
        good_disk()
        await until(lambda: not house.beats()[0].faults, 5)


async def test_a_link_that_breaks_while_the_disk_writes_takes_no_sound_with_it(centre, tmp_path):
    async with House(centre, tmp_path) as house:
        fast_disk = house.slow_disk()
        play = centre.command()
        taking = asyncio.create_task(house.take(play))
        await asyncio.sleep(0.05)
        await ended([taking], again_s=0.1)
        assert taking.cancelled()
        fast_disk()
        await until(lambda: house.states() == ["accepted", "sounding", "finished"], 5)
        await house.take(centre.command(alert="next"))
        await until(lambda: house.states().count("finished") == 2, 5)
        assert len(house.history.of("e1")) == 2


async def test_what_comes_while_the_disk_writes_reaches_it_in_order_and_in_one_flush(centre, tmp_path):
    async with House(centre, tmp_path, FakePlayer(30)) as house:
        fast_disk = house.slow_disk()
        commands = [centre.command(action=action) for action in ("play", "silence")]
        commands.append(centre.command(alert="next"))
        await asyncio.gather(*(house.take(command) for command in commands))
        assert house.flushes <= 2
        fast_disk()
        await until(lambda: house.player.playing == commands[2].id, 2)
        lives = {known.command.id: known.life for known in (await house.journal.load("e1")).known}
        assert [lives[command.id] for command in commands] == ["over", "over", "sounding"]
        assert [sounding.command for sounding in house.history.of("e1")] == [commands[2].id]


async def test_one_that_is_killed_while_the_disk_writes_begins_nothing_more(centre, tmp_path):
    async with House(centre, tmp_path) as house:
        fast_disk = house.slow_disk()
        taking = asyncio.create_task(house.take(centre.command()))
        await asyncio.sleep(0.05)
        await house.agent.kill()
        await asyncio.wait_for(taking, 1)
        await house.take(centre.command(alert="next"))
        await asyncio.sleep(0.3)
        fast_disk()
        assert house.history.of("e1") == []


async def test_a_start_that_is_broken_off_leaves_nothing_that_sounds(centre, tmp_path):
    play = centre.command(not_before=wall_ms() + 300)
    async with House(centre, tmp_path) as house:
        await house.take(play)
    await asyncio.sleep(0.3)
    house = House(centre, tmp_path)
    fast_disk = house.slow_disk()
    starting = asyncio.create_task(house.agent.start())
    await asyncio.sleep(0.05)
    await ended([starting], again_s=0.1)
    await asyncio.sleep(0.3)
    fast_disk()
    assert house.history.of("e1") == []
    await house.journal.close()


async def test_silence_stops_the_player_at_once(centre):
    async with House(centre, player=FakePlayer(30)) as house:
        play = centre.command()
        await house.take(play)
        await until(lambda: house.player.playing, 2)
        await house.take(centre.command(action="silence"))
        assert house.player.playing == ""
        assert [s.state for s in house.reports() if s.command == play.id][-1] == "stopped"
        await until(lambda: house.history.of("e1")[0].end_ms, 2)


async def test_many_at_once_sound_one_after_the_other_and_each_once(centre):
    async with House(centre, player=FakePlayer(0.01)) as house:
        commands = [centre.command(alert=f"a{n}") for n in range(20)]
        await asyncio.gather(*(house.take(command) for command in commands * 3))
        await until(lambda: house.states().count("finished") == 20, 5)
        assert sorted(s.command for s in house.history.of("e1")) == sorted(c.id for c in commands)


async def test_ten_thousand_wrong_ones_sound_nothing_and_flood_nothing(centre):
    async with House(centre) as house:
        play = centre.command()
        good = centre.sign(play)
        stranger = SigningKey.generate()
        wrong = [
            good[:-1] + bytes([good[-1] ^ 1]),
            good[:80] + b"{}",
            b"TRK1",
            b"rubbish" * 50,
            good.replace(centre.key.public.key_id, stranger.public.key_id),
            centre.sign(centre.command(now=wall_ms() - 120_000)),
        ]
        for number in range(10_000):
            await house.agent.take(wrong[number % len(wrong)])
        await house.agent.take(b"")
        assert house.history.of("e1") == []
        assert set(house.states()) == {"refused"}
        assert len(house.states()) < 20
        assert {report.reason.split(" (")[0] for report in house.reports()} == {
            "bad signature",
            "malformed",
            "unknown key",
            "expired",
        }


async def test_a_failure_to_play_is_reported_with_its_reason(centre):
    async with House(centre, player=FakePlayer(error=PlayError("there is no sound card"))) as house:
        await house.take(centre.command())
        await until(lambda: "failed" in house.states(), 2)
        assert house.reports()[-1].reason == "there is no sound card"


async def test_one_that_breaks_the_player_does_not_keep_the_next_waiting(centre):
    async with House(centre, player=FakePlayer(error=ZeroDivisionError("what"))) as house:
        await house.take(centre.command())
        await until(lambda: "failed" in house.states(), 2)
        house.player.error = None
        await house.take(centre.command(alert="next"))
        await until(lambda: "finished" in house.states(), 2)


async def test_reports_wait_over_a_restart_until_they_are_told(centre, tmp_path):
    async with House(centre, tmp_path) as house:
        await house.take(centre.command())
        await until(lambda: "finished" in house.states(), 2)
        house.agent.told(house.reports()[0].seq)
    async with House(centre, tmp_path) as house:
        assert house.states() == ["sounding", "finished"]
        assert decode_beat(house.agent.beat(), KEY.public).waiting == 2


async def test_a_shutdown_in_good_order_says_so_and_a_later_start_does_not_sound_again(centre, tmp_path):
    play = centre.command()
    async with House(centre, tmp_path, FakePlayer(30)) as house:
        await house.take(play)
        await until(lambda: house.player.playing, 2)
    async with House(centre, tmp_path) as house:
        assert house.states()[-1] == "stopped"
        await house.take(play)
        await asyncio.sleep(0.05)
        assert len(house.history.of("e1")) == 1


async def test_a_lost_journal_does_not_sound_what_may_have_sounded(centre, tmp_path):
    (tmp_path / "journal.sqlite3").write_bytes(b"rubbish " * 1000)
    play = centre.command()
    await asyncio.sleep(0.002)
    async with House(centre, tmp_path) as house:
        await house.take(play)
        assert house.states() == ["refused"]


async def test_reports_of_a_replaced_disk_have_numbers_that_were_never_used(centre, tmp_path):
    numbers = []
    for disk in ("old", "new"):
        (tmp_path / disk).mkdir()
        async with House(centre, tmp_path / disk) as house:
            await house.take(centre.command())
            await until(lambda h=house: "finished" in h.states(), 2)
            numbers.append([report.seq for report in house.reports()])
        await asyncio.sleep(0.01)
    assert max(numbers[0]) < min(numbers[1])


async def test_beats_grow_and_say_what_sounds_and_what_is_wrong(centre):
    player = FakePlayer(30)
    player.wrong = ["there is no sound card"]
    async with House(centre, player=player) as house:
        play = centre.command()
        await house.take(play)
        await until(lambda: player.playing and house.agent._sound_faults, 2)
        one, two = (decode_beat(house.agent.beat(), KEY.public) for _ in range(2))
        assert two.seq > one.seq
        assert (one.playing, one.faults) == (play.id, ("there is no sound card",))


async def test_numbers_of_beats_grow_over_restarts_whatever_the_clock_does(centre, tmp_path):
    last = 0
    for wrong in (10 * YEAR, 0, -YEAR, 10 * YEAR):
        async with House(centre, tmp_path, clock=lambda wrong=wrong: wall_ms() + wrong) as house:
            beats = house.beats(3)
            assert last < beats[0].seq < beats[1].seq < beats[2].seq
            assert last == 0 or beats[2].seq - last < 20_000
            assert all(abs(beat.at - wall_ms() - wrong) < 60_000 for beat in beats)
            last = beats[2].seq


async def test_numbers_of_beats_do_not_follow_a_clock_that_is_set_wrong(centre, tmp_path):
    wrong = 0
    async with House(centre, tmp_path, clock=lambda: wall_ms() + wrong) as house:
        (before,) = house.beats()
        wrong = 10 * YEAR
        (after,) = house.beats()
        assert after.seq == before.seq + 1
        assert after.at - before.at >= wrong


async def test_numbers_of_beats_are_kept_however_many_there_are(centre, tmp_path, monkeypatch):
    monkeypatch.setattr("tirek_agent.beat_numbers.AHEAD", 10)
    async with House(centre, tmp_path) as house:
        for _ in range(25):
            (last,) = house.beats()
            await until(lambda: not house.agent._numbers.run_short)
    async with House(centre, tmp_path, clock=lambda: wall_ms() + YEAR) as house:
        assert last.seq < house.beats()[0].seq <= last.seq + 11


async def test_beats_of_a_new_agent_whose_clock_is_not_set_begin_with_its_enrolment(centre, tmp_path):
    async with House(centre, tmp_path, clock=lambda: 1000) as house:
        assert house.beats()[0].seq > ENROLLED


async def test_numbers_of_beats_follow_the_clock_while_the_disk_holds_none(centre, tmp_path):
    """A device whose memory card is dead must be seen, also after a restart."""
    async with House(centre, tmp_path) as house:
        (before,) = house.beats()
    for later in (60_000, 120_000):
        house = House(centre, tmp_path, clock=lambda later=later: wall_ms() + later)
        house.journal._db.execute("PRAGMA query_only=1")
        async with house:
            beats = house.beats(2)
            assert before.seq < beats[0].seq < beats[1].seq
            assert beats[0].faults
            before = beats[1]


async def test_numbers_of_beats_follow_the_clock_when_the_journal_was_lost(centre, tmp_path):
    (tmp_path / "journal.sqlite3").write_bytes(b"rubbish " * 1000)
    behind = YEAR
    async with House(centre, tmp_path, clock=lambda: wall_ms() - behind) as house:
        house.beats()
        behind = 0
        (told,) = house.beats()
        assert told.seq > wall_ms() - 60_000
    async with House(centre, tmp_path) as house:
        assert house.beats()[0].seq > told.seq


@pytest.mark.parametrize("hears", [HEARD, Proof("microphone", False, -60.0)])
async def test_a_sound_that_nobody_commanded_is_reported_once(centre, hears, monkeypatch):
    monkeypatch.setattr("tirek_agent.agent.WATCH_EVERY_S", 0.01)
    monkeypatch.setattr("tirek_agent.agent.AFTER_SOUND_S", 0.0)
    async with House(centre) as house:
        house.player.hears = hears
        await asyncio.sleep(0.2)
        assert house.states() == (["sounding"] if hears.heard else [])
        if hears.heard:
            assert house.reports()[0].command == ""
