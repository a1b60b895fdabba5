"""Approval by the facility, agreement by internal affairs. Each is bound to the hash of what the person read."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act
from tirek.passports.actions.common import leave_trace, log, must_be, must_be_read, must_be_true, taken
from tirek.passports.models import Passport

State = Passport.State


def approve(user: Any, pk: int, sha256: str) -> Passport:
    """The facility's head or contact says that it is so. Raises Passport.DoesNotExist, Refused."""
    with act("passports.approve_passport", user) as trace:
        passport = taken(user, "approve", pk)
        must_be(passport, State.DRAFT)
        must_be_read(passport, sha256)
        must_be_true(passport)
        before = log(passport)
        passport.state = State.APPROVED
        passport.approved_by, passport.approved_at, passport.approved_sha256 = user, timezone.now(), sha256
        passport.save()
        leave_trace(trace, passport, before)
    return passport


def agree(user: Any, pk: int, sha256: str) -> Passport:
    """Internal affairs agrees; the version comes into force and the one before it is replaced.

    Raises Passport.DoesNotExist, Refused.
    """
    with act("passports.agree_passport", user) as trace:
        passport = taken(user, "agree", pk)
        must_be(passport, State.APPROVED)
        if passport.approved_by_id == user.pk:
            raise Refused(_("You approved this passport. Another person must agree to it."))
        must_be_read(passport, sha256)
        must_be_true(passport)
        before = log(passport)
        Passport.objects.filter(facility=passport.facility_id, state=State.AGREED).update(state=State.REPLACED)
        passport.state = State.AGREED
        passport.agreed_by, passport.agreed_at, passport.agreed_sha256 = user, timezone.now(), sha256
        passport.stale_since = None
        passport.save()
        leave_trace(trace, passport, before)
    return passport


def refuse(user: Any, pk: int, why: str) -> Passport:
    """Not agreed: it is a draft again, with the reason, and has to be approved anew. Raises Passport.DoesNotExist, Refused."""
    with act("passports.refuse_passport", user, why=why.strip()) as trace:
        passport = taken(user, "refuse", pk)
        must_be(passport, State.APPROVED)
        if not why.strip():
            raise Refused(_("Write why you do not agree, so that it can be put right."))
        before = log(passport)
        passport.state = State.DRAFT
        passport.approved_by, passport.approved_at, passport.approved_sha256 = None, None, ""
        passport.refused_by, passport.refused_at, passport.refused_why = user, timezone.now(), why.strip()
        passport.save()
        leave_trace(trace, passport, before)
    return passport
