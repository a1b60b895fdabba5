"""Acts on sirens and loudspeakers: add, change, invite, enrol, switch off and on, test."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import h3
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import require
from tirek.audit.act import Refused, Trace, act, snapshot
from tirek.equipment.actions.linked import follow
from tirek.warning import commands, enrolment
from tirek.warning.actions.presence import refuse_sample
from tirek.warning.devices import device_of
from tirek.warning.models import Command, Endpoint, EndpointEvent
from tirek_protocols.command import CommandError, VerifyKey

CELL_RESOLUTION = 10
State = Endpoint.State


def add_endpoint(user: Any, fields: Mapping[str, Any]) -> Endpoint:
    """Put a siren or loudspeaker on the register. `fields`: code, name, kind, facility, area, lat, lon, range_m."""
    with act("warning.add_endpoint", user) as trace:
        endpoint = Endpoint(**fields)
        # What sample people put up goes with the sample.
        endpoint.is_sample = endpoint.is_sample or user.is_sample
        _place(endpoint)
        endpoint.item = follow(None, device_of(endpoint))
        try:
            with transaction.atomic():
                endpoint.save()
        except IntegrityError as error:
            raise Refused(_("The code %(code)s is taken. Choose another.") % {"code": endpoint.code}) from error
        require(user, "warning.add_endpoint", endpoint)
        trace.on(endpoint, after=snapshot(endpoint))
        tell(trace, endpoint)
    return endpoint


def change_endpoint(user: Any, endpoint_id: int, fields: Mapping[str, Any]) -> Endpoint:
    """Change what the register says of an endpoint. A device that is enrolled keeps its code and its place on the map.

    It was told its cell when it enrolled, and commands are addressed by it: who moves a device enrols it anew.
    """
    with act("warning.change_endpoint", user) as trace:
        endpoint = _locked(user, "change", endpoint_id)
        before, old = snapshot(endpoint), (endpoint.code, endpoint.cell)
        for name, value in fields.items():
            setattr(endpoint, name, value)
        _place(endpoint)
        if endpoint.enrolled_at and old != (endpoint.code, endpoint.cell):
            raise Refused(_("This device knows its old code and place. Make a new code for it, then change them."))
        endpoint.item = follow(endpoint.item, device_of(endpoint))
        endpoint.save()
        require(user, "warning.change_endpoint", endpoint)
        trace.on(endpoint, before=before, after=snapshot(endpoint))
        tell(trace, endpoint)
    return endpoint


def invite_endpoint(user: Any, endpoint_id: int) -> tuple[Endpoint, str]:
    """Make a one-time code with which a device becomes this endpoint. The code is returned once and kept as a hash only.

    A device that was enrolled before is forgotten: its key counts no more.
    """
    with act("warning.enrol_endpoint", user) as trace:
        endpoint = _locked(user, "enrol", endpoint_id)
        before, now, code = snapshot(endpoint), timezone.now(), enrolment.new_code()
        endpoint.code_hash, endpoint.code_until = enrolment.hash_of(code), now + enrolment.CODE_VALID
        if endpoint.enrolled_at:
            # The old device goes on obeying the centre, in its old cell, until somebody takes it down.
            endpoint.former_cells = sorted({*endpoint.former_cells, endpoint.cell})
        endpoint.public_key, endpoint.enrolled_at = None, None
        _set_state(endpoint, State.WAITING, now, "")
        endpoint.save()
        trace.on(endpoint, before=before, after=snapshot(endpoint))
        tell(trace, endpoint)
    return endpoint, code


def enrol_endpoint(code: str, public_key: bytes, version: str) -> Endpoint:
    """A device shows its code and becomes an endpoint. Raises `Refused` for a code that is wrong, used or too old."""
    try:
        VerifyKey.from_bytes(public_key)
    except CommandError as error:
        raise Refused(_("The public key must be 32 bytes.")) from error
    with act("warning.enrol_endpoint", system="enrolment") as trace:
        now = timezone.now()
        endpoint = (
            Endpoint.objects.select_for_update(of=("self",), no_key=True)
            .select_related("area")
            .filter(code_hash=enrolment.hash_of(code), code_until__gt=now)
            .first()
        )
        if endpoint is None or not code.strip():
            raise Refused(_("This code is wrong, used already, or too old. Ask for a new one."))
        before = snapshot(endpoint)
        endpoint.public_key, endpoint.enrolled_at, endpoint.version = public_key, now, version[:40]
        endpoint.code_hash, endpoint.code_until = "", None
        endpoint.last_seen, endpoint.beat_seq, endpoint.faults = now, 0, []
        _set_state(endpoint, State.READY, now, "")
        endpoint.save()
        # The new device numbers its reports anew. What the old one said cannot come again: its key counts no more.
        endpoint.history.exclude(seq=None).update(seq=None)
        EndpointEvent.objects.create(endpoint=endpoint, at=now, what="enrolled", reason=version[:200])
        trace.on(endpoint, before=before, after=snapshot(endpoint))
        tell(trace, endpoint)
    return endpoint


def switch_endpoint(user: Any, endpoint_id: int, *, on: bool, why: str = "") -> Endpoint:
    """Take an endpoint out of use, e.g. for repair, or back into use. Off, it is not commanded and not counted."""
    with act("warning.change_endpoint", user, why=why.strip()) as trace:
        endpoint = _locked(user, "change", endpoint_id)
        before, now = snapshot(endpoint), timezone.now()
        if on == (endpoint.state != State.OFF):
            raise Refused(_("It is so already."))
        back = State.LOST if endpoint.enrolled_at else State.WAITING
        _set_state(endpoint, back if on else State.OFF, now, why.strip()[:200])
        endpoint.save()
        EndpointEvent.objects.create(endpoint=endpoint, at=now, what=endpoint.state, reason=why.strip()[:200])
        trace.on(endpoint, before=before, after=snapshot(endpoint))
        tell(trace, endpoint)
    return endpoint


def test_endpoint(user: Any, endpoint_id: int) -> Command:
    """Ask an endpoint to check itself without a sound: link, key, amplifier, probe."""
    with act("warning.test_endpoint", user) as trace:
        endpoint = _locked(user, "test", endpoint_id)
        if endpoint.enrolled_at is None:
            raise Refused(_("No device is enrolled here yet, so there is nothing to test."))
        now = timezone.now()
        command = commands.silent_test(endpoint.code, now)
        command.save()
        EndpointEvent.objects.create(endpoint=endpoint, at=now, what="tested", command=command.nonce)
        trace.on(endpoint, after={"command": command.nonce})
        tell(trace, endpoint)
    return command


# pytest must not take the act for a test of its own.
test_endpoint.__test__ = False  # type: ignore[attr-defined]


def tell(trace: Trace, endpoint: Endpoint) -> None:
    """Tell open pages that `endpoint` changed."""
    trace.event(
        "endpoint.changed",
        {"changes": [[endpoint.pk, endpoint.state]]},
        permission="warning.view_endpoint",
        area_path=endpoint.area_path,
    )


def _locked(user: Any, verb: str, endpoint_id: int) -> Endpoint:
    # Not the key: an alert that is being issued to it must not wait for us, it may hold the order lock that we need.
    rows = Endpoint.objects.select_for_update(of=("self",), no_key=True).select_related("area")
    endpoint = rows.filter(pk=endpoint_id).first()
    if endpoint is None:
        raise Refused(_("There is no such endpoint."))
    require(user, f"warning.{verb}_endpoint", endpoint)
    refuse_sample(user, endpoint)
    return endpoint


def _place(endpoint: Endpoint) -> None:
    endpoint.cell = h3.latlng_to_cell(endpoint.lat, endpoint.lon, CELL_RESOLUTION)


def _set_state(endpoint: Endpoint, state: str, now: Any, reason: str) -> None:
    endpoint.state, endpoint.state_since, endpoint.state_reason = state, now, reason
