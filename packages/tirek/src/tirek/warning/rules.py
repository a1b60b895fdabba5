"""Rules of timing, as data with their sources, and the checks made from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a warning may sound, and how often. `source` is shown beside the plans."""

    signal_s: int
    message_s: int
    repeats_per_hour: int
    languages: tuple[str, ...]
    source: Promise


KAZAKHSTAN = Timing(
    signal_s=60,
    message_s=300,
    repeats_per_hour=3,
    languages=("kk", "ru"),
    source=gettext_lazy(
        "Order of the Minister for Emergency Situations of the Republic of Kazakhstan No. 340 of 19 August 2025, amending "
        "Order No. 945 of 2014: one signal of 1 minute; a message of at most 5 minutes in Kazakh and Russian; at most 3 times "
        "an hour."
    ),
)
TIMING = KAZAKHSTAN

# How long an alert may wait for its second person: what was true half an hour ago may be false now.
CONFIRM_WITHIN = timedelta(minutes=30)
# Time that runs out ends a warning, not the danger: so long after it the all-clear can still be given.
CALL_OFF_WITHIN = timedelta(hours=24)
# So long a chief is told of an alert that one person issued alone, unless the chief says before that it was seen.
OVERRIDE_SHOWN = timedelta(days=14)
# The device protocol allows no command to be valid for longer.
LONGEST_VALID_MIN = 24 * 60
# Speech is made for outdoors, slowly: measured on our own texts, kk and ru, with pauses.
CHARACTERS_PER_SECOND = 12.0
SPEECH_PAUSE_S = 1.0
RUN_MARGIN_S = 15


def speech_seconds(text: str) -> float:
    """About how long `text` takes to say aloud, in seconds."""
    return len(text) / CHARACTERS_PER_SECOND + SPEECH_PAUSE_S if text.strip() else 0.0


def timing_problems(
    *, tone: str, tone_s: float, message_s: float, repeats_per_hour: int, timing: Timing = TIMING
) -> list[str]:
    """What is against the rules, as sentences for the officer; empty when all is well.

    The one minute of signal belongs to "Attention, everyone!" only; an all-clear or a test may be shorter.
    """
    problems = []
    if tone == "attention" and tone_s != timing.signal_s:
        problems.append(
            _("The signal “Attention, everyone!” lasts %(rule)d seconds by the rules, here it is %(here)d.")
            % {"rule": timing.signal_s, "here": tone_s}
        )
    elif tone_s > timing.signal_s:
        problems.append(
            _("The signal may last %(rule)d seconds at most, here it is %(here)d.")
            % {"rule": timing.signal_s, "here": tone_s}
        )
    if message_s > timing.message_s:
        problems.append(
            _(
                "The message in Kazakh and Russian may last %(rule)d seconds at most, this one takes about %(here)d. Shorten it."
            )
            % {"rule": timing.message_s, "here": round(message_s)}
        )
    if repeats_per_hour > timing.repeats_per_hour:
        problems.append(
            _("The message may sound %(rule)d times an hour at most, here it is %(here)d.")
            % {"rule": timing.repeats_per_hour, "here": repeats_per_hour}
        )
    return problems


def repeat_interval(repeats_per_hour: int) -> timedelta | None:
    """Time between two soundings, so that no hour has more than `repeats_per_hour` of them. None: it sounds once."""
    return timedelta(seconds=3600 / repeats_per_hour) if repeats_per_hour else None
