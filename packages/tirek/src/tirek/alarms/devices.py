"""Panels as equipment: what they are, whether they live, and which of their signals count as tests."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from tirek.alarms.kinds import PRESSED
from tirek.alarms.models import Alarm, Panel, Signal
from tirek.equipment.actions.linked import Device
from tirek.equipment.actions.testing import Proof, record_proofs
from tirek.equipment.models import Item
from tirek.equipment.registry import Live, live_state

#: How far back the worker looks for alarms of tests. It comes by every ten minutes; this is for when it was away.
LOOK_BACK = timedelta(days=14)
BUTTON = "panic_button"


def device_of(panel: Panel) -> Device:
    return Device("alarm_panel", panel.facility, serial=panel.account)


@live_state
def panels_live(item_ids: list[int]) -> dict[int, Live]:
    """Whether the panels among the items answer."""
    found = {}
    for panel in Panel.objects.filter(item__in=item_ids).only(
        "item", "account", "name", "last_seen", "silent_since", "test_until"
    ):
        if panel.silent_since:
            works, label = False, _("does not answer")
        elif panel.last_seen is None:
            works, label = None, _("never heard")
        elif panel.test_until and panel.test_until > timezone.now():
            works, label = True, _("under test")
        else:
            works, label = True, _("answers")
        found[panel.item_id] = Live(
            works,
            label,
            pgettext("equipment", "alarm panel %(name)s") % {"name": str(panel)},
            reverse("alarms:panel", args=[panel.pk]),
            heard_at=panel.last_seen,
            since=panel.silent_since,
            permission="alarms.view_panel",
        )
    return found


def count_tests() -> int:
    """Let what was pressed under test count as a test of the button and of its panel.

    The worker calls it, not the receiver: a signal is answered in milliseconds, and that it was also a test may be known minutes
    later. Only alarms of tests count, once they are closed: in a real or a false one nobody has looked whether all went well. A
    button is found by the zone that is written on its item; where a facility has one button and no zone is written down, it is that
    one. Returns how many tests were new.
    """
    since = timezone.now() - LOOK_BACK
    alarms = Alarm.objects.filter(closed_at__gte=since, kind__in=PRESSED, outcome=Alarm.Outcome.TEST)
    signals = Signal.objects.filter(alarm__in=alarms, panel__isnull=False, problem__in=("", "plain"))
    rows = list(signals.select_related("panel").defer("raw").order_by("received_at"))
    panels: dict[int, int] = defaultdict(int)
    facilities = {row.panel.facility_id for row in rows if row.panel}
    for facility in Panel.objects.filter(facility__in=facilities).values_list("facility", flat=True):
        panels[facility] += 1
    buttons: dict[int, list[Item]] = defaultdict(list)
    for item in Item.objects.filter(facility__in=facilities, kind__code=BUTTON).exclude(state=Item.State.RETIRED):
        buttons[item.facility_id].append(item)
    return record_proofs("panel", [proof for row in rows for proof in _proofs(row, buttons, panels)])


def _proofs(signal: Signal, buttons: dict[int, list[Item]], panels: dict[int, int]) -> Iterator[Proof]:
    panel = signal.panel
    if panel is None or signal.alarm_id is None:
        return
    if panel.item_id:
        yield Proof(panel.item_id, signal.received_at, True, signal.alarm_id)
    item = button_of(panel, signal.zone, buttons[panel.facility_id], panels[panel.facility_id] == 1)
    if item:
        yield Proof(item.pk, signal.received_at, True, signal.alarm_id, f"{panel.account} / {signal.zone}")


def button_of(panel: Panel, zone: str, buttons: list[Item], is_alone: bool) -> Item | None:
    """The button behind a zone of a panel. With several panels at a facility the zone alone says nothing."""
    full, bare = f"{panel.account}/{_bare(zone)}", _bare(zone)
    for item in buttons:
        account, slash, number = item.zone.rpartition("/")
        written = f"{account.strip().upper()}/{_bare(number)}" if slash else _bare(item.zone)
        if item.zone and (written == full or (is_alone and written == bare)):
            return item
    return buttons[0] if is_alone and len(buttons) == 1 and not buttons[0].zone else None


def _bare(zone: str) -> str:
    return zone.strip().lstrip("0") or ("0" if zone.strip() else "")
