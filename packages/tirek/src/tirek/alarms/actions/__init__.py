"""The acts of this app: what people do with alarms, and with panels. What the receiver does stands in `receiver/`."""

from tirek.alarms.actions.alarm import (
    acknowledge_alarm,
    check_step,
    close_alarm,
    mark_shown,
    note_alarm,
    reopen_alarm,
    take_alarm,
)
from tirek.alarms.actions.panel import ZoneLine, add_panel, adopt_account, change_panel, start_clock_anew, start_test

__all__ = [
    "ZoneLine",
    "acknowledge_alarm",
    "add_panel",
    "adopt_account",
    "change_panel",
    "check_step",
    "close_alarm",
    "mark_shown",
    "note_alarm",
    "reopen_alarm",
    "start_clock_anew",
    "start_test",
    "take_alarm",
]
