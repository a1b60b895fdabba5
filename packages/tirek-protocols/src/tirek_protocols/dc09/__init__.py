"""SIA DC-09: how alarm panels report over TCP and UDP (ANSI/SIA DC-09-2021, with DC-03, DC-04 and DC-05 codes).

Sans-I/O, for both sides. A receiver feeds a `StreamDecoder`, calls `parse` and sends `ack`; a panel calls
`encode_sia`, `encode_cid` or `encode_null` and feeds an `AnswerDecoder`. Whatever bytes come from outside, only
`Dc09Error` is raised.
"""

from .answers import Answer, AnswerDecoder, ack, duh, nak, parse_answer, read_answer
from .cid_codes import CID_CODES
from .codes import KINDS, LANGUAGES, UNITS, Code
from .crc import crc16
from .encode import encode, encode_cid, encode_null, encode_sia
from .errors import (
    BadCrc,
    BadPadding,
    Dc09Error,
    Malformed,
    NoKey,
    Unencodable,
    UnknownToken,
    WrongKey,
)
from .events import Event
from .extended import ExtendedData, location_blocks
from .frames import RawFrame, Rubbish
from .meaning import event_concerns, event_kind, event_name, find_code
from .messages import ANSWER_TOKENS, EVENT_TOKENS, LINK_TOKENS, Message, duplicate_key, in_window, parse
from .profiles import PROFILES, Profile
from .sia_codes import SIA_CODES
from .stream import StreamDecoder, decode_datagram

__all__ = [
    "ANSWER_TOKENS",
    "CID_CODES",
    "EVENT_TOKENS",
    "KINDS",
    "LANGUAGES",
    "LINK_TOKENS",
    "PROFILES",
    "SIA_CODES",
    "UNITS",
    "Answer",
    "AnswerDecoder",
    "BadCrc",
    "BadPadding",
    "Code",
    "Dc09Error",
    "Event",
    "ExtendedData",
    "Malformed",
    "Message",
    "NoKey",
    "Profile",
    "RawFrame",
    "Rubbish",
    "StreamDecoder",
    "Unencodable",
    "UnknownToken",
    "WrongKey",
    "ack",
    "crc16",
    "decode_datagram",
    "duh",
    "duplicate_key",
    "encode",
    "encode_cid",
    "encode_null",
    "encode_sia",
    "event_concerns",
    "event_kind",
    "event_name",
    "find_code",
    "in_window",
    "location_blocks",
    "nak",
    "parse",
    "parse_answer",
    "read_answer",
]
