"""What a passport says, as plain data, taken from living rows: six parts, and beside them how things stood on the day.

`{"form": 1, "general": {...}, "characteristics": {...}, "equipment": {...}, "site": {...}, "floors": {...},
"utilities": {...}, "day": {...}}`. Texts in two languages are `{"kk": ..., "ru": ...}`; rows of a list have an `id`, by which
two versions are compared (`compare`). The data is the same for the same rows, whoever asks and in whatever language, so its
hash names it. How it is said in words, `words` knows.

A passport describes what lasts. How many devices work, which requirements are met and how many notices are open changes
every week: `day` keeps that as it was, and a change of it does not make a passport out of date.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Sum

from tirek.equipment.models import Item
from tirek.facilities.models import Building, Contact, Document, Entrance, Facility
from tirek.notices.models import Notice
from tirek.places.models import Named
from tirek.requirements import queries as requirements
from tirek.requirements.models import Point, Standing
from tirek.ui.paper import digest

Facts = dict[str, Any]

FORM = 1
LASTING = ("general", "characteristics", "equipment", "site", "floors", "utilities")
PLAN_PARTS = {
    Document.Kind.SITE_PLAN: "site",
    Document.Kind.FLOOR_PLAN: "floors",
    Document.Kind.UTILITIES: "utilities",
}
NOT_THERE = (Item.State.PLANNED, Item.State.RETIRED, Item.State.MISSING)
CHUNK = 500


def facts_of(facility_ids: Iterable[int], *, day: bool = True) -> dict[int, Facts]:
    """The facts of these facilities as they are now; without `day` only what lasts. A dozen queries for 500 facilities."""
    ids = sorted(set(facility_ids))
    found: dict[int, Facts] = {}
    for start in range(0, len(ids), CHUNK):
        found |= _facts(ids[start : start + CHUNK], day)
    return found


def lasting(facts: Facts) -> Facts:
    """The part of the facts whose change makes a passport out of date."""
    return {part: facts.get(part) for part in LASTING}


def sha256(facts: Facts) -> str:
    return digest(facts)


def plan_ids(facts: Facts) -> list[int]:
    """The stored files that the facts name, in the order of the parts."""
    return [plan["file"] for part in PLAN_PARTS.values() for plan in facts[part]["plans"]]


def _facts(ids: Sequence[int], day: bool) -> dict[int, Facts]:
    rows = Facility.objects.select_related("type", "area__parent", "agency")
    rows = rows.defer("area__boundary", "area__parent__boundary", "words")
    contacts, buildings, entrances = (
        _by_facility(Contact, ids),
        _by_facility(Building, ids),
        _by_facility(Entrance, ids),
    )
    names = {building.pk: building.name for rows_of in buildings.values() for building in rows_of}
    plans = _plans(ids, names)
    kinds, states = _equipment(ids)
    found = {
        facility.pk: {
            "form": FORM,
            "general": _general(facility, contacts[facility.pk]),
            "characteristics": _characteristics(facility, buildings[facility.pk], entrances[facility.pk], names),
            "equipment": {"kinds": kinds[facility.pk]},
            **{part: {"plans": plans[facility.pk, part]} for part in PLAN_PARTS.values()},
        }
        for facility in rows.filter(pk__in=ids)
    }
    if day:
        _add_day(found, states)
    return found


def _general(facility: Facility, contacts: list[Any]) -> Facts:
    area = facility.area
    above = area.parent if area.kind == area.Kind.SETTLEMENT else None
    places = [place for place in (above, area) if place is not None]
    return {
        "code": facility.code,
        "name": _named(facility),
        "type": _named(facility.type),
        "category": facility.category,
        "area": {code: ", ".join(place.name_in(code) for place in places) for code in ("kk", "ru")},
        "address": _text(facility.address_kk, facility.address_ru),
        "position": f"{facility.lat:.6f}, {facility.lon:.6f}",
        "agency": _named(facility.agency) if facility.agency else None,
        "owner": facility.owner,
        "head": facility.head,
        "phone": facility.phone,
        "email": facility.email,
        "guards": facility.guards,
        "contacts": [
            {
                "id": contact.pk,
                "name": contact.full_name,
                "position": contact.position,
                "phone": contact.phone,
                "hours": contact.hours,
            }
            for contact in contacts
        ],
    }


def _characteristics(facility: Facility, buildings: list[Any], entrances: list[Any], names: dict[int, str]) -> Facts:
    return {
        "opening": facility.opening,
        "capacity": facility.capacity,
        "staff": facility.staff,
        "visitors": facility.visitors,
        "floor_area_m2": facility.floor_area_m2,
        "site_area_m2": facility.site_area_m2,
        "perimeter_m": facility.perimeter_m,
        "entrance_count": facility.entrances,
        "notes": facility.notes,
        "buildings": [
            {
                "id": building.pk,
                "name": building.name,
                "use": building.use,
                "floors": building.floors,
                "area_m2": building.area_m2,
                "built": building.built,
                "people": building.people,
            }
            for building in buildings
        ],
        "entrances": [
            {
                "id": entrance.pk,
                "name": entrance.name,
                "kind": entrance.kind,
                "building": names.get(entrance.building_id, ""),
                "control": entrance.control,
            }
            for entrance in entrances
        ],
    }


def _plans(ids: Sequence[int], names: dict[int, str]) -> dict[tuple[int, str], list[Facts]]:
    """Plans and schemes that no newer one has replaced, by facility and part; each names its file by its hash."""
    rows = Document.objects.filter(facility__in=ids, kind__in=list(PLAN_PARTS), replaced_by=None)
    found: dict[tuple[int, str], list[Facts]] = defaultdict(list)
    for document in rows.select_related("file").order_by("facility", "kind", "building__order", "title", "pk"):
        plan = {
            "id": document.pk,
            "title": document.title,
            "building": names.get(document.building_id, ""),
            "dated": document.dated.isoformat() if document.dated else None,
            "file": document.file_id,
            "media": document.file.media_type,
            "sha256": document.file.sha256,
        }
        found[document.facility_id, PLAN_PARTS[Document.Kind(document.kind)]].append(plan)
    return found


def _equipment(ids: Sequence[int]) -> tuple[dict[int, list[Facts]], dict[int, list[Facts]]]:
    """What is installed, by facility: how many of each kind; and how many of these work."""
    rows = (
        Item.objects.filter(facility__in=ids)
        .exclude(state__in=NOT_THERE)
        .order_by("kind__group", "kind__code")
        .values_list(
            "facility", "kind__group", "kind__code", "kind__name_kk", "kind__name_ru", "kind__name_en", "state"
        )
        .annotate(n=Sum("quantity"))
    )
    counted: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for *key, state, n in rows:
        counted[tuple(key)][state] += n
    kinds: dict[int, list[Facts]] = defaultdict(list)
    states: dict[int, list[Facts]] = defaultdict(list)
    for (facility, group, code, kk, ru, en), by_state in counted.items():
        total, working = by_state.total(), by_state[Item.State.WORKS]
        kinds[facility].append({"id": code, "group": group, "name": _text(kk or en, ru or en), "count": total})
        states[facility].append(
            {"id": code, "name": _text(kk or en, ru or en), "works": working, "faulty": total - working}
        )
    return kinds, states


def _add_day(found: dict[int, Facts], states: dict[int, list[Facts]]) -> None:
    """How things stand on the day: which devices work, requirements by point, open notices."""
    ids = list(found)
    points = _standings(ids)
    notices = dict(
        Notice.objects.filter(facility__in=ids, state__in=Notice.OPEN)
        .order_by()
        .values_list("facility")
        .annotate(n=Count("pk"))
    )
    for pk, facts in found.items():
        facts["day"] = {
            "equipment": states[pk],
            "requirements": points.get(pk, []),
            "notices_open": notices.get(pk, 0),
        }


def _standings(ids: Sequence[int]) -> dict[int, list[Facts]]:
    """By facility and point of protection: how many of the requirements that bind it are met, unmet, not known."""
    demands = requirements.in_force()
    if not demands:
        return {}
    known = {
        (facility, standard, key): state
        for facility, standard, key, state in Standing.objects.filter(facility__in=ids).values_list(
            "facility", "standard", "key", "state"
        )
    }
    rows, binds = requirements.bound(demands, ids)
    found: dict[int, list[Facts]] = {}
    for row, pk in enumerate(rows):
        counts: dict[str, Counter[str]] = defaultdict(Counter)
        for column, demand in enumerate(demands):
            if binds[row, column]:
                state = known.get((pk, demand.edition.standard_id, demand.key), Standing.State.UNKNOWN)
                counts[demand.point][str(state)] += 1
        found[pk] = [
            {"id": point.value, **{name: counts[point.value][name] for name in ("met", "unmet", "unknown")}}
            for point in Point
            if point.value in counts
        ]
    return found


def _by_facility(model: Any, ids: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in model.objects.filter(facility__in=ids):
        found[row.facility_id].append(row)
    return found


def _named(row: Named) -> Facts:
    return {code: row.name_in(code) for code in ("kk", "ru")}


def _text(kk: str, ru: str) -> Facts:
    """A text in both languages; where one is missing, the other stands in."""
    return {"kk": kk or ru, "ru": ru or kk}
