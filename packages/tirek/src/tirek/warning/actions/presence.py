"""How surely the person at the screen is who they say: what live alerts ask for beyond a permission."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.warning.models import Alert, Endpoint, Plan


@dataclass(frozen=True, slots=True)
class Presence:
    """`fresh_factor`: a second factor was shown minutes ago. `sample`: the session was opened by the bar of sample roles."""

    fresh_factor: bool = False
    sample: bool = False


NO_FACTOR = Presence()


class FactorNeeded(Refused):
    """The act is possible, but asks for a second factor first."""


def demand_live(alert: Alert, presence: Presence) -> None:
    """Raise `Refused` unless this session may act on `alert` in its mode. Exercises ask for nothing."""
    if not alert.is_live:
        return
    if presence.sample:
        raise _exercises_only()
    if not presence.fresh_factor:
        raise FactorNeeded(_("Show your second factor first: a live warning asks for it each time."))


def refuse_sample(user: Any, row: Alert | Endpoint | Plan) -> None:
    """Raise `Refused` when a person of the sample data acts on a live alert, or on an endpoint or a plan that is no sample.

    For acts that ask for no second factor. The bar of sample roles needs no password: whoever opens it must not stop or
    reject a real warning, nor take a real siren out of use, nor change what real warnings say.
    """
    if not user.is_sample:
        return
    if isinstance(row, Alert) and row.is_live:
        raise _exercises_only()
    if isinstance(row, Endpoint) and not row.is_sample:
        raise Refused(_("Sample people can only work with sample loudspeakers. Log in with your own account."))
    if isinstance(row, Plan) and not row.is_sample:
        raise Refused(_("Sample people cannot change plans: real warnings use them. Log in with your own account."))


def _exercises_only() -> Refused:
    return Refused(
        _("A sample session can only hold exercises. Log in with your own account and second factor to warn live.")
    )
