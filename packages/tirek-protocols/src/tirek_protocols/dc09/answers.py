"""Answers to a panel: ACK, NAK, DUH (section 5.5.3), written by a receiver and read by a panel."""

from dataclasses import dataclass
from datetime import UTC, datetime

from .cipher import encrypt
from .errors import Dc09Error, Malformed, NoKey
from .frames import RawFrame, Rubbish, build_frame
from .messages import ANSWER_TOKENS, parse
from .stamps import format_stamp
from .stream import StreamDecoder, decode_datagram


def ack(raw: RawFrame, key: bytes | None = None, now: datetime | None = None) -> bytes:
    """Return the frame that says "received and kept". Send it after the message is stored, not before.

    The header comes back byte for byte, in the quirks of the frame's own profile. An encrypted message is
    acknowledged encrypted by the same `key`, with the time `now` (default: the clock); a plain one has no time.

    Raises Malformed for a frame whose header is unreadable, NoKey for an encrypted one without a key.
    """
    header = _header(raw)
    if not raw.encrypted:
        return build_frame(b'"ACK"%b[]' % header, raw.profile)
    if key is None:
        raise NoKey(f"account {raw.account} wants an encrypted answer and has no key")
    clear = f"|]_{format_stamp(now or datetime.now(UTC))}".encode()
    # Digits in the panel's own case, in case it compares them as text.
    lower = raw.content != raw.content.upper()
    return build_frame(b'"*ACK"%b[%b' % (header, encrypt(key, clear, lower=lower)), raw.profile)


def duh(raw: RawFrame, key: bytes | None = None, now: datetime | None = None) -> bytes:
    """Return the frame that says "received, but I cannot process this": the panel need not repeat it.

    A DUH is never encrypted and carries no time; `key` and `now` are taken so that a receiver can call all its
    answers alike. Raises Malformed for a frame whose header is unreadable.
    """
    return build_frame(b'"DUH"%b[]' % _header(raw), raw.profile)


def nak(raw: RawFrame | None = None, now: datetime | None = None, *, profile: str | None = None) -> bytes:
    """Return the frame that says "your time is wrong, this is ours" (`now`, default: the clock).

    It is never encrypted and carries no account. `profile` is that of the panel, for a frame whose CRC was wrong
    and whose quirks could not be recognised by it; the default is the frame's own.
    """
    name = profile or (raw.profile if raw is not None else "standard")
    stamp = format_stamp(now or datetime.now(UTC))
    return build_frame(f'"NAK"0000R0L0A0[]_{stamp}'.encode(), name)


def _header(raw: RawFrame) -> bytes:
    if not raw.token:
        raise Malformed("a frame without a readable header can only be answered by NAK")
    return raw.header


@dataclass(slots=True)
class Answer:
    """What the receiver said. A value: do not change it."""

    #: "ACK", "NAK", "DUH" or "RSP".
    token: str
    #: Sequence and account of the message it answers; "0000" and empty in a NAK.
    sequence: str
    account: str
    receiver: str | None
    prefix: str | None
    #: The receiver's time, in a NAK and in an encrypted answer.
    timestamp: datetime | None
    encrypted: bool
    profile: str
    raw: RawFrame


def read_answer(raw: RawFrame, key: bytes | None = None) -> Answer:
    """Read a raw frame as an answer; raises Dc09Error, Malformed when it is a message of another kind."""
    if raw.token not in ANSWER_TOKENS:
        raise Malformed(f"{raw.token or 'this'} is not an answer")
    message = parse(raw, key)
    return Answer(
        message.token,
        message.sequence,
        message.account,
        message.receiver,
        message.prefix,
        message.timestamp,
        message.encrypted,
        message.profile,
        raw,
    )


def parse_answer(data: bytes, key: bytes | None = None) -> Answer:
    """Read the bytes of one whole answer; raises Dc09Error."""
    for item in decode_datagram(data):
        if isinstance(item, RawFrame):
            return read_answer(item, key)
    raise Malformed("no frame in the answer")


class AnswerDecoder:
    """A panel's side of the connection: takes bytes in pieces, gives answers and rubbish."""

    def __init__(self, key: bytes | None = None, max_buffer: int = 65536) -> None:
        self._key = key
        self._stream = StreamDecoder(max_buffer)

    def feed(self, data: bytes) -> list[Answer | Rubbish]:
        """Take the next bytes. A frame that is no answer, or does not decrypt, counts as rubbish."""
        return [self._read(item) for item in self._stream.feed(data)]

    def _read(self, item: RawFrame | Rubbish) -> Answer | Rubbish:
        if isinstance(item, Rubbish):
            return item
        try:
            return read_answer(item, self._key)
        except Dc09Error:
            return Rubbish("noise", len(item.line))
