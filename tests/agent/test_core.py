import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.agent.support import CELL, Centre
from tirek_agent.core import AGAIN_MS, FORGET_MS, REFUSALS_MS, Core, Me
from tirek_agent.records import Barred, Forgotten, Known, Life, Memory, Said, Told
from tirek_protocols.command import Addressees, Proof, SigningKey, Tone, decode_report, encode

NOW = 1_800_000_000_000
HEARD = Proof("loopback", True, -12.0)
KEY = SigningKey.generate()
CENTRE = Centre()


class Bench:
    """A core with a disk of the mind: only what a step wrote survives `restart`."""

    def __init__(self):
        self.disk = []
        self.soundings = []
        self.reports = []
        self.core = Core(Me("e1", CELL, 0), lambda report: encode(report, KEY), Memory())

    def do(self, step):
        self.disk += step.records
        said = [record for record in step.records if isinstance(record, Said)] + step.again
        self.reports += [decode_report(s.envelope, KEY.public) for s in said]
        if step.sound is not None and self.core.may_sound(step.sound.id):
            self.soundings.append(step.sound)
        return step

    def receive(self, command, now=NOW, envelope=None):
        return self.do(self.core.receive(command, envelope or CENTRE.sign(command), now))

    def restart(self, now=NOW):
        memory = Memory()
        known = {}
        for record in self.disk:
            match record:
                case Known():
                    known[record.command.id] = record
                case Forgotten():
                    known.pop(record.command, None)
                case Barred():
                    memory.barred.append(record)
                case Said():
                    memory.seq = record.seq
                    memory.last_said[record.command] = record
                case Told():
                    pass
        memory.known = list(known.values())
        self.core = Core(Me("e1", CELL, 0), lambda report: encode(report, KEY), memory)
        return self.do(self.core.resume(now))

    def states(self, command):
        return [report.state for report in self.reports if report.command == command.id]

    def finish(self, now=NOW):
        return self.do(self.core.ended(self.core.sounding.id, "finished", now, "", HEARD))


@pytest.fixture
def bench():
    return Bench()


def command(**changes):
    return CENTRE.command(**({"now": NOW} | changes))


def test_a_command_is_accepted_written_down_and_then_sounds(bench):
    play = command()
    step = bench.receive(play)
    assert step.sound.id == play.id
    assert [r.life for r in step.records if isinstance(r, Known)] == [Life.WAITING, Life.SOUNDING]
    bench.do(bench.core.heard(play.id, HEARD, NOW + 700))
    bench.finish(NOW + 1000)
    assert bench.states(play) == ["accepted", "sounding", "finished"]
    assert [report.seq for report in bench.reports] == [1, 2, 3]


@pytest.mark.parametrize(("written", "first"), [(0, NOW + 1), (NOW - 5, NOW + 1), (NOW + 7, NOW + 8)])
def test_numbers_grow_over_a_lost_journal_and_a_clock_that_was_set_back(bench, written, first):
    bench.core = Core(Me("e1", CELL, 0), lambda report: encode(report, KEY), Memory(seq=written), begin=NOW)
    bench.receive(command())
    assert bench.reports[0].seq == first


def test_a_command_received_again_gives_the_last_report_again_but_not_too_often(bench):
    play = command()
    bench.receive(play)
    bench.finish()
    assert bench.receive(play, NOW + AGAIN_MS).again[0].seq == 2
    assert bench.receive(play, NOW + AGAIN_MS + 1).again == []
    assert bench.receive(play, NOW + 2 * AGAIN_MS).again[0].seq == 2
    assert bench.receive(play, play.not_after + 10**6).again[0].seq == 2
    assert len(bench.soundings) == 1


def test_an_expired_command_is_refused_only_by_those_it_is_for(bench):
    late = command()
    bench.receive(late, late.not_after)
    assert bench.states(late) == ["refused"]
    assert bench.reports[0].reason == "expired"
    assert bench.receive(command(to=Addressees(ids=("e2",))), late.not_after).records == []


@pytest.mark.parametrize(
    "other", [{"to": Addressees(ids=("e2",))}, {"to": Addressees(cells=("8a2b5a400017fff",))}, {"now": -1}]
)
def test_what_is_for_others_or_older_than_the_enrolment_is_ignored(bench, other):
    bench.core = Core(Me("e1", CELL, NOW), lambda report: encode(report, KEY), Memory())
    play = command(**({"now": NOW - 1} if other.get("now") else other))
    step = bench.receive(play)
    assert (step.records, step.sound, step.again) == ([], None, [])


def test_a_replay_with_other_content_is_refused_and_touches_nothing(bench):
    play = command()
    bench.receive(play)
    bench.finish()
    bench.receive(command(id=play.id, alert="another"))
    assert bench.reports[-1].state == "refused"
    assert bench.reports[-1].command == ""
    assert "other content" in bench.reports[-1].reason
    assert len(bench.soundings) == 1


def test_refusals_are_reported_at_once_then_counted(bench):
    for number in range(1000):
        bench.do(bench.core.refuse("bad signature", NOW + number))
    assert [r.reason for r in bench.reports] == ["bad signature (1 since the start)"]
    assert bench.core.wake_ms(NOW + 999) == NOW + REFUSALS_MS
    bench.do(bench.core.tick(NOW + REFUSALS_MS))
    assert bench.reports[-1].reason == "bad signature (1000 since the start)"
    assert bench.core.wake_ms(NOW + REFUSALS_MS) is None


def test_a_scheduled_command_waits_for_its_time(bench):
    play = command(not_before=NOW + 5000)
    assert bench.receive(play).sound is None
    assert bench.core.wake_ms(NOW) == NOW + 5000
    assert bench.do(bench.core.tick(NOW + 4999)).sound is None
    assert bench.do(bench.core.tick(NOW + 5000)).sound.id == play.id


def test_a_clock_a_little_behind_does_not_delay_a_warning_and_one_far_behind_says_so(bench):
    assert bench.receive(command(), NOW - 4000).sound is not None
    bench = Bench()
    play = command()
    assert bench.receive(play, NOW - 60_000).sound is None
    assert "60 s behind" in bench.reports[0].reason
    assert bench.do(bench.core.tick(NOW)).sound.id == play.id


def test_live_interrupts_exercise_and_exercise_interrupts_a_test(bench):
    test = command(action="test", alert="")
    exercise = command(mode="exercise", alert="ex")
    live = command(alert="live")
    for number, each in enumerate((test, exercise, live)):
        assert bench.receive(each, NOW + number).sound.id == each.id
    assert bench.states(test) == bench.states(exercise) == ["accepted", "stopped"]
    later = command(mode="exercise", alert="ex2")
    assert bench.receive(later).sound is None
    bench.finish()
    assert bench.core.sounding.id == later.id


def test_live_alerts_wait_for_each_other_in_the_order_of_issue(bench):
    first, third, second = (command(alert=f"a{n}", now=NOW + n) for n in (0, 20, 10))
    for each in (first, third, second):
        bench.receive(each, NOW + 30)
    bench.finish(NOW + 40)
    assert bench.core.sounding.id == second.id
    bench.finish(third.not_after)
    assert bench.states(third) == ["accepted", "failed"]


def test_a_replaced_alert_stops_and_never_sounds_again(bench):
    old = command(alert="old")
    bench.receive(old)
    update = command(alert="new", replaces=("old",))
    step = bench.receive(update)
    assert step.stop == [old.id]
    assert step.sound.id == update.id
    assert bench.states(old) == ["accepted", "stopped"]
    again = command(alert="old", now=NOW + 10)
    bench.restart(NOW + 10)
    bench.receive(again, NOW + 10)
    assert bench.states(again) == ["refused"]


def test_silence_ends_one_alert_but_a_later_order_may_sound_it_again(bench):
    play, other = command(alert="a"), command(alert="b", now=NOW + 1)
    bench.receive(play)
    bench.receive(other, NOW + 1)
    silence = command(action="silence", alert="a", now=NOW + 10)
    step = bench.receive(silence, NOW + 10)
    assert step.stop == [play.id]
    assert bench.core.sounding.id == other.id
    assert bench.states(silence) == ["accepted", "stopped"]
    overtaken = command(alert="a", now=NOW + 5)
    bench.receive(overtaken, NOW + 11)
    assert bench.states(overtaken) == ["refused"]
    afterwards = command(alert="a", now=NOW + 20)
    bench.receive(afterwards, NOW + 20)
    assert bench.states(afterwards) == ["accepted"]


def test_silence_all_ends_what_sounds_and_what_waits(bench):
    plays = [command(alert=f"a{n}", now=NOW + n) for n in range(3)]
    for play in plays:
        bench.receive(play, NOW + 5)
    step = bench.receive(command(action="silence_all", alert="", now=NOW + 6), NOW + 6)
    assert step.stop == [plays[0].id]
    assert [bench.states(play)[-1] for play in plays] == ["stopped"] * 3
    assert bench.core.sounding is None


def test_an_exercise_can_neither_silence_nor_replace_a_live_alert(bench):
    live = command(alert="live")
    bench.receive(live)
    bench.receive(command(mode="exercise", action="silence_all", alert="", now=NOW + 1), NOW + 1)
    bench.receive(command(mode="exercise", alert="ex", replaces=("live",), now=NOW + 2), NOW + 2)
    assert bench.core.sounding.id == live.id


def test_silence_works_however_wrong_this_clock_is(bench):
    play = command(now=NOW - 3_600_000 + 1000)
    bench.receive(play, NOW - 3_600_000)
    assert bench.core.sounding is not None
    bench.receive(command(action="silence"), NOW - 3_600_000)
    assert bench.core.sounding is None


def test_after_a_loss_of_power_a_begun_command_does_not_sound_again(bench):
    unheard, heard = command(alert="a"), command(alert="b", now=NOW + 1)
    bench.receive(unheard)
    bench.restart()
    assert bench.states(unheard) == ["accepted", "failed"]
    bench.receive(heard, NOW + 1)
    bench.do(bench.core.heard(heard.id, HEARD, NOW + 2))
    bench.restart(NOW + 3)
    assert bench.states(heard) == ["accepted", "sounding", "stopped"]
    assert "restarted" in bench.reports[-1].reason
    for play in (unheard, heard):
        bench.receive(play, NOW + 10)
    assert [play.id for play in bench.soundings] == [unheard.id, heard.id]


def test_after_a_loss_of_power_a_waiting_command_still_sounds_once(bench):
    play = command(not_before=NOW + 5000)
    bench.receive(play)
    assert bench.restart(NOW + 6000).sound.id == play.id


def test_a_lost_journal_plays_nothing_that_may_have_sounded(bench):
    bench.do(bench.core.distrust(NOW))
    old, new = command(now=NOW - 1), command(now=NOW + 1)
    bench.receive(old)
    assert bench.states(old) == ["refused"]
    assert bench.receive(new, NOW + 1).sound.id == new.id


def test_what_is_long_over_is_forgotten_but_not_before(bench):
    play = command()
    bench.receive(play)
    bench.finish()
    assert bench.core.forget(play.not_after + FORGET_MS).records == []
    assert bench.core.forget(play.not_after + FORGET_MS + 1).records == [Forgotten(play.id)]
    bench.receive(play, play.not_after + FORGET_MS + 1)
    assert bench.states(play)[-1] == "refused"


def test_a_sound_that_nobody_commanded_is_reported_without_a_command(bench):
    bench.do(bench.core.uncommanded(HEARD, NOW))
    assert (bench.reports[0].command, bench.reports[0].state) == ("", "sounding")


def test_halt_ends_the_sound_and_begins_no_other(bench):
    play, waiting = command(), command(alert="b", now=NOW + 1)
    bench.receive(play)
    bench.receive(waiting, NOW + 1)
    step = bench.do(bench.core.halt(NOW + 2))
    assert (step.stop, step.sound) == ([play.id], None)
    assert bench.restart(NOW + 3).sound.id == waiting.id


def test_addressees_of_others_are_not_remembered(bench):
    step = bench.receive(command(to=Addressees(ids=tuple(f"e{n}" for n in range(500)))))
    assert step.records[0].command.to == Addressees(ids=("e1",))


ALERTS = st.sampled_from(["a", "b", "c"])
PLAYS = st.builds(
    command,
    alert=ALERTS,
    mode=st.sampled_from(["live", "exercise"]),
    now=st.integers(NOW, NOW + 100),
    not_before=st.integers(NOW, NOW + 150),
    not_after=st.integers(NOW + 151, NOW + 300),
    replaces=st.lists(ALERTS, unique=True, max_size=2).map(tuple),
    audio=st.just((Tone("test", 1.0),)),
)
SILENCES = st.builds(
    command, alert=ALERTS, action=st.sampled_from(["silence", "silence_all"]), now=st.integers(NOW, NOW + 100)
)
EVENTS = st.lists(
    st.tuples(st.integers(0, 60), st.sampled_from(["receive", "receive", "receive", "end", "heard", "crash", "tick"])),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(PLAYS, PLAYS, SILENCES), min_size=1, max_size=6), EVENTS, st.randoms(use_true_random=False))
def test_whatever_comes_in_whatever_order_each_sounds_once_in_its_time(commands, events, chance):
    bench = Bench()
    now = NOW
    obeyed = {}
    for wait, what in events:
        now += wait
        before = len(bench.soundings)
        match what:
            case "receive":
                bench.receive(chance.choice(commands), now)
            case "end" if bench.core.sounding:
                bench.finish(now)
            case "heard" if bench.core.sounding:
                bench.do(bench.core.heard(bench.core.sounding.id, HEARD, now))
            case "crash":
                bench.restart(now)
        bench.do(bench.core.tick(now))
        for sounding in bench.soundings[before:]:
            assert not is_early(sounding, now)
            assert now < sounding.not_after
            assert not any(forbids(order, sounding) for order in obeyed.values())
        for order in commands:
            if not is_early(order, now) and is_in_force(order, bench):
                obeyed[order.id] = order
        if bench.core.sounding:
            assert not any(forbids(order, bench.core.sounding) for order in obeyed.values())
    ids = [sounding.id for sounding in bench.soundings]
    assert len(ids) == len(set(ids))


def is_early(order, now):
    """An order for at once may come a little before its time: clocks differ."""
    return order.not_before > order.issued and now < order.not_before


def is_in_force(order, bench):
    """Whether what `order` ends is ended by now."""
    states = bench.states(order)
    return bool(states) and states[-1] in (("accepted", "sounding") if order.action == "play" else ("stopped",))


def forbids(order, sounding):
    """Whether `order`, which was obeyed, must keep `sounding` silent."""
    if order.id == sounding.id or (order.mode == "exercise" and sounding.mode == "live"):
        return False
    if order.action == "play":
        return sounding.alert in order.replaces and order.alert != sounding.alert
    return sounding.issued <= order.issued and (order.action == "silence_all" or order.alert == sounding.alert)
