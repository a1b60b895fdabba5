"""What a check found, with advice; and the checks that need no settings, since those may be what is wrong."""

from __future__ import annotations

import os
from collections.abc import Iterator, MutableMapping
from dataclasses import dataclass
from typing import Literal

from tirek.config import environment


@dataclass(frozen=True, slots=True)
class Finding:
    subject: str
    verdict: Literal["ok", "note", "wrong"]
    text: str
    advice: str = ""


def check_environment(environ: MutableMapping[str, str] = os.environ) -> Iterator[Finding]:
    """Each variable that cannot be used. It is taken out of `environ`, so that everything else can be looked at."""
    found = list(environment.slips(environ))
    for slip in found:
        yield Finding("settings", "wrong", f"{slip.shown} cannot be used", f"write {slip.form}")
        del environ[slip.name]
    if found:
        yield Finding("settings", "note", "what follows was checked as if these were not set")
    else:
        yield Finding("settings", "ok", "every value has a permitted form")
