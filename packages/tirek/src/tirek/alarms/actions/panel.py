"""What people do with panels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import require
from tirek.alarms.actions.guard import refuse_sample, refuse_sample_account
from tirek.alarms.devices import device_of
from tirek.alarms.models import Panel, Signal, UnknownAccount, Zone
from tirek.alarms.receiver.keys import BadKey, read_hex, seal, unseal
from tirek.audit.act import Refused, Trace, act, snapshot
from tirek.equipment.actions.linked import follow
from tirek.facilities.models import Facility
from tirek.places.models import LANGUAGES

#: A panel stays under test for at most this long, in minutes: a forgotten test must not swallow alarms.
LONGEST_TEST_MIN = 8 * 60


#: A text in Kazakh, Russian and English, in this order.
Words = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class ZoneLine:
    """One zone as a technician writes it: name and place in Kazakh, Russian and English."""

    number: str
    names: Words
    places: Words = ("", "", "")


def add_panel(user: Any, facility: Facility, fields: dict[str, Any], key_hex: str = "") -> Panel:
    """Make a panel known. `fields`: account, prefix, name, heartbeat_s, check_time, zones. Raises Refused."""
    with act("alarms.add_panel", user) as trace:
        _may_have_panels(user, facility)
        refuse_sample_account(user, _account(fields))
        panel = Panel(facility=facility, is_sample=facility.is_sample)
        _fill(panel, fields, key_hex)
        require(user, "alarms.add_panel", panel)
        _adopt_signals(panel)
        trace.on(panel, after={**snapshot(panel), "key": "set" if panel.key else "none"})
        _tell(trace, panel)
    return panel


def change_panel(
    user: Any, panel_id: int, facility: Facility, fields: dict[str, Any], key_hex: str = "", drop_key: bool = False
) -> Panel:
    """Change a panel. An empty `key_hex` leaves the key as it is; `drop_key` takes it away. Raises Refused."""
    with act("alarms.change_panel", user) as trace:
        panel = _locked(user, "change", panel_id)
        if facility.pk != panel.facility_id:
            _may_have_panels(user, facility)
        if _account(fields) != panel.account:
            refuse_sample_account(user, _account(fields))
        before = {**snapshot(panel), "key": "as it was", "zones": _zones(panel)}
        panel.facility, panel.is_sample = facility, facility.is_sample
        if drop_key:
            panel.key = None
        _fill(panel, fields, key_hex)
        require(user, "alarms.change_panel", panel)  # also where it stands now
        key = "changed" if key_hex else "taken away" if drop_key else "as it was"
        trace.on(panel, before=before, after={**snapshot(panel), "key": key, "zones": _zones(panel)})
        _tell(trace, panel)
    return panel


def start_test(user: Any, panel_id: int, minutes: int) -> Panel:
    """Put a panel under test: until then its signals are kept and shown, but call nobody. 0 minutes ends the test.

    Raises Refused for a longer time than LONGEST_TEST_MIN.
    """
    with act("alarms.test_panel", user) as trace:
        panel = _locked(user, "test", panel_id)
        if not 0 <= minutes <= LONGEST_TEST_MIN:
            raise Refused(_("A test lasts at most %(hours)d hours.") % {"hours": LONGEST_TEST_MIN // 60})
        before = snapshot(panel)
        panel.test_until = timezone.now() + timedelta(minutes=minutes) if minutes else None
        panel.save(update_fields=["test_until"])
        trace.on(panel, before=before, after=snapshot(panel))
        _tell(trace, panel)
    return panel


def start_clock_anew(user: Any, panel_id: int) -> Panel:
    """Forget which time stamps a panel has sent: its clock was set back, and its calls would not count as a sign of life.

    Only for somebody who knows that the clock was set: afterwards a recorded frame counts as well, until a newer one comes.
    """
    with act("alarms.change_panel", user) as trace:
        panel = _locked(user, "change", panel_id)
        before = snapshot(panel)
        panel.newest_stamp = panel.old_stamps_at = None
        panel.clock_anew_at = timezone.now()
        panel.save(update_fields=["newest_stamp", "old_stamps_at", "clock_anew_at"])
        trace.on(panel, before=before, after=snapshot(panel))
        _tell(trace, panel)
    return panel


def adopt_account(user: Any, unknown_id: int, facility: Facility, fields: dict[str, Any], key_hex: str = "") -> Panel:
    """Make a panel of an unknown account; what it has sent so far becomes the panel's history. Raises Refused."""
    found = UnknownAccount.objects.restrict(user, "view").filter(pk=unknown_id).first()
    if found is None:
        raise Refused(_("This account is not on the list any more."))
    refuse_sample(user, found)
    return add_panel(user, facility, {**fields, "account": found.account}, key_hex)


def _may_have_panels(user: Any, facility: Facility) -> None:
    if not Facility.objects.restrict(user, "view").filter(pk=facility.pk).exists():
        raise Refused(_("You may not add panels at this facility."))
    refuse_sample(user, facility)


def _account(fields: dict[str, Any]) -> str:
    return str(fields["account"]).strip().upper()


def _fill(panel: Panel, fields: dict[str, Any], key_hex: str) -> None:
    panel.account = _account(fields)
    panel.prefix = str(fields.get("prefix", "")).strip().upper()
    panel.name = str(fields.get("name", "")).strip()
    panel.heartbeat_s = int(fields.get("heartbeat_s", 120))
    panel.check_time = bool(fields.get("check_time", False))
    panel.item = follow(panel.item, device_of(panel))
    if key_hex.strip():
        _set_key(panel, key_hex)
    try:
        with transaction.atomic():
            panel.save()
    except IntegrityError:
        raise Refused(
            _("There is a panel with the account %(account)s already.") % {"account": panel.account}
        ) from None
    if "zones" in fields:
        _set_zones(panel, fields["zones"])


def _set_key(panel: Panel, key_hex: str) -> None:
    """A new key begins anew with time stamps too: no recording of the old one opens with it."""
    try:
        key = read_hex(key_hex)
    except BadKey:
        raise Refused(_("A key is 32, 48 or 64 hexadecimal digits.")) from None
    if not _has_key(panel, key):
        panel.newest_stamp = None
    panel.key = seal(key)


def _has_key(panel: Panel, key: bytes) -> bool:
    try:
        return panel.key is not None and unseal(bytes(panel.key)) == key
    except BadKey:
        return False


def _set_zones(panel: Panel, lines: Iterable[ZoneLine]) -> None:
    panel.zones.all().delete()
    unique = {line.number: line for line in lines}
    Zone.objects.bulk_create(
        Zone(panel=panel, number=line.number, **by_language("name", line.names), **by_language("place", line.places))
        for line in unique.values()
    )


def by_language(field: str, words: Words) -> dict[str, str]:
    """{"name_kk": ..., "name_ru": ..., "name_en": ...} for the columns of a table."""
    return {f"{field}_{language}": word for language, word in zip(LANGUAGES, words, strict=True)}


def words_of(zone: Zone, field: str) -> Words:
    """What stands in these columns."""
    kk, ru, en = (str(getattr(zone, f"{field}_{language}")) for language in LANGUAGES)
    return kk, ru, en


def _zones(panel: Panel) -> dict[str, str]:
    return {zone.number: " | ".join(words_of(zone, "name")) for zone in panel.zones.all()}


def _adopt_signals(panel: Panel) -> None:
    """What came before the panel was known belongs to it, and the account is not unknown any more."""
    if not panel.prefix:
        Signal.objects.filter(panel=None, account=panel.account).update(panel=panel)
    UnknownAccount.objects.filter(account=panel.account).delete()


def _locked(user: Any, action: str, panel_id: int) -> Panel:
    """The panel, locked, if the person may act on it. Raises Panel.DoesNotExist, or Refused to sample people."""
    allowed = Panel.objects.restrict(user, action).filter(pk=panel_id).values("pk")
    panel: Panel = Panel.objects.select_for_update(of=("self",)).select_related("facility__area").get(pk__in=allowed)
    refuse_sample(user, panel)
    return panel


def _tell(trace: Trace, panel: Panel) -> None:
    trace.event("panel.changed", {"id": panel.pk}, permission="alarms.view_panel", area_path=panel.area_path)
