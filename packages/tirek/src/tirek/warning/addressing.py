"""Addressees of a command: cells that hold nobody else, and single endpoints where cells cannot be exact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from tirek.warning.reach import Spot
from tirek_engines.geo import exact_cover
from tirek_protocols.command import MAX_ADDRESSEES, Addressees


def addressees(selected: Sequence[Spot], everybody: Iterable[Spot]) -> list[Addressees]:
    """Addressees that name every endpoint of `selected` and no other of `everybody`.

    Usually one; several when the list of single endpoints would be too long for one command.
    """
    chosen = {spot.pk for spot in selected}
    others = [spot.cell for spot in everybody if spot.pk not in chosen]
    cells, alone = exact_cover([spot.cell for spot in selected], others)
    return list(_split([selected[position].code for position in alone], cells))


def _split(ids: list[str], cells: list[str]) -> Iterator[Addressees]:
    for start in range(0, max(len(ids), len(cells), 1), MAX_ADDRESSEES):
        stop = start + MAX_ADDRESSEES
        yield Addressees(tuple(ids[start:stop]), tuple(cells[start:stop]))
