"""Pieces of work on a Dask cluster. Imported by `spread` when an address is given, by nobody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from distributed import Client

from tirek_engines.forecast.spread import Mapper, Work


@contextmanager
def client(address: str) -> Iterator[Mapper]:
    """A mapper on the scheduler at an address."""
    with Client(address) as connected:

        def each(work: Work, items: Iterable[Any]) -> Iterator[Any]:
            # pure=False: the same piece asked twice is worked twice, and nothing is kept under a hash of large arrays
            futures = connected.map(work, list(items), pure=False)
            return iter(connected.gather(futures))

        yield each
