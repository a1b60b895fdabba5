"""A stocktake: start, scan labels, close, and write down what a person confirms."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.audit.act import Refused, act, snapshot
from tirek.audit.bulk import many_acts
from tirek.equipment import queries
from tirek.equipment.actions.items import CHANGE, MOVE
from tirek.equipment.actions.tags import read_label
from tirek.equipment.counting import FACILITY, PLACE, STATE, Count, verdict
from tirek.equipment.models import Item, Scan, Stocktake
from tirek.equipment.registry import live
from tirek.facilities import figures
from tirek.facilities.models import Building, Facility

TAKE = "equipment.take_stocktake"
UNKNOWN, TWICE, FOUND = "unknown", "twice", "found"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a scan was: `kind` is found, twice, unknown, or why the item is misplaced (facility, place, state)."""

    kind: str
    text: str
    item: Item | None = None


def start_stocktake(user: Any, facility: Facility) -> Stocktake:
    """Start counting at a facility. What is on its list now is expected. Raises Refused while another one is open."""
    if not can_at(user, TAKE, facility.area.path, facility.agency_id):
        raise PermissionDenied(TAKE)
    with act(TAKE, user) as trace:
        expected = queries.expected(facility)
        if not expected:
            raise Refused(_("No equipment is written down here yet, so there is nothing to count. Add it first."))
        try:
            with transaction.atomic():
                made = Stocktake.objects.create(
                    facility=facility, started_by=user, expected=expected, is_sample=facility.is_sample
                )
        except IntegrityError as error:
            raise Refused(_("A stocktake is open here already. Go on with that one.")) from error
        trace.on(made, after={"facility": str(facility), "expected": len(expected)})
    return made


def scan_label(
    user: Any,
    pk: int,
    label: str,
    *,
    building: Building | None = None,
    place: str = "",
    client_id: str = "",
    at: datetime | None = None,
) -> Answer:
    """Take one scan. The same label counts once, however often it comes and from however many phones.

    A phone that was offline says when it was. What was scanned before the close is taken after it too, and added to the
    result, until somebody has written the result down. A scan leaves no entry of its own in the log: closing does, with all of
    them; one that changes a result that stands there already does.
    Raises Stocktake.DoesNotExist, Refused when it came too late.
    """
    with transaction.atomic():
        stocktake = _locked(user, pk)
        text = read_label(label)
        if not text:
            raise Refused(_("The label says nothing."))
        if building is not None and building.facility_id != stocktake.facility_id:
            building = None
        item = queries.by_tag(text)
        seen = stocktake.scans.filter(item=item) if item else stocktake.scans.filter(item=None, text=text)
        earlier = seen.first()
        again = earlier is not None and bool(client_id) and earlier.client_id == client_id[:64]
        if not again:
            _refuse_late(stocktake, at, is_new=earlier is None)
        if earlier is not None and not again:
            return Answer(TWICE, text, item)
        if earlier is None:
            now = timezone.now()
            earlier = Scan(
                stocktake=stocktake, item=item, text=text, building=building, place=place.strip()[:160],
                at=min(at, now) if at and at >= stocktake.started_at else now, by=user, client_id=client_id[:64],
            )  # fmt: skip
            earlier.save()
            if stocktake.closed_at is not None:
                _count_late(user, stocktake, earlier)
        if item is None:
            return Answer(UNKNOWN, text)
        known = queries.known([item])[item.pk]
        return Answer(verdict(stocktake.facility_id, known, queries.seen(earlier)) or FOUND, text, item)


def _refuse_late(stocktake: Stocktake, at: datetime | None, *, is_new: bool) -> None:
    """What was scanned while the stocktake was open counts whenever it arrives, as long as nothing was written down of it."""
    if stocktake.closed_at is None:
        return
    if at is None or not stocktake.started_at <= at < stocktake.closed_at:
        raise Refused(_("This stocktake is closed. Start a new one."))
    if is_new and stocktake.result.get("applied"):
        raise Refused(_("The result of this stocktake was written down already. Look at this item on the register."))


def _count_late(user: Any, stocktake: Stocktake, scan: Scan) -> None:
    """A scan came after the close: the result is another one, and the log says so."""
    with act(TAKE, user, why=_("A scan from before the close came after it")) as trace:
        before = stocktake.result
        stocktake.result = _with_late(before, stocktake.facility_id, scan)
        stocktake.save(update_fields=["result"])
        numbers = Count().numbers()
        trace.on(
            stocktake,
            before={key: before.get(key) for key in numbers},
            after={key: stocktake.result[key] for key in numbers},
        )


def _with_late(result: dict[str, Any], facility: int, scan: Scan) -> dict[str, Any]:
    """A result with one more scan. Only its own item is judged: the register has moved on since the rest was counted."""
    if scan.item is None:
        return result | {"unknown": result["unknown"] + 1}
    pk = scan.item.pk
    items = {name: [other for other in ids if other != pk] for name, ids in result["items"].items()}
    why = verdict(facility, queries.known([scan.item])[pk], queries.seen(scan))
    items["misplaced" if why else "found"].append(pk)
    numbers = {name: len(ids) for name, ids in items.items()}
    return result | numbers | {"items": items, "why": result["why"] | ({str(pk): why} if why else {})}


def close_stocktake(user: Any, pk: int) -> Stocktake:
    """End the counting and keep what it found. Nothing on the register changes before a person confirms it."""
    with act(TAKE, user) as trace:
        stocktake = _locked(user, pk)
        if stocktake.closed_at is not None:
            raise Refused(_("This stocktake is closed. Start a new one."))
        found = queries.count_of(stocktake)
        stocktake.result = _result(found)
        stocktake.closed_at, stocktake.closed_by = timezone.now(), user
        stocktake.save(update_fields=["result", "closed_at", "closed_by"])
        trace.on(stocktake, before={"closed": False}, after={"closed": True, **found.numbers()})
    return stocktake


@transaction.atomic
def apply_stocktake(user: Any, pk: int, *, missing: Iterable[int] = (), moves: Iterable[int] = ()) -> int:
    """Write down what a person confirms of a closed stocktake: these are missing, these stand where they were found.

    What changed since the counting is left alone. Returns how many items were changed. Raises Refused while it is open.
    """
    stocktake = _locked(user, pk)
    if stocktake.closed_at is None:
        raise Refused(_("Close the stocktake first."))
    items = stocktake.result["items"]
    lost = set(missing) & set(items["missing"])
    moved = set(moves) & set(items["misplaced"])
    where = {scan.item_id: scan for scan in stocktake.scans.filter(item__in=moved).select_related("building")}
    touched: set[int] = set()
    changed = 0
    day = f"{timezone.localdate(stocktake.closed_at):%d.%m.%Y}"
    with many_acts(user, why=_("Stocktake of %(day)s") % {"day": day}) as traces:
        connected = live(moved)
        for action, ids in (("change", lost), ("move", moved)):
            allowed = Item.objects.restrict(user, action).filter(pk__in=ids).values("pk")
            rows = Item.objects.select_for_update(of=("self",)).select_related("kind", "facility__area").order_by("pk")
            for item in rows.defer("facility__area__boundary").filter(pk__in=allowed):
                before, old = snapshot(item), item.facility_id
                if action == "change":
                    if item.facility_id != stocktake.facility_id or item.state in queries.NOT_EXPECTED:
                        continue
                    item.state = Item.State.MISSING
                elif not _put(user, item, stocktake, where[item.pk], is_connected=item.pk in connected):
                    continue
                if snapshot(item) == before:
                    continue
                item.save()
                touched |= {old, item.facility_id}
                traces.on(CHANGE if action == "change" else MOVE, item, before=before, after=snapshot(item))
                changed += 1
        figures.recount(touched)
        result = dict(stocktake.result)
        result["applied"] = sorted({*result.get("applied", []), *lost, *moved})
        stocktake.result = result
        stocktake.save(update_fields=["result"])
    return changed


def _put(user: Any, item: Item, stocktake: Stocktake, scan: Scan, *, is_connected: bool) -> bool:
    """Let an item stand where it was scanned. A connected device moves with its panel or endpoint only."""
    why = stocktake.result["why"].get(str(item.pk), "")
    if why == FACILITY:
        here = stocktake.facility
        if is_connected or not can_at(user, MOVE, here.area.path, here.agency_id):
            return False
        item.facility, item.building = here, scan.building
        item.place = scan.place
    elif why == PLACE:
        item.building = scan.building or item.building
        item.place = scan.place or item.place
    if why == STATE or item.state == Item.State.MISSING:
        item.state, item.state_note = Item.State.WORKS, ""
    return bool(why)


def _result(found: Count) -> dict[str, Any]:
    """What a count found, as it is kept."""
    return {
        **found.numbers(),
        "items": {"found": found.found, "misplaced": list(found.misplaced), "missing": found.missing},
        "why": {str(item): why for item, why in found.misplaced.items()},
    }


def _locked(user: Any, pk: int) -> Stocktake:
    """Held to the end of the transaction: a scan that comes late and the writing down of the result wait for each other."""
    allowed = Stocktake.objects.restrict(user, "take").filter(pk=pk).values("pk")
    rows = Stocktake.objects.select_for_update(of=("self",)).select_related("facility__area")
    found: Stocktake = rows.defer("facility__area__boundary").get(pk__in=allowed)
    return found
