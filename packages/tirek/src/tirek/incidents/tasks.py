"""Background work: looking for duplicates among what is new."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import ngettext

from tirek.incidents import duplicates
from tirek.jobs.running import Handle


def compare(handle: Handle) -> dict[str, Any]:
    """The job after an import: compare all that is new, with progress. May be run again."""
    found = duplicates.compare_waiting(lambda done, total: handle.progress(done, total))
    text = ngettext("%(n)d possible duplicate was found.", "%(n)d possible duplicates were found.", found) % {
        "n": found
    }
    return {"text": text, "url": reverse("incidents:pairs")}


def compare_quietly() -> int:
    """House-keeping: what no act and no job has compared."""
    return duplicates.compare_waiting()
