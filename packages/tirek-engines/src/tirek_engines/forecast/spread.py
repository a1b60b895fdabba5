"""Many pieces of work, here or on other machines, by a setting; the results are the same.

Nothing here imports Dask unless an address is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

Work = Callable[[Any], Any]
Mapper = Callable[[Work, Iterable[Any]], Iterator[Any]]


@contextmanager
def mapper(address: str = "") -> Iterator[Mapper]:
    """`map`, or one that sends the pieces to a Dask scheduler and gives the results in the order of the pieces.

    Parameters
    ----------
    address : str
        Empty for this process alone, else that of a Dask scheduler, "tcp://10.0.0.5:8786". Workers need the same packages.

    Raises
    ------
    RuntimeError
        If an address is given and Dask is not installed (`pip install tirek-engines[dask]`).
    """
    if not address:
        yield map
        return
    try:
        on_dask = import_module("tirek_engines.forecast.on_dask")
    except ImportError as error:
        raise RuntimeError("Dask is asked for but not installed: pip install 'tirek-engines[dask]'") from error
    with on_dask.client(address) as each:
        yield each
