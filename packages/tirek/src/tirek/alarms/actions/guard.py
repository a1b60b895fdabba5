"""What people of the sample data may not touch."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tirek.alarms.models import Panel, UnknownAccount
from tirek.audit.act import Refused


def refuse_sample(user: Any, row: Any) -> None:
    """Raise Refused when a person of the sample data acts on a row that is none.

    The bar of sample roles needs no password: whoever opens it may close sample alarms, and must not close a real one.
    """
    if user.is_sample and not getattr(row, "is_sample", False):
        raise Refused(_("Sample people can only work with sample data. Log in with your own account."))


def refuse_sample_account(user: Any, account: str) -> None:
    """The same for the account that a sample panel is to have: with a line prefix it would take a real panel's calls."""
    if not user.is_sample:
        return
    real = Panel.objects.filter(account=account, is_sample=False)
    if real.exists() or UnknownAccount.objects.filter(account=account).exists():
        raise Refused(_("A real panel calls with the account %(account)s. Choose another.") % {"account": account})
