"""The frame around a message: LF, CRC, length, body, CR (section 5.5.1), and what stands in its clear header."""

import re
from dataclasses import dataclass

from .crc import crc16
from .errors import Unencodable
from .profiles import find_profile

#: The length field has four hexadecimal digits.
MAX_BODY = 0xFFFF

#: A whole frame: hexadecimal or binary CRC, length, body from its first quote; the header if it can be read.
FRAME = re.compile(
    rb"\n(?:([0-9A-Fa-f]{4})|(..))([0-9A-Fa-f]{4})"
    rb'("(?:(\*)?([A-Z0-9-]{2,10})"'
    rb"(([0-9A-Fa-f]{4})(?:R([0-9A-Fa-f]{0,6}))?(?:L([0-9A-Fa-f]{0,6}))?(?:#([0-9A-Za-z]{1,16})|A0)?)"
    rb"\[)?[^\r\n]*)\r",
    re.DOTALL,
)
#: The first bytes of a frame, up to the quote.
FRAME_START = re.compile(rb'\n(?:[0-9A-Fa-f]{4}|..)[0-9A-Fa-f]{4}"', re.DOTALL)

_BODY_GROUP, _HEADER_GROUP = 4, 7
_INNER_ACCOUNT = re.compile(rb"#([0-9A-Za-z]{1,16})[|\]]")


@dataclass(slots=True)
class RawFrame:
    """One frame as it came, before decryption. A value: do not change it."""

    #: Everything between LF and CR.
    line: bytes
    #: From the first quote on; this is what the CRC covers.
    body: bytes
    crc_ok: bool
    #: The length field says what the body has. A frame with a right CRC and a wrong length is still read.
    length_ok: bool
    #: Name of the profile the frame was recognised by.
    profile: str
    #: Message kind without the `*` of encryption; empty when the header is unreadable.
    token: str
    encrypted: bool
    #: Account in upper case with its leading zeros; empty when there is none.
    account: str
    sequence: str
    #: Digits after `R`, or None without one.
    receiver: str | None
    #: Digits after `L`, empty for a bare `L`, or None without one.
    line_prefix: str | None
    #: Sequence, receiver, prefix and account byte for byte, to be echoed in the answer.
    header: bytes
    #: Everything after the first `[`.
    content: bytes


@dataclass(slots=True)
class Rubbish:
    """Bytes that are no frame: from a scanner, a broken panel or a line that lost bytes."""

    #: "http", "tls", "sip", "noise", or "overlong" for a frame that never ended.
    kind: str
    #: Number of bytes dropped.
    size: int


def read_frame(found: re.Match[bytes]) -> RawFrame:
    """Make a RawFrame of a match of FRAME."""
    hex_crc, binary_crc, length, body, star, token, header, sequence, receiver, prefix, account = found.groups()
    computed = crc16(body)
    if hex_crc is not None:
        sent = int(hex_crc, 16)
        profile = "standard"
        crc_ok = sent == computed
        if not crc_ok and sent == crc16(body + b"\r"):
            profile = "eldes"
            crc_ok = True
    else:
        profile = "trikdis"
        crc_ok = int.from_bytes(binary_crc, "big") == computed
    line = found.group()[1:-1]
    length_ok = int(length, 16) == len(body)
    if header is None:
        return RawFrame(line, body, crc_ok, length_ok, profile, "", False, "", "", None, None, b"", b"")
    if prefix == b"" and profile == "standard":
        profile = "g90b"
    content = body[found.end(_HEADER_GROUP) - found.start(_BODY_GROUP) + 1 :]
    if account is None and star is None and (inner := _INNER_ACCOUNT.match(content)):
        account = inner[1]
    return RawFrame(
        line,
        body,
        crc_ok,
        length_ok,
        profile,
        token.decode(),
        star is not None,
        "" if account is None else account.decode().upper(),
        sequence.decode(),
        None if receiver is None else receiver.decode(),
        None if prefix is None else prefix.decode(),
        header,
        content,
    )


def build_frame(body: bytes, profile: str = "standard") -> bytes:
    """Put LF, CRC, length and CR around `body` as panels of `profile` expect it.

    Raises Unencodable for an unknown profile and for a body of more than MAX_BODY bytes.
    """
    if len(body) > MAX_BODY:
        raise Unencodable(f"a message has at most {MAX_BODY} bytes, not {len(body)}")
    quirk = find_profile(profile)
    crc = crc16(body + b"\r" if quirk.crc_covers_end else body)
    if quirk.binary_crc:
        return b"\n%b%04X%b\r" % (crc.to_bytes(2, "big"), len(body), body)
    return b"\n%04X%04X%b\r" % (crc, len(body), body)
