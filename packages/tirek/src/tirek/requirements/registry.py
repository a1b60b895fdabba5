"""What is known from live data. Other parts register their checks in `AppConfig.ready()`:

    @live_check("equipment_tested")
    def equipment_tested(facility_ids: list[int], *, kind: str, days: int) -> dict[int, LiveFact]: ...

A standard names a check and its parameters: `live: {check: equipment_tested, kind: panic_button, days: 30}`. A facility that the
check leaves out is not known; so is everything where a check of that name is not registered on this server.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

MET, UNMET, UNKNOWN = "met", "unmet", "unknown"


@dataclass(frozen=True, slots=True)
class LiveFact:
    """What live data says of one requirement at one facility.

    `since` is when that became so (the last test, the day a camera fell silent), None where nothing tells: then the first moment
    at which it was seen. `text_by_language` says it in words: {"kk": ..., "ru": ..., "en": ...}.
    """

    state: str
    since: datetime | None = None
    text_by_language: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.state not in (MET, UNMET, UNKNOWN):
            raise ValueError(f"a live fact is met, unmet or unknown, not {self.state!r}")


Check = Callable[..., Mapping[int, LiveFact]]

_checks: dict[str, Check] = {}


def live_check(name: str) -> Callable[[Check], Check]:
    """Register `fn(facility_ids, **params) -> {facility_id: LiveFact}` under a name."""

    def register(fn: Check) -> Check:
        _checks[name] = fn
        return fn

    return register


def names() -> list[str]:
    return sorted(_checks)


def is_known(name: str) -> bool:
    return name in _checks


def takes(name: str) -> list[str]:
    """The parameters of a check."""
    return [p.name for p in list(inspect.signature(_checks[name]).parameters.values())[1:]]


def fits(live: Mapping[str, Any]) -> bool:
    """Whether a registered check takes these parameters, in name and in sort."""
    signature = inspect.signature(_checks[live["name"]])
    given = {name: value for name, value in live.items() if name != "name"}
    try:
        signature.bind([], **given)
    except TypeError:
        return False
    # Annotations are texts where a module postpones them.
    sorts = {"int": int, int: int, "str": str, str: str}
    wanted = {name: sorts.get(signature.parameters[name].annotation, object) for name in given}
    return all(isinstance(value, wanted[name]) for name, value in given.items())


def ask(live: Mapping[str, Any], facility_ids: list[int]) -> Mapping[int, LiveFact]:
    """The facts of one check. Empty where the check is not registered here or does not take these parameters."""
    if not facility_ids or not is_known(live["name"]) or not fits(live):
        return {}
    return _checks[live["name"]](facility_ids, **{name: value for name, value in live.items() if name != "name"})
