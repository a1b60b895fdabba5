"""All addresses of the project, with their guards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

UNGUARDED = object()


@dataclass(frozen=True)
class Address:
    """One address. `guard`: permissions any of which opens it, () for anybody signed in, None for everybody."""

    name: str
    route: str
    view: Callable[..., Any]
    guard: Any
    parts: frozenset[str]

    def __str__(self) -> str:
        return self.name


@cache
def addresses() -> tuple[Address, ...]:
    return tuple(_walk(get_resolver(), "", ""))


def guarded() -> list[Address]:
    """Those that a sample can be made for; the others fail test_guards."""
    return [address for address in addresses() if address.guard is not UNGUARDED and address.name]


def _walk(resolver: URLResolver, route: str, namespace: str) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, here, inner)
        elif isinstance(pattern, URLPattern):
            yield Address(
                f"{namespace}{pattern.name}" if pattern.name else "",
                f"/{here}",
                pattern.callback,
                getattr(pattern.callback, "guard", UNGUARDED),
                frozenset(pattern.pattern.converters) | _parts_above(resolver),
            )


def _parts_above(resolver: URLResolver) -> frozenset[str]:
    return frozenset(getattr(resolver.pattern, "converters", {}))
