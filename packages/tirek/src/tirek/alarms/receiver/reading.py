"""What one frame means to the receiver: decided in memory, before anything is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from typing import Any

from tirek.alarms.kinds import alarm_kind
from tirek.alarms.models import Problem
from tirek.alarms.receiver.book import Card
from tirek_protocols.dc09 import (
    ANSWER_TOKENS,
    LINK_TOKENS,
    BadCrc,
    Dc09Error,
    Event,
    Message,
    NoKey,
    RawFrame,
    UnknownToken,
    WrongKey,
    ack,
    duh,
    duplicate_key,
    in_window,
    nak,
    parse,
)

#: Each event has a row. No panel reports so many in one frame, but thousands of them would fit into one.
MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Received:
    """A frame and where it came from. `reply` carries the answer back; the intake never looks inside, nor into `line`."""

    raw: RawFrame
    address: str
    transport: str
    at: datetime
    reply: Any = None
    #: The connection, of a frame that came by TCP.
    line: Any = None


@dataclass(slots=True)
class Reading:
    """A frame with what is known of it."""

    item: Received
    card: Card | None
    message: Message | None
    #: One of `Problem`, or empty.
    problem: str
    #: "ACK", "NAK", "DUH", or empty for silence.
    answer: str
    #: The same for a frame and its repetition.
    key: str
    #: Only a sign of life: it gets no row of its own.
    heartbeat: bool = False

    @property
    def keys(self) -> list[str]:
        """The key of each of its rows: one for each event, or one alone."""
        events = self.message.events if self.message else ()
        return [self.key, *(f"{self.key[:110]}+{number}" for number in range(1, len(events)))]

    @property
    def taken(self) -> bool:
        """Whether its events count as signals."""
        return self.problem in ("", Problem.PLAIN)

    @property
    def repeats(self) -> bool:
        """Whether its panel sends it again of itself until something changes here, since it gets no receipt."""
        return self.problem in (Problem.CRC, Problem.NO_KEY, Problem.WRONG_KEY, Problem.TIME)

    @property
    def stamped(self) -> bool:
        return self.message is not None and self.message.timestamp is not None


def read(item: Received, card: Card | None) -> Reading | None:
    """Decide about a frame. None: an answer that somebody sent to us; it is dropped.

    By DC-09 a wrong check sum gets silence (5.5.2), a time stamp outside the window NAK with our time (5.5.1.9), what cannot be
    processed DUH (5.5.3). A frame that cannot be decrypted gets silence: an answer would have to be encrypted with a key that we
    do not have, and the panel should go on to its second receiver.
    """
    raw = item.raw
    key = card.key if card else None
    try:
        message = parse(raw, key)
    except BadCrc:
        return _unread(item, card, Problem.CRC, "")
    except NoKey:
        return _unread(item, card, Problem.NO_KEY, "")
    except WrongKey:
        return _unread(item, card, Problem.WRONG_KEY, "")
    except UnknownToken:
        return _unread(item, card, Problem.TOKEN, "DUH")
    except Dc09Error:
        return _unread(item, card, Problem.UNREADABLE, "DUH" if raw.token and not raw.encrypted else "")
    if message.token in ANSWER_TOKENS:
        return None
    if len(message.events) > MOST_EVENTS:
        # Those that call somebody are kept first; the frame itself is kept whole.
        message = replace(message, events=tuple(sorted(message.events, key=_calls_nobody)[:MOST_EVENTS]))
    alive = message.token in LINK_TOKENS or (
        all(e.kind == "supervision" for e in message.events) and bool(message.events)
    )
    if card and card.check_time and not in_window(message, item.at):
        return Reading(item, card, message, Problem.TIME, "NAK", f"!{duplicate_key(message)}"[:120], alive)
    if key and not message.encrypted:
        return Reading(item, card, message, Problem.PLAIN, "ACK", duplicate_key(message)[:120], alive)
    return Reading(item, card, message, "", "ACK", duplicate_key(message)[:120], alive)


def _calls_nobody(event: Event) -> bool:
    return alarm_kind(event) is None


def _unread(item: Received, card: Card | None, problem: Problem, answer: str) -> Reading:
    digest = blake2b(item.raw.line, digest_size=16).hexdigest()
    return Reading(item, card, None, problem, answer, f"!{item.raw.account}/{digest}")


def answer_bytes(reading: Reading, now: datetime) -> bytes | None:
    """The answer on the wire, or None for silence."""
    raw = reading.item.raw
    if reading.answer == "NAK":
        return nak(raw, now)
    make: Callable[..., bytes] | None = {"ACK": ack, "DUH": duh}.get(reading.answer)
    return make(raw, reading.card.key if reading.card else None, now) if make else None
