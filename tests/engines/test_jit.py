"""Compiled functions: the same as in Python, also where nothing can be written."""

import numpy as np

from tirek_engines import jit


def total(values):
    """What is compiled here."""
    found = 0.0
    for value in values:
        found += 1 / value
    return found


def test_a_compiled_function_divides_like_numpy():
    assert jit.compiled(total)(np.array([2.0, 4.0])) == 0.75
    assert jit.compiled(total)(np.array([0.0])) == np.inf


def test_where_nothing_can_be_written_it_is_compiled_without_a_cache(monkeypatch):
    plain = jit.numba.njit

    def refuse(**options):
        if options.pop("cache", False):
            raise RuntimeError("cannot cache function: no locator available")
        return plain(**options)

    monkeypatch.setattr(jit.numba, "njit", refuse)
    assert jit.compiled(total)(np.array([0.5])) == 2
