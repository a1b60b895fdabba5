"""Whether it is true: verify, refute, take either back."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act, snapshot
from tirek.incidents.actions.revising import locked, reason, revise, tell
from tirek.incidents.facts import DERIVED
from tirek.incidents.models import Incident, Revision

VERIFY, REFUTE, REOPEN = "incidents.verify_incident", "incidents.refute_incident", "incidents.reopen_incident"
State = Incident.Verification
COLUMNS = ["verification", "verified_by", "verified_at", "verified_why"]


def verify_incident(user: Any, pk: int, why: str) -> Incident:
    """Say that it happened, and what that rests on. Raises Incident.DoesNotExist, Refused."""
    with act(VERIFY, user) as trace:
        incident = locked(user, "verify", pk)
        if incident.verification == State.VERIFIED:
            raise Refused(_("It is verified already."))
        _check(trace, incident, user, State.VERIFIED, Revision.Act.VERIFIED, reason(why))
    return incident


def refute_incident(user: Any, pk: int, why: str) -> Incident:
    """Say that it did not happen. It stays on the register and counts no more. Raises Incident.DoesNotExist, Refused."""
    with act(REFUTE, user) as trace:
        incident = locked(user, "refute", pk)
        if incident.verification == State.REFUTED:
            raise Refused(_("It is refuted already."))
        _check(trace, incident, user, State.REFUTED, Revision.Act.REFUTED, reason(why))
    return incident


def reopen_incident(user: Any, pk: int, why: str) -> Incident:
    """Take a verification or a refutation back. Raises Incident.DoesNotExist, Refused."""
    with act(REOPEN, user) as trace:
        incident = locked(user, "reopen", pk)
        if incident.verification == State.UNVERIFIED:
            raise Refused(_("It is not verified and not refuted: there is nothing to take back."))
        _check(trace, incident, user, State.UNVERIFIED, Revision.Act.REOPENED, reason(why))
    return incident


def _check(trace: Any, incident: Incident, user: Any, state: str, deed: str, why: str) -> None:
    before = snapshot(incident, without=DERIVED)
    is_open = state == State.UNVERIFIED
    incident.verification = state
    incident.verified_by, incident.verified_at = (None, None) if is_open else (user, timezone.now())
    incident.verified_why = "" if is_open else why
    incident.save(update_fields=COLUMNS)
    revise(incident, deed, user, why)
    trace.on(incident, before=before, after=snapshot(incident, without=DERIVED), why=why)
    tell(trace, incident)
