"""Pages of this app."""

from tirek.equipment.views.items import by_tag, edit, item, items, labels, move, new, retire, test
from tirek.equipment.views.kinds import kind_edit, kind_new, kinds
from tirek.equipment.views.stocktakes import (
    stocktake,
    stocktake_apply,
    stocktake_close,
    stocktake_list,
    stocktake_new,
    stocktake_scan,
    stocktakes,
)

__all__ = [
    "by_tag",
    "edit",
    "item",
    "items",
    "kind_edit",
    "kind_new",
    "kinds",
    "labels",
    "move",
    "new",
    "retire",
    "stocktake",
    "stocktake_apply",
    "stocktake_close",
    "stocktake_list",
    "stocktake_new",
    "stocktake_scan",
    "stocktakes",
    "test",
]
