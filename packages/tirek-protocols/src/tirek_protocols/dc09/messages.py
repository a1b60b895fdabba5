"""From a raw frame to a message: decryption, data block, extended data, time stamp (section 5.5.1)."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b

from .cipher import decrypt
from .errors import BadCrc, Malformed, NoKey, UnknownToken, WrongKey
from .events import Event, read_cid, read_sia
from .extended import ExtendedData, first_value, read_location, read_mac
from .frames import RawFrame
from .stamps import EARLY, LATE, read_stamp, within

#: Kinds of message that `parse` reads.
EVENT_TOKENS = frozenset(("SIA-DCS", "ADM-CID"))
LINK_TOKENS = frozenset(("NULL", "XNM"))
ANSWER_TOKENS = frozenset(("ACK", "NAK", "DUH", "RSP"))
TOKENS = EVENT_TOKENS | LINK_TOKENS | ANSWER_TOKENS

_CONTENT = re.compile(r"([^\]]*)\]((?:\[[^\]]*\])*)(?:_([^\[\]]*))?", re.DOTALL)
_EXTENDED = re.compile(r"\[(.)([^\]]*)\]", re.DOTALL)


@dataclass(slots=True)
class Message:
    """What a frame says. A value: do not change it."""

    #: "SIA-DCS", "ADM-CID", "NULL", "XNM", or an answer's "ACK", "NAK", "DUH", "RSP".
    token: str
    #: Account of the header, upper case, leading zeros kept.
    account: str
    sequence: str
    #: Digits after `R` and `L` as sent; None without them, empty for a bare `L`.
    receiver: str | None
    prefix: str | None
    #: The time stamp in UTC; None without one, or when it is no possible time.
    timestamp: datetime | None
    events: tuple[Event, ...]
    extended: tuple[ExtendedData, ...]
    #: Text blocks of the data and alarm texts (I), a line each.
    text: str
    encrypted: bool
    #: Name of the profile the frame was recognised by.
    profile: str
    raw: RawFrame
    #: The data block without brackets, and the time stamp, as text.
    data: str
    stamp: str

    @property
    def location(self) -> tuple[float, float] | None:
        """(latitude, longitude) in degrees, from extended data X and Y."""
        return read_location(self.extended)

    @property
    def mac(self) -> str | None:
        """MAC address of the panel, from extended data M, as `00:26:b9:e4:26:8b`."""
        return read_mac(self.extended)

    @property
    def verification(self) -> tuple[str, ...]:
        """Addresses of pictures or sound that show the alarm, from extended data V."""
        return tuple(block.value for block in self.extended if block.id == "V")

    @property
    def data_account(self) -> str | None:
        """Account in the data block; panels that forward for others put another one there than in the header."""
        first = self.data.split("|", 1)[0]
        return first[1:].upper() if first.startswith("#") else None

    def value(self, letter: str) -> str | None:
        """Text of the first block of extended data with this letter."""
        return first_value(self.extended, letter)


def parse(raw: RawFrame, key: bytes | None = None, *, fallback: str = "cp1251", check: bool = True) -> Message:
    """Read a raw frame.

    `key` (16, 24 or 32 bytes) is that of `raw.account` and is used when the frame is encrypted. Text is UTF-8
    or, where it is not, `fallback`. `check=False` reads a frame with a wrong CRC too, to show it to a person.

    Raises BadCrc, Malformed (BadPadding), UnknownToken, NoKey, WrongKey; Unencodable for a key of wrong length.
    """
    if check and not raw.crc_ok:
        raise BadCrc(f"the CRC of {len(raw.body)} bytes is wrong")
    token = raw.token
    if not token:
        raise Malformed("the header is not one of DC-09")
    if token not in TOKENS:
        raise UnknownToken(token)
    if raw.encrypted:
        if key is None:
            raise NoKey(f"account {raw.account} sends encrypted and has no key")
        content = _read_text(_without_pad(decrypt(key, raw.content)), fallback)
    else:
        content = _read_text(raw.content, fallback)
    found = _CONTENT.fullmatch(content)
    if found is None:
        if raw.encrypted:
            raise WrongKey(f"the key of account {raw.account} does not open the message")
        raise Malformed("the data block does not end as it should")
    data, blocks, stamp = found.groups(default="")
    timestamp = read_stamp(stamp) if stamp else None
    if raw.encrypted and timestamp is None and not data.startswith("#"):
        # Random bytes may end in a bracket by chance; a time stamp or an account they do not bring.
        raise WrongKey(f"the key of account {raw.account} does not open the message")
    extended = tuple(ExtendedData(*pair) for pair in _EXTENDED.findall(blocks)) if blocks else ()
    reader = _READERS.get(token)
    events, text = reader(data) if reader is not None else ((), "")
    if blocks and (alarm_text := first_value(extended, "I")):
        text = f"{text}\n{alarm_text}" if text else alarm_text
    return Message(
        token,
        raw.account,
        raw.sequence,
        raw.receiver,
        raw.line_prefix,
        timestamp,
        events,
        extended,
        text,
        raw.encrypted,
        raw.profile,
        raw,
        data,
        stamp,
    )


def _without_pad(clear: bytes) -> bytes:
    """Cut off the random bytes in front; they end at the first `|`, or at the `]` of an empty data block."""
    bar = clear.find(b"|")
    bracket = clear.find(b"]")
    if bar >= 0 and (bracket < 0 or bar < bracket):
        return clear[bar + 1 :]
    return clear[max(bracket, 0) :]


def _read_text(data: bytes, fallback: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode(fallback, "replace")


def _read_sia_data(data: str) -> tuple[tuple[Event, ...], str]:
    events: list[Event] = []
    texts = []
    for block in data.split("|"):
        letter, rest = block[:1], block[1:]
        if letter in ("N", "O"):
            try:
                events += read_sia(rest, old=letter == "O")
            except Malformed:
                # What one block says is not lost because of another: it is shown as text.
                texts.append(block.strip())
        elif letter == "A":
            texts.append(rest.strip())
    if not events and not any(texts):
        raise Malformed("no event in the SIA data")
    return tuple(events), "\n".join(texts)


def _read_cid_data(data: str) -> tuple[tuple[Event, ...], str]:
    return read_cid(data.split("|")), ""


_READERS = {"SIA-DCS": _read_sia_data, "ADM-CID": _read_cid_data}


def in_window(msg: Message, now: datetime, early: timedelta = EARLY, late: timedelta = LATE) -> bool:
    """Tell whether the time stamp may be accepted at the aware datetime `now` (section 5.5.1.9).

    It may lie at most `early` (40 s) in the past and `late` (20 s) in the future. A message without a readable
    one passes when it is plain, since there the stamp is optional, and fails when it is encrypted. A failing
    message is answered by a NAK, which brings the panel our time.
    """
    if msg.timestamp is None:
        return not msg.encrypted
    return within(msg.timestamp, now, early, late)


def duplicate_key(msg: Message) -> str:
    """Return a text that is equal for a message and its repetition, and differs for any other.

    Account, prefix, receiver, sequence and time stamp tell most messages apart. The content is part of it too,
    for panels that send no time stamp, or number every message 0001: two alarms in one second are two alarms.
    Sequence numbers return after 9999 messages and link tests without a time stamp are all alike, so compare
    within minutes, and do not compare link tests.

    It consists of letters, digits and `/:,-`, at most 80, whatever the message holds.
    """
    blocks = "".join(f"[{block.id}{block.value}]" for block in msg.extended)
    content = f"{msg.token}\0{msg.data}\0{blocks}"
    stamp = msg.stamp
    if msg.timestamp is None:
        # Where a time stamp should be anything may stand, of any length: databases refuse some of it.
        content, stamp = f"{content}\0{stamp}" if stamp else content, ""
    digest = blake2b(content.encode(), digest_size=8).hexdigest()
    prefix = "-" if msg.prefix is None else msg.prefix
    receiver = "-" if msg.receiver is None else msg.receiver
    return f"{msg.account}/{prefix}/{receiver}/{msg.sequence}/{stamp}/{digest}"
