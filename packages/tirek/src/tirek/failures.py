"""What stopped a command, in words: the sentence on the console instead of a traceback."""

from __future__ import annotations

import errno
import sys
from dataclasses import dataclass

from django.db.utils import DatabaseError, OperationalError, ProgrammingError

from tirek.config.trouble import Trouble

#: How PostgreSQL (SQLSTATE) and SQLite (words) say that a table or a column is not there.
MISSING_STATES = {"42P01", "42703"}
MISSING_WORDS = ("no such table", "no such column")
NO_TABLES = "The tables of this home are missing or older than this program: run `tirek up`, or `tirek manage migrate`."
#: How SQLite (words) and PostgreSQL (SQLSTATE) say that nothing can be written for want of room.
FULL_WORDS, FULL_STATE = "disk is full", "53100"
DISK_FULL = "The disk is full: nothing was written. Free some room; processes that run go on by themselves."


@dataclass(frozen=True, slots=True)
class Said:
    text: str
    code: int = 1


def in_words(error: Exception) -> Said | None:
    """What to print and to end with; None for what nobody foresaw, which deserves its traceback."""
    if isinstance(error, Trouble):
        return Said(str(error), error.code)
    if disk_is_full(error):
        return Said(DISK_FULL)
    if isinstance(error, DatabaseError):
        return _of_database(error)
    if isinstance(error, EOFError):
        return Said(
            "\nThere is nobody here to answer the question. Run this in a terminal, or see --help for how not to be asked."
        )
    if isinstance(error, OSError):
        return Said(_of_system(error))
    return _of_refusal(error)


def disk_is_full(error: BaseException | None) -> bool:
    """Whether `error` comes of a disk without room, that of the home or of the database."""
    if isinstance(error, DatabaseError):
        return FULL_WORDS in str(error) or getattr(error.__cause__, "sqlstate", None) == FULL_STATE
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def _of_refusal(error: Exception) -> Said | None:
    act = sys.modules.get("tirek.audit.act")  # it imports models; where nobody loaded it, nobody refused either
    return Said(str(error)) if act is not None and isinstance(error, act.Refused) else None


def _of_database(error: DatabaseError) -> Said | None:
    if _misses_tables(error):
        return Said(NO_TABLES)
    from django.db import connection  # reads the settings  # noqa: PLC0415

    if isinstance(error, OperationalError) and connection.connection is None:
        reason = str(error).strip().splitlines()[0]
        return Said(f"The database cannot be reached: {reason}. Check DATABASE_URL, and that the server runs.")
    return None


def _misses_tables(error: DatabaseError) -> bool:
    if not isinstance(error, (OperationalError, ProgrammingError)):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state in MISSING_STATES or any(words in str(error) for words in MISSING_WORDS)


def _of_system(error: OSError) -> str:
    if error.filename is not None:
        return f"{error.filename}: {error.strerror}"
    return error.strerror or str(error)
