"""Acts on notices."""

from tirek.notices.actions.answering import ask_for_time, decide_on_time, read_notice, reply
from tirek.notices.actions.closing import after_finding_withdrawn, after_recheck, withdraw_notice
from tirek.notices.actions.issuing import change_draft, draft_notice, drop_draft, issue_notice, serve_notice
from tirek.notices.actions.reminding import read_reminders, remind_all

__all__ = [
    "after_finding_withdrawn",
    "after_recheck",
    "ask_for_time",
    "change_draft",
    "decide_on_time",
    "draft_notice",
    "drop_draft",
    "issue_notice",
    "read_notice",
    "read_reminders",
    "remind_all",
    "reply",
    "serve_notice",
    "withdraw_notice",
]
