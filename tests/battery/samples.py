"""What an app says about its addresses, in `tests/<app>/urls_sample.py`:

    SAMPLES = {
        "alarms:alarm": alarm,                           # a function from the small province to the address's arguments
        "alarms:desk": Sample(rows=more_alarms),         # a list; `rows(province, n)` makes n more rows for it
        "places:preview": Sample(answers={400}),         # what it may answer besides 200 and 302
    }

An address without arguments needs no entry. The object that a function makes lies in the first settlement of the North and,
where it belongs to a facility, at the first facility: the battery asks for it as somebody of the South and wants a 404.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from django.urls import reverse

from tests.battery.addresses import Address
from tests.fixtures import Province

Make = Callable[[Province], dict[str, Any]]


def _no_arguments(province: Province) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Sample:
    """How the battery asks for one address."""

    make: Make = _no_arguments
    query: str = ""
    # Makes n more rows of what the page lists, in the first settlement.
    rows: Callable[[Province, int], None] | None = None
    # Further answers that are right, e.g. 404 for a file that the operator has not provided.
    answers: set[int] = field(default_factory=set)
    # Whether the object lies in an area. Plans, say, lie nowhere.
    scoped: bool = True


@cache
def samples() -> dict[str, Sample]:
    found: dict[str, Sample] = {}
    for path in sorted(Path(__file__).resolve().parent.parent.glob("*/urls_sample.py")):
        module = importlib.import_module(f"tests.{path.parent.name}.urls_sample")
        for name, given in module.SAMPLES.items():
            found[name] = given if isinstance(given, Sample) else Sample(make=given)
    return found


def sample_of(address: Address) -> Sample:
    return samples().get(address.name, Sample())


def url_of(address: Address, province: Province) -> str:
    """The address with an object of the province filled in."""
    sample = sample_of(address)
    arguments = sample.make(province)
    missing = address.parts - arguments.keys()
    assert not missing, (
        f"{address.name} takes {', '.join(sorted(missing))}: say in tests/<app>/urls_sample.py how to make them"
    )
    query = f"?{sample.query}" if sample.query else ""
    return f"{reverse(address.name, kwargs={key: arguments[key] for key in address.parts})}{query}"
