"""H3 cells by the bits of their index, so that a small device needs no H3 library.

An H3 index is 64 bits, from the highest: 1 reserved, 4 mode (1 is a cell), 3 reserved, 4 resolution, 7 base
cell (0 to 121), then fifteen digits of 3 bits, one for each finer resolution; digits finer than the
resolution are 7. Source: H3 documentation, "H3Index".
"""

from __future__ import annotations

import re

from .errors import Malformed

_TEXT = re.compile(r"8[0-9a-f]{14}\Z")
_RESOLUTION_SHIFT = 52
_BASE_SHIFT = 45
_BASES = 122
_FINEST = 15
_UNUSED = 7
# Base cells with five sides; in them the first digit that is not 0 is never 1.
_PENTAGONS = frozenset({4, 14, 24, 38, 49, 58, 63, 72, 83, 97, 107, 117})


def _digit(index: int, resolution: int) -> int:
    return index >> (3 * (_FINEST - resolution)) & 0b111


def is_cell(text: str) -> bool:
    """Whether `text` is an H3 cell as H3 itself writes it: 15 lower-case hexadecimal digits."""
    if not isinstance(text, str) or not _TEXT.match(text):
        return False
    index = int(text, 16)
    if index >> 56 & 0b111:
        return False
    resolution = index >> _RESOLUTION_SHIFT & 0b1111
    base = index >> _BASE_SHIFT & 0b1111111
    used = [_digit(index, finer) for finer in range(1, resolution + 1)]
    unused = [_digit(index, finer) for finer in range(resolution + 1, _FINEST + 1)]
    if base >= _BASES or _UNUSED in used or any(digit != _UNUSED for digit in unused):
        return False
    first = next((digit for digit in used if digit), 0)
    return not (base in _PENTAGONS and first == 1)


def cell_parents(cell: str) -> tuple[str, ...]:
    """Every coarser cell that holds `cell`, nearest first, down to resolution 0 (whose cells have none).

    Raises `Malformed` when `cell` is not an H3 cell.
    """
    if not is_cell(cell):
        raise Malformed(f"{cell!r} is not an H3 cell.")
    index = int(cell, 16)
    parents = []
    for resolution in range((index >> _RESOLUTION_SHIFT & 0b1111) - 1, -1, -1):
        index |= _UNUSED << 3 * (_FINEST - resolution - 1)
        index = index & ~(0b1111 << _RESOLUTION_SHIFT) | resolution << _RESOLUTION_SHIFT
        parents.append(f"{index:x}")
    return tuple(parents)
