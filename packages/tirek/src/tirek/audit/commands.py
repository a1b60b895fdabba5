"""What `tirek audit` does. Exit codes: 0 the chain holds, 1 it does not, 2 the file of heads cannot be used."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TextIO

from django.db import connection

from tirek.audit import chain, triggers
from tirek.audit import heads as kept_outside

SHOWN = 20


def verify(stdout: TextIO, heads: str | Path | None = None) -> int:
    """Walk the chain and say what was found, at most SHOWN faults; `heads` is a file. Returns the exit code."""
    try:
        kept = kept_outside.read(Path(heads)) if heads else {}
    except kept_outside.HeadsError as error:
        stdout.write(f"{error}\n")
        return 2
    absent = triggers.missing(connection)
    for name in absent:
        stdout.write(f"trigger {name} is missing: entries can be changed. Run `tirek manage audit_triggers`.\n")
    faults = chain.verify(kept)
    shown = 0
    for fault in islice(faults, SHOWN):
        shown += 1
        stdout.write(f"entry {fault.entry}: {fault.problem}\n")
    more = sum(1 for _ in faults)
    if more:
        stdout.write(f"and {more} more\n")
    newest = chain.head()
    if shown:
        stdout.write(f"The chain does not hold: {shown + more} faults in {newest.id} entries.\n")
    else:
        stdout.write(f"The chain holds: {newest.id} entries, the newest is {newest.hash}.\n")
        if not kept:
            stdout.write(
                "No heads were given (--heads FILE), so a chain cut at its end or written anew would not show.\n"
            )
    return 1 if shown or absent else 0


def write_head(path: str | Path) -> str:
    """Add the newest entry's number and hash to the file. Returns the line; raises HeadsError when nothing is there
    yet.
    """
    newest = chain.head()
    if newest.id == 0:
        raise kept_outside.HeadsError("the chain is empty: nothing to keep yet")
    return kept_outside.write(Path(path), newest)
