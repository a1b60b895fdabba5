"""The bit arithmetic gives what the H3 library gives."""

import random

import h3
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tirek_protocols.command import Malformed, cell_parents, is_cell

from .strategies import cells


@given(cells)
def test_parents_are_those_of_h3(cell):
    finest = h3.get_resolution(cell)
    assert cell_parents(cell) == tuple(h3.cell_to_parent(cell, level) for level in range(finest - 1, -1, -1))


def test_all_coarse_cells_and_pentagons_are_cells():
    for base in h3.get_res0_cells():
        assert is_cell(base)
        assert cell_parents(base) == ()
        for child in h3.cell_to_children(base, 2):
            assert is_cell(child)
    for resolution in range(16):
        assert all(is_cell(pentagon) for pentagon in h3.get_pentagons(resolution))


@given(st.integers(0, 2**64 - 1))
@example(0x89001FFFFFFFFFF)
def test_any_number_is_judged_as_h3_judges_it(number):
    assert is_cell(f"{number:x}") == h3.is_valid_cell(f"{number:x}")


def test_numbers_near_cells_are_judged_as_h3_judges_them():
    chance = random.Random(7)
    pentagons = [cell for resolution in range(1, 16) for cell in h3.get_pentagons(resolution)]
    for _ in range(5000):
        index = int(chance.choice(pentagons), 16) ^ (1 << chance.randrange(60)) ^ (1 << chance.randrange(60))
        assert is_cell(f"{index:x}") == h3.is_valid_cell(f"{index:x}"), f"{index:x}"


@pytest.mark.parametrize("text", ["", "8a", "8A1234567FFFFFF", "8a1234567ffffff\n", "everywhere", None, 5])
def test_other_things_are_not_cells(text):
    assert not is_cell(text)
    with pytest.raises(Malformed):
        cell_parents(text)
