"""Values of options, read with an answer in words."""

from __future__ import annotations

import argparse

from tirek.config.net import host_port


def address(text: str) -> str:
    """HOST:PORT as it was typed."""
    try:
        host_port(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
    return text


def count(text: str) -> int:
    """A whole number, 0 or more."""
    if not text.isascii() or not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)
