"""Pages of this app."""

from tirek.notices.views.acts import answer, ask, decide, discard, issue, serve, withdraw
from tirek.notices.views.drafts import draft, edit
from tirek.notices.views.pages import inbox, notice, notices, paper, read

__all__ = [
    "answer",
    "ask",
    "decide",
    "discard",
    "draft",
    "edit",
    "inbox",
    "issue",
    "notice",
    "notices",
    "paper",
    "read",
    "serve",
    "withdraw",
]
