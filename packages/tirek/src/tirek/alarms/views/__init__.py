"""Pages of this app: thin. They parse, call an act or a query, and render."""

from tirek.alarms.views.acts import acknowledge, close, note, reopen, shown, step, take
from tirek.alarms.views.desk import alarm, desk, desk_list, history, map_json
from tirek.alarms.views.panels import adopt, panel, panel_clock, panel_edit, panel_new, panel_test, panels, unknown
from tirek.alarms.views.press import press_button

__all__ = [
    "acknowledge",
    "adopt",
    "alarm",
    "close",
    "desk",
    "desk_list",
    "history",
    "map_json",
    "note",
    "panel",
    "panel_clock",
    "panel_edit",
    "panel_new",
    "panel_test",
    "panels",
    "press_button",
    "reopen",
    "shown",
    "step",
    "take",
    "unknown",
]
