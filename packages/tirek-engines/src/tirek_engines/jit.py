"""Functions compiled to machine code by numba, kept on the disk so that only the very first call on a machine waits for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

import numba

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function of numbers and arrays; it lets go of the interpreter while it runs, so that threads run side by side.

    The machine code lies beside the source, or in the user's cache directory, or where NUMBA_CACHE_DIR says; where none of them
    can be written each process compiles for itself. Division by zero gives infinity or NaN, as in numpy. Parallel loops of numba
    are not used anywhere: their pool of threads survives neither a fork nor calls from two threads at once, and a server has both.
    """
    try:
        found = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # "no locator available": nowhere to write
        found = numba.njit(nogil=True, error_model="numpy")(function)
    return cast(Callable[P, R], found)
