"""Acts on equipment."""

from tirek.equipment.actions.items import (
    add_items,
    change_item,
    move_item,
    retire_item,
    set_item_state,
)
from tirek.equipment.actions.kinds import add_kind, change_kind
from tirek.equipment.actions.stocktakes import apply_stocktake, close_stocktake, scan_label, start_stocktake
from tirek.equipment.actions.testing import record_test

__all__ = [
    "add_items",
    "add_kind",
    "apply_stocktake",
    "change_item",
    "change_kind",
    "close_stocktake",
    "move_item",
    "record_test",
    "retire_item",
    "scan_label",
    "set_item_state",
    "start_stocktake",
]
