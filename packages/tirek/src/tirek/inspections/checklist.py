"""Which requirements a visit asks about."""

from __future__ import annotations

from collections.abc import Iterable

from tirek.inspections.models import Inspection
from tirek.requirements import queries as requirements
from tirek.requirements.applicability import binds
from tirek.requirements.models import Requirement


def of_today(visit: Inspection) -> list[Requirement]:
    """The requirements that a visit would ask about if it began now."""
    return _of_today([visit])[visit.pk]


def of_editions(visit: Inspection, editions: Iterable[int]) -> list[Requirement]:
    """The requirements that a visit asks about under these editions. A re-inspection asks what its findings say, in any case."""
    if visit.kind == Inspection.Kind.AGAIN:
        return of_today(visit)
    facts = requirements.facts_of([visit.facility_id])[visit.facility_id]
    rows = Requirement.objects.filter(edition__in=editions).order_by("edition__standard__code", "edition", "order")
    return [row for row in rows if binds(row.applies, facts)]


def of(visit: Inspection) -> list[Requirement]:
    """The requirements of a visit: those that it began with, or those of today."""
    return of_many([visit])[visit.pk]


def of_many(visits: Iterable[Inspection]) -> dict[int, list[Requirement]]:
    """The same for many visits at once, in a number of queries that does not grow with them."""
    rows = list(visits)
    kept = _rows({pk for row in rows for pk in row.checklist})
    begun = {row.pk: [kept[pk] for pk in row.checklist if pk in kept] for row in rows if row.checklist}
    return begun | _of_today([row for row in rows if not row.checklist])


def must_answer(rows: Iterable[Requirement]) -> list[Requirement]:
    """Those that need an answer of a person; what live data tells does not."""
    return [row for row in rows if row.verify != Requirement.Verify.LIVE]


def _of_today(visits: list[Inspection]) -> dict[int, list[Requirement]]:
    again = [visit for visit in visits if visit.kind == Inspection.Kind.AGAIN]
    others = [visit for visit in visits if visit.kind != Inspection.Kind.AGAIN]
    return _of_findings(again) | _in_force(others)


def _in_force(visits: list[Inspection]) -> dict[int, list[Requirement]]:
    if not visits:
        return {}
    facts = requirements.facts_of(sorted({visit.facility_id for visit in visits}))
    rows = requirements.in_force()
    return {visit.pk: [row for row in rows if binds(row.applies, facts[visit.facility_id])] for visit in visits}


def _of_findings(visits: list[Inspection]) -> dict[int, list[Requirement]]:
    """A re-inspection asks about the requirements of the findings that it verifies, in the words that were found unmet."""
    if not visits:
        return {}
    wanted = Inspection.verifies.through.objects.filter(inspection__in=visits)
    pairs = list(wanted.values_list("inspection", "finding__requirement"))
    rows = _rows({requirement for _visit, requirement in pairs})
    order = {pk: (row.edition_id, row.order) for pk, row in rows.items()}
    found: dict[int, list[Requirement]] = {}
    for visit in visits:
        mine = {requirement for pk, requirement in pairs if pk == visit.pk}
        found[visit.pk] = [rows[pk] for pk in sorted(mine, key=order.__getitem__)]
    return found


def _rows(wanted: set[int]) -> dict[int, Requirement]:
    if not wanted:
        return {}
    rows = Requirement.objects.filter(pk__in=wanted).select_related("edition__standard").defer("edition__file")
    return {row.pk: row for row in rows}
