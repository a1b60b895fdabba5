"""What can be wrong with a simulated endpoint."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Faults:
    """The faults of one simulated endpoint; the default is a healthy one.

    They act on the parts around the agent (amplifier, link, clock, voice, power), never on its rules, so that
    what a simulated endpoint reports is what a real one would report.
    """

    muted: bool = False
    """The amplifier is off: commands are accepted and played, and the proof says silence."""
    gain_db: float = 0.0
    """A weak amplifier: -40 is too quiet to count as heard."""
    dead: bool = False
    """Never connects and never answers."""
    drop_every_s: float = 0.0
    """A flaky network: the link is lost at random, this often on average (0: never)."""
    drop_for_s: float = 2.0
    """How long a lost link stays lost, on average."""
    slow_s: float = 0.0
    """A slow link: every message waits this long in each direction."""
    clock_error_ms: int = 0
    """The clock is wrong by this much (positive: ahead)."""
    no_speech: bool = False
    """The speech voices are missing: the tone sounds, the words do not."""
    crash_after_s: float | None = None
    """Power fails once, this long after the first sounding began."""
    crash_for_s: float = 3.0
    """Power comes back after this long."""
    button_at_s: float | None = None
    """Somebody presses the siren's own button this long after the start: sound that nobody commanded."""
    button_for_s: float = 10.0
    """How long that button sounds."""
