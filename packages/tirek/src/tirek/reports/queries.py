"""What was done to protect facilities, counted from the rows themselves, in a period and in the one before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.models import Agency
from tirek.facilities.filters import midnight
from tirek.facilities.models import Facility, FacilityType
from tirek.inspections.models import Finding, Inspection
from tirek.notices.models import Notice
from tirek.places.models import Area

PERIODS = (30, 91, 182, 365)
MONTHS = 12
#: Visits by which a facility counts as inspected: one that only looks whether something was put right does not make it so.
KINDS = [kind for kind in Inspection.Kind if kind != Inspection.Kind.AGAIN]


@dataclass(frozen=True, slots=True)
class Period:
    """So many days up to `until`, that day among them."""

    days: int
    until: date

    @property
    def since(self) -> date:
        return self.until - timedelta(days=self.days - 1)

    @property
    def before(self) -> Period:
        """The period of the same length that ends the day before this one begins."""
        return Period(self.days, self.since - timedelta(days=1))

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """From the begin of its first day to the end of its last, as moments."""
        return midnight(self.since), midnight(self.until + timedelta(days=1))

    def query(self, what: str = "") -> str:
        """The part of an address that asks a list for the days of this period, by `what` happened on them."""
        start = f"{what}_" if what else ""
        return f"{start}since={self.since.isoformat()}&{start}until={self.until.isoformat()}"


@dataclass(slots=True)
class Done:
    """What was counted for one period: by facility, so that any grouping is a sum."""

    visits: Counter[int] = field(default_factory=Counter)
    found: Counter[int] = field(default_factory=Counter)
    fixed: Counter[int] = field(default_factory=Counter)
    issued: Counter[int] = field(default_factory=Counter)
    closed: Counter[int] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number with that of the period before."""

    key: str
    label: str
    now: int
    before: int
    query: str

    @property
    def change(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: a district, an agency or a type, with what was done there."""

    name: str
    query: str  # leads to the facilities on the register, and to the notices that were issued
    issued_query: str
    listed: int
    listed_inspected: int
    inspected: int
    found: int
    fixed: int
    issued: int
    closed: int
    open: int
    overdue: int

    @property
    def share(self) -> float | None:
        """Facilities inspected, percent of those on the register."""
        return 100 * self.listed_inspected / self.listed if self.listed else None

    @property
    def says_something(self) -> bool:
        return any((self.listed, self.inspected, self.found, self.fixed, self.issued, self.closed, self.open))


@dataclass(frozen=True, slots=True)
class Month:
    """One month of the trend."""

    first: date
    inspected: int
    issued: int
    closed: int


def counted(user: Any, period: Period) -> Done:
    """What was done in a period, of what `user` may see."""
    since, until = period.moments
    moments = (since, until - timedelta(microseconds=1))
    days = (period.since, period.until)
    visits = Inspection.objects.restrict(user, "view").filter(state=Inspection.State.SUBMITTED, kind__in=KINDS)
    findings = Finding.objects.restrict(user, "view").exclude(state=Finding.State.WITHDRAWN)
    notices = Notice.objects.restrict(user, "view")
    return Done(
        visits=_by_facility(visits.filter(submitted_at__range=moments)),
        found=_by_facility(findings.filter(found_on__range=days)),
        fixed=_by_facility(findings.filter(fixed_on__range=days)),
        issued=_by_facility(notices.filter(issued_at__range=moments)),
        closed=_by_facility(notices.filter(closed_at__range=moments)),
    )


def figures(now: Done, before: Done, period: Period) -> list[Figure]:
    """The strip over the page: each with the period before. `query` leads to the rows that were counted."""
    kinds = "".join(f"&kind={kind}" for kind in KINDS)
    visits = f"?each=facility&state={Inspection.State.SUBMITTED}{kinds}&{period.query('handed_in')}"
    findings = f"?state={Finding.State.OPEN}&state={Finding.State.FIXED}"
    found, fixed = f"{findings}&{period.query()}", f"{findings}&{period.query('fixed')}"
    issued, closed = f"?{period.query('issued')}", f"?{period.query('closed')}"
    return [
        Figure("inspected", _("facilities inspected"), len(now.visits), len(before.visits), visits),
        Figure("issued", _("notices issued"), now.issued.total(), before.issued.total(), issued),
        Figure("closed", _("notices closed"), now.closed.total(), before.closed.total(), closed),
        Figure("found", _("violations found"), now.found.total(), before.found.total(), found),
        Figure("fixed", _("violations put right"), now.fixed.total(), before.fixed.total(), fixed),
    ]


def tables(user: Any, done: Done, period: Period) -> list[dict[str, Any]]:
    """By district, by agency in charge, by type; what is open and overdue is of today.

    What was done at facilities that were taken off the register since counts too, so that each table adds up to the strip.
    """
    places = Facility.objects.restrict(user, "view")
    register = list(places.values_list("pk", "area__path", "agency", "type", "state"))
    listed = {row[0] for row in register if row[4] == Facility.State.LISTED}
    today = timezone.localdate()
    running = Notice.objects.restrict(user, "view").filter(state__in=Notice.OPEN)
    is_open, overdue = _by_facility(running), _by_facility(running.filter(due_on__lt=today))
    districts = list(Area.objects.filter(kind=Area.Kind.DISTRICT).defer("boundary").order_by("path"))
    agencies = Agency.objects.in_bulk()
    types = FacilityType.objects.in_bulk()

    def table(title: str, named: Iterable[tuple[Any, str, str]], key: Callable[[Any], Any]) -> dict[str, Any]:
        groups: dict[Any, list[int]] = {}
        for row in register:
            groups.setdefault(key(row), []).append(row[0])
        counts = _Counts(done, listed, is_open, overdue)
        rows = [_row(name, query, period, groups[k], counts) for k, name, query in named if k in groups]
        shown = [row for row in rows if row.says_something]
        return {"title": title, "rows": sorted(shown, key=lambda row: (-row.listed, row.name))}

    paths = [(district.path, district.pk) for district in districts]
    return [
        table(
            _("By district"),
            [(d.pk, d.name, f"?area={d.pk}") for d in districts] + [(None, _("outside of all districts"), "")],
            lambda row: next((pk for path, pk in paths if row[1].startswith(path)), None),
        ),
        table(
            _("By agency in charge"),
            [(pk, agency.name, f"?agency={pk}") for pk, agency in agencies.items()] + [(None, _("no agency"), "")],
            lambda row: row[2],
        ),
        table(
            _("By type"),
            [(pk, kind.name, f"?type={pk}") for pk, kind in types.items()],
            lambda row: row[3],
        ),
    ]


def trend(user: Any, today: date) -> list[Month]:
    """The last twelve months, the oldest first; the present one is not over."""
    firsts = [_first(today, back) for back in range(MONTHS - 1, -1, -1)]
    start = midnight(firsts[0])
    visits = Inspection.objects.restrict(user, "view").filter(
        state=Inspection.State.SUBMITTED, kind__in=KINDS, submitted_at__gte=start
    )
    notices = Notice.objects.restrict(user, "view")
    seen = {(_month(at), facility) for at, facility in visits.values_list("submitted_at", "facility")}
    inspected = Counter(month for month, _facility in seen)
    issued = Counter(_month(at) for at in notices.filter(issued_at__gte=start).values_list("issued_at", flat=True))
    closed = Counter(_month(at) for at in notices.filter(closed_at__gte=start).values_list("closed_at", flat=True))
    return [Month(first, inspected[first], issued[first], closed[first]) for first in firsts]


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the rows of a table are summed from."""

    done: Done
    listed: set[int]
    is_open: Counter[int]
    overdue: Counter[int]


def _row(name: str, query: str, period: Period, ids: list[int], counts: _Counts) -> Row:
    def total(counted: Counter[int]) -> int:
        return sum(counted[pk] for pk in ids)

    done = counts.done
    return Row(
        name=name,
        query=query,
        issued_query=f"{query}&{period.query('issued')}" if query else "",
        listed=sum(1 for pk in ids if pk in counts.listed),
        listed_inspected=sum(1 for pk in ids if pk in counts.listed and done.visits[pk]),
        inspected=sum(1 for pk in ids if done.visits[pk]),
        found=total(done.found),
        fixed=total(done.fixed),
        issued=total(done.issued),
        closed=total(done.closed),
        open=total(counts.is_open),
        overdue=total(counts.overdue),
    )


def _by_facility(rows: QuerySet) -> Counter[int]:
    return Counter(dict(rows.order_by().values_list("facility").annotate(n=Count("pk"))))


def _first(today: date, back: int) -> date:
    month = today.year * 12 + today.month - 1 - back
    return date(month // 12, month % 12 + 1, 1)


def _month(at: datetime) -> date:
    return timezone.localdate(at).replace(day=1)
