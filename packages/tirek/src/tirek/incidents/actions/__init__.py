"""Acts on the register."""

from tirek.incidents.actions.checking import (
    REFUTE,
    REOPEN,
    VERIFY,
    refute_incident,
    reopen_incident,
    verify_incident,
)
from tirek.incidents.actions.duplicates import DECIDE, MERGE, PART, keep_apart, merge_incident, part_incident
from tirek.incidents.actions.entry import ADD, CORRECT, add_incident, correct_incident
from tirek.incidents.actions.kinds import CHANGE_KIND, change_kind
from tirek.incidents.actions.silences import DECLARE, WITHDRAW, declare_silence, withdraw_silence

__all__ = [
    "ADD",
    "CHANGE_KIND",
    "CORRECT",
    "DECIDE",
    "DECLARE",
    "MERGE",
    "PART",
    "REFUTE",
    "REOPEN",
    "VERIFY",
    "WITHDRAW",
    "add_incident",
    "change_kind",
    "correct_incident",
    "declare_silence",
    "keep_apart",
    "merge_incident",
    "part_incident",
    "refute_incident",
    "reopen_incident",
    "verify_incident",
    "withdraw_silence",
]
