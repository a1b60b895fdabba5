"""Checks of single values, shared by all messages. Each returns the value in its normal form, or raises."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from .errors import Malformed, TooLong

# JSON numbers are doubles in many languages; above this they lose whole milliseconds.
LAST_INTEGER = 2**53 - 1
_CAP_FORBIDDEN = re.compile(r"[\s,<&]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def shown(value: Any) -> str:
    """A value from outside, short enough for an error message."""
    return repr(value[:60]) if isinstance(value, str) else type(value).__name__


def integer(name: str, value: Any, low: int, high: int = LAST_INTEGER) -> int:
    # bool is an int in Python, but `true` is not a number in JSON.
    if type(value) is not int:
        raise Malformed(f"{name} must be a whole number.")
    if value < low:
        raise Malformed(f"{name} must be at least {low}.")
    if value > high:
        raise TooLong(f"{name} must be at most {high}.")
    return value


def number(name: str, value: Any, low: float, high: float) -> int | float:
    """A number with at most three decimals, an int where it is whole: so it has only one spelling in JSON."""
    if type(value) not in (int, float) or value != value:
        raise Malformed(f"{name} must be a number.")
    if value < low:
        raise Malformed(f"{name} must be at least {low}.")
    if value > high:
        raise TooLong(f"{name} must be at most {high}.")
    short = round(float(value), 3)
    return int(short) if short.is_integer() else short


def text(name: str, value: Any, longest: int, *, empty: bool = False) -> str:
    if not isinstance(value, str):
        raise Malformed(f"{name} must be text.")
    if not value and not empty:
        raise Malformed(f"{name} must not be empty.")
    if len(value) > longest:
        raise TooLong(f"{name} must have at most {longest} characters.")
    if _CONTROL.search(value):
        raise Malformed(f"{name} must not have control characters.")
    return value


def matching(name: str, value: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Malformed(f"{name} is not written as it must be: {shown(value)}.")
    return value


def one_of(name: str, value: Any, allowed: tuple[str, ...]) -> str:
    if not isinstance(value, str) or value not in allowed:
        raise Malformed(f"{name} must be one of {', '.join(allowed)}.")
    return value


def alert_identifier(name: str, value: Any, *, empty: bool = False) -> str:
    """A CAP `identifier`: no spaces, commas, `<` or `&` (CAP 1.2, section 3.2.1)."""
    checked = text(name, value, 200, empty=empty)
    if _CAP_FORBIDDEN.search(checked):
        raise Malformed(f"{name} must not have spaces, commas, < or &.")
    return checked


def several(name: str, value: Any, most: int) -> tuple[Any, ...]:
    """A list as a tuple. Text is refused: it would become a list of letters."""
    if isinstance(value, (str, bytes)) or not isinstance(value, Iterable):
        raise Malformed(f"{name} must be a list.")
    items = tuple(value)
    if len(items) > most:
        raise TooLong(f"{name} must have at most {most} items.")
    return items
