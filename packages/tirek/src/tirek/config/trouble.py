"""What stops a command, as a sentence for whoever typed it."""

from __future__ import annotations


class Trouble(Exception):
    """The message says what is wrong and what to do; `code` is what the command ends with."""

    code = 1
