"""Every act of public warning: one function each; see docs/architecture.md, "An act"."""

from tirek.warning.actions.composing import (
    Draft,
    compose_alert,
    correct_alert,
    discard_alert,
    revise_alert,
    send_for_confirmation,
    withdraw_alert,
)
from tirek.warning.actions.deciding import (
    AlreadyDone,
    acknowledge_override,
    confirm_alert,
    override_alert,
    reject_alert,
)
from tirek.warning.actions.ending import (
    all_clear_alert,
    cancel_alert,
    expire_alert,
    hush_restored,
    repeat_alert,
    silence_alert,
    silence_all,
)
from tirek.warning.actions.endpoints import (
    add_endpoint,
    change_endpoint,
    enrol_endpoint,
    invite_endpoint,
    switch_endpoint,
    test_endpoint,
)
from tirek.warning.actions.plans import change_plan, change_plan_text, remove_clip, upload_clip
from tirek.warning.actions.presence import Presence

__all__ = [
    "AlreadyDone",
    "Draft",
    "Presence",
    "acknowledge_override",
    "add_endpoint",
    "all_clear_alert",
    "cancel_alert",
    "change_endpoint",
    "change_plan",
    "change_plan_text",
    "compose_alert",
    "confirm_alert",
    "correct_alert",
    "discard_alert",
    "enrol_endpoint",
    "expire_alert",
    "hush_restored",
    "invite_endpoint",
    "override_alert",
    "reject_alert",
    "remove_clip",
    "repeat_alert",
    "revise_alert",
    "send_for_confirmation",
    "silence_alert",
    "silence_all",
    "switch_endpoint",
    "test_endpoint",
    "upload_clip",
    "withdraw_alert",
]
