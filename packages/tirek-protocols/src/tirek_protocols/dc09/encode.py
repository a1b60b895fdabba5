"""A panel's side: write messages (section 5.5.1)."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from .cipher import encrypt
from .errors import Unencodable
from .events import CID_DIGITS
from .extended import ExtendedData
from .frames import build_frame
from .profiles import find_profile
from .stamps import format_stamp

_ACCOUNT = re.compile(r"[0-9A-Za-z]{1,16}")
_TOKEN = re.compile(r"[A-Z0-9-]{2,10}")
_NUMBER = re.compile(r"[0-9A-Fa-f]{1,6}")
_DECIMAL = re.compile(r"[0-9]{1,6}")
_SIA_CODE = re.compile(r"[A-Z]{2}")
_CID_CODE = re.compile(r"[0-9A-F]{3}")
_CID_PARTITION = re.compile(r"[0-9A-F]{2}")


def encode(
    token: str,
    account: str,
    data: str = "",
    *,
    sequence: int | str = 1,
    receiver: str | None = None,
    prefix: str | None = "0",
    extended: Iterable[ExtendedData] = (),
    timestamp: datetime | None = None,
    key: bytes | None = None,
    profile: str = "standard",
    encoding: str = "utf-8",
) -> bytes:
    """Return a whole frame.

    `data` is the data block without brackets. `sequence` is 0 to 9999, or the four digits. With a `key` of 16, 24
    or 32 bytes the message is encrypted; its time stamp, which is then required, is the clock's if none is given.
    A profile with a bare prefix writes `L` without its digits.

    Raises Unencodable.
    """
    _demand(_TOKEN, token, "a token is 2 to 10 capital letters, digits or hyphens")
    _demand(_ACCOUNT, account, "an account is 1 to 16 letters or digits")
    if timestamp is None and key is not None:
        timestamp = datetime.now(UTC)
    body = f'"{"*" if key is not None else ""}{token}"{_sequence(sequence)}'
    if receiver is not None:
        body += f"R{_demand(_NUMBER, receiver, 'a receiver is 1 to 6 hexadecimal digits')}"
    if find_profile(profile).bare_prefix:
        body += "L"
    elif prefix is not None:
        body += f"L{_demand(_NUMBER, prefix, 'a prefix is 1 to 6 hexadecimal digits')}"
    body += f"#{account}["
    blocks = "".join(f"[{_clean(block.id + block.value)}]" for block in extended)
    content = f"{_clean(data)}]{blocks}{f'_{format_stamp(timestamp)}' if timestamp else ''}"
    try:
        clear = content.encode(encoding)
    except UnicodeEncodeError as error:
        raise Unencodable(f"the text has letters that {encoding} lacks") from error
    return build_frame(body.encode() + (clear if key is None else encrypt(key, b"|" + clear)), profile)


def encode_sia(
    account: str,
    code: str,
    zone: int | str | None = None,
    sequence: int | str = 1,
    *,
    partition: int | str | None = None,
    user: int | str | None = None,
    text: str = "",
    old: bool = False,
    receiver: str | None = None,
    prefix: str | None = "0",
    extended: Iterable[ExtendedData] = (),
    timestamp: datetime | None = None,
    key: bytes | None = None,
    profile: str = "standard",
) -> bytes:
    """Return a SIA-DCS frame with one event; `zone` is the number after the code, whatever it counts.

    `partition` and `user` go before it as modifiers. `text` describes the zone or the user. `old` marks an event
    that was reported before. The rest is as in `encode`. Raises Unencodable.
    """
    _demand(_SIA_CODE, code, "a SIA code is two capital letters")
    modifiers = "".join(
        f"{name}{_demand(_DECIMAL, str(value), f'{name} is 1 to 6 digits')}/"
        for name, value in (("ri", partition), ("id", user))
        if value is not None
    )
    number = "" if zone is None else _demand(_NUMBER, str(zone), "a zone is 1 to 6 hexadecimal digits")
    if set(text) & set("^|"):
        raise Unencodable("a description must not contain ^ or |")
    block = f"{'O' if old else 'N'}{modifiers}{code}{number.upper()}{f'^{text}^' if text else ''}"
    return encode(
        "SIA-DCS",
        account,
        f"#{account}|{block}",
        sequence=sequence,
        receiver=receiver,
        prefix=prefix,
        extended=extended,
        timestamp=timestamp,
        key=key,
        profile=profile,
    )


def encode_cid(
    account: str,
    code: int | str,
    zone: int | str = 0,
    sequence: int | str = 1,
    *,
    qualifier: str = "new",
    partition: int | str = 0,
    receiver: str | None = None,
    prefix: str | None = "0",
    extended: Iterable[ExtendedData] = (),
    timestamp: datetime | None = None,
    key: bytes | None = None,
    profile: str = "standard",
) -> bytes:
    """Return an ADM-CID frame with one event; `zone` (0 to 999) is a user's number where the code means users.

    `qualifier` is "new", "restore" or "status", `partition` 0 to 99. The rest is as in `encode`. Raises
    Unencodable.
    """
    digit = CID_DIGITS.get(qualifier)
    if digit is None:
        raise Unencodable(f"no qualifier {qualifier!r}; there are {', '.join(CID_DIGITS)}")
    _demand(_CID_CODE, str(code), "a Contact ID code is three digits")
    group = _demand(_CID_PARTITION, str(partition).zfill(2), "a partition is at most 2 digits")
    number = _demand(_CID_CODE, str(zone).zfill(3), "a zone is at most 3 digits")
    return encode(
        "ADM-CID",
        account,
        f"#{account}|{digit}{code} {group} {number}",
        sequence=sequence,
        receiver=receiver,
        prefix=prefix,
        extended=extended,
        timestamp=timestamp,
        key=key,
        profile=profile,
    )


def encode_null(
    account: str,
    sequence: int | str = 0,
    *,
    receiver: str | None = None,
    prefix: str | None = "0",
    timestamp: datetime | None = None,
    key: bytes | None = None,
    profile: str = "standard",
) -> bytes:
    """Return a NULL frame, the link test that shows a panel is alive. Raises Unencodable."""
    return encode(
        "NULL",
        account,
        sequence=sequence,
        receiver=receiver,
        prefix=prefix,
        timestamp=timestamp,
        key=key,
        profile=profile,
    )


def _demand(pattern: re.Pattern[str], text: str, otherwise: str) -> str:
    if not pattern.fullmatch(text):
        raise Unencodable(f"{otherwise}, not {text!r}")
    return text


def _sequence(sequence: int | str) -> str:
    text = f"{sequence:04d}" if isinstance(sequence, int) else sequence
    if not (len(text) == 4 and text.isascii() and text.isdigit()):
        raise Unencodable(f"a sequence number is 0 to 9999, not {sequence!r}")
    return text


def _clean(text: str) -> str:
    if set(text) & set("[]\r\n"):
        raise Unencodable("data must not contain brackets or line ends")
    return text
