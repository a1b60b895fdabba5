"""Writing down where facilities stand. No permission is asked here: the caller's act has asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tirek.facilities import figures
from tirek.facilities.models import Facility
from tirek.requirements.models import Edition, FormerStanding, Requirement, Standing
from tirek.requirements.registry import LiveFact
from tirek.requirements.standing import Statement, counting, replaces

# (facility, standard, key)
Place = tuple[int, int, str]
Said = str | tuple[str, str]
NOTE = 300
_WRITTEN = [
    field.name for field in Standing._meta.concrete_fields if field.name not in {"id", "facility", "standard", "key"}
]


@dataclass(frozen=True, slots=True)
class Record:
    """What one source says of one facility: {requirement: state or (state, note)}."""

    facility_id: int
    states: Mapping[Requirement, Said]
    source: str
    at: datetime
    source_id: int | None = None


def record_standings(
    facility: Facility,
    states: Mapping[Requirement, Said],
    *,
    source: str,
    source_id: int | None = None,
    at: datetime | None = None,
) -> None:
    """Write down what was seen at a facility, in the caller's act: {requirement: "met" | "unmet" | "na" | "unknown"}, or
    with a note {requirement: ("unmet", "the gate stands open")}. `at` is the evidence date: when it was seen.

    An older visit that comes in late does not take the place of a newer one; both are in the history.
    """
    record_many([Record(facility.pk, states, source, at or timezone.now(), source_id)])


def record_many(records: Iterable[Record], *, recount: bool = True) -> None:
    """The same for many visits at once, in the order given. `recount=False` leaves the figures to the caller."""
    rows = list(records)
    with transaction.atomic():
        standards = _standards(requirement for record in rows for requirement in record.states)
        ledger = Ledger.open({record.facility_id for record in rows})
        for record in rows:
            for requirement, said in record.states.items():
                state, note = said if isinstance(said, tuple) else (said, "")
                place = (record.facility_id, standards[requirement.edition_id], requirement.key)
                statement = Statement(
                    Standing.State(state).value, record.at, record.source, record.source_id, note[:NOTE]
                )
                ledger.say(place, statement)
        ledger.close()
        if recount:
            figures.recount({record.facility_id for record in rows})


def _standards(requirements: Iterable[Requirement]) -> dict[int, int]:
    """The standard of each edition that is spoken of."""
    editions = {requirement.edition_id for requirement in requirements}
    return dict(Edition.objects.filter(pk__in=editions).values_list("pk", "standard"))


@dataclass
class Ledger:
    """The standings of some facilities, while they are being written."""

    rows: dict[Place, Standing]
    changed: dict[Place, Standing] = field(default_factory=dict)
    former: list[FormerStanding] = field(default_factory=list)

    @classmethod
    def open(cls, facility_ids: Iterable[int], keys: Iterable[str] | None = None) -> Ledger:
        """Read what is known (of these keys, or of all), and keep other writers out until the transaction ends."""
        ids = sorted(facility_ids)
        list(Facility.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
        rows = Standing.objects.filter(facility__in=ids)
        if keys is not None:
            rows = rows.filter(key__in=set(keys))
        return cls({(row.facility_id, row.standard_id, row.key): row for row in rows})

    def say(self, place: Place, new: Statement) -> None:
        """Take in what a person says."""
        row = self._row(place)
        old = row.said
        if not replaces(new, old):
            if old is not None and new.is_known:
                self._keep(place, new, until=max(old.since, new.since))
            return
        row.said_state, row.said_since, row.said_source = new.state, new.since, new.source
        row.said_source_id, row.said_note = new.source_id, new.note
        self._decide(place, row)

    def tell(self, place: Place, fact: LiveFact, now: datetime) -> None:
        """Take in what live data says."""
        known = place in self.rows
        if not known and fact.state == Standing.State.UNKNOWN:
            return
        row = self._row(place)
        # Where nothing tells since when, it is since it was first seen.
        same = row.live_state == fact.state and row.live_since is not None
        since = fact.since or (row.live_since if same else now)
        text = dict(fact.text_by_language)
        if (row.live_state, row.live_since, row.live_text) == (fact.state, since, text):
            return
        row.live_state, row.live_since, row.live_text = fact.state, since, text
        self._decide(place, row)

    def forget_live(self, place: Place) -> None:
        """Live data says nothing of it any more."""
        row = self.rows.get(place)
        if row is not None and row.live_state:
            row.live_state, row.live_since, row.live_text = "", None, {}
            self._decide(place, row)

    def close(self) -> None:
        FormerStanding.objects.bulk_create(self.former, batch_size=1000)
        Standing.objects.bulk_create(
            list(self.changed.values()),
            batch_size=1000,
            update_conflicts=True,
            unique_fields=["facility", "standard", "key"],
            update_fields=_WRITTEN,
        )
        self.changed, self.former = {}, []

    def _row(self, place: Place) -> Standing:
        row = self.rows.get(place)
        if row is None:
            facility, standard, key = place
            row = Standing(
                facility_id=facility, standard_id=standard, key=key, state=Standing.State.UNKNOWN, since=timezone.now()
            )
            self.rows[place] = row
        return row

    def _decide(self, place: Place, row: Standing) -> None:
        """Let what counts now stand in `row`; a state that counted before goes to the history."""
        before = Statement(row.state, row.since, row.source, row.source_id, row.note) if row.source else None
        said = row.said
        now = counting(said, row.live) or said or Statement(Standing.State.UNKNOWN, row.live_since or row.since, "live")
        if before is not None and before.is_known and before.state != now.state:
            self._keep(place, before, until=max(before.since, now.since))
        row.state, row.since, row.source, row.source_id = now.state, now.since, now.source, now.source_id
        row.note = now.note
        self.changed[place] = row

    def _keep(self, place: Place, old: Statement, until: datetime) -> None:
        facility, standard, key = place
        self.former.append(
            FormerStanding(
                facility_id=facility,
                standard_id=standard,
                key=key,
                state=old.state,
                since=old.since,
                until=until,
                source=old.source,
                source_id=old.source_id,
                note=old.note,
            )
        )
