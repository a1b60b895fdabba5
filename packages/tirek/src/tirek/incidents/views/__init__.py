"""Pages of this app."""

from tirek.incidents.views.bulk import bulk
from tirek.incidents.views.duplicates import decide, pairs
from tirek.incidents.views.entry import correct, new, where_json
from tirek.incidents.views.kinds import kind_edit, kind_new, kinds
from tirek.incidents.views.record import incident, merge, part, refute, reopen, verify
from tirek.incidents.views.register import map_json, register
from tirek.incidents.views.signals import signals
from tirek.incidents.views.silences import silence_withdraw, silences

__all__ = [
    "bulk",
    "correct",
    "decide",
    "incident",
    "kind_edit",
    "kind_new",
    "kinds",
    "map_json",
    "merge",
    "new",
    "pairs",
    "part",
    "refute",
    "register",
    "reopen",
    "signals",
    "silence_withdraw",
    "silences",
    "verify",
    "where_json",
]
