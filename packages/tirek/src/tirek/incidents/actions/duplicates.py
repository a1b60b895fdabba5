"""Two that are one and the same: a person merges them, and may undo it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act, snapshot
from tirek.incidents.actions.revising import LONGEST_WHY, locked, reason, revise, tell
from tirek.incidents.facts import DERIVED
from tirek.incidents.models import Incident, Pair, Revision

MERGE, PART = "incidents.merge_incident", "incidents.part_incident"
DECIDE = "incidents.decide_pair"
State = Pair.State


def merge_incident(user: Any, pk: int, into: int, why: str) -> Incident:
    """Say that the incident `pk` is the same as `into`, which stays and is counted. Its source and its facts stay with it.

    Raises Incident.DoesNotExist for one that `user` may not merge, Refused when they cannot be merged.
    """
    with act(MERGE, user) as trace:
        if pk == into:
            raise Refused(_("Choose two different incidents."))
        # Always the smaller id first: two people who merge crosswise do not wait for each other for ever.
        rows = {number: locked(user, "merge", number) for number in sorted((pk, into))}
        incident, other = rows[pk], rows[into]
        if incident.duplicate_of_id is not None:
            raise Refused(_("It is merged into another already."))
        if other.duplicate_of_id is not None:
            raise Refused(_("%(code)s is itself merged into another. Choose that one.") % {"code": other.code})
        if Incident.objects.filter(duplicate_of=incident).exists():
            raise Refused(_("Others are merged into this one. Merge it the other way round."))
        text = reason(why)
        _set(trace, incident, other, user, Revision.Act.MERGED, text)
        _decide(incident, other, State.MERGED, user, text)
    return incident


def part_incident(user: Any, pk: int, why: str) -> Incident:
    """Undo a merger: the incident counts again by itself. Raises Incident.DoesNotExist, Refused."""
    with act(PART, user) as trace:
        incident = locked(user, "part", pk)
        other = incident.duplicate_of
        if other is None:
            raise Refused(_("It is not merged into another."))
        text = reason(why)
        _set(trace, incident, None, user, Revision.Act.PARTED, text)
        _decide(incident, other, State.OPEN, user, text)
    return incident


def keep_apart(user: Any, pair_pk: int, why: str = "") -> Pair:
    """Say that two that look alike are different: they are not offered again. Raises Pair.DoesNotExist, Refused."""
    with act(DECIDE, user) as trace:
        rows = Pair.objects.select_for_update(of=("self",)).select_related("first__area", "second__area")
        allowed = Pair.objects.restrict(user, "decide").filter(
            second__in=Incident.objects.restrict(user, "view").values("pk")
        )
        pair: Pair = rows.defer("first__area__boundary", "second__area__boundary").get(
            pk=pair_pk, pk__in=allowed.values("pk")
        )
        if pair.state != State.OPEN:
            raise Refused(_("Somebody has decided on these two already."))
        pair.state, pair.decided_by, pair.decided_at = State.APART, user, timezone.now()
        pair.why = " ".join(why.split())[:LONGEST_WHY]
        pair.save(update_fields=["state", "decided_by", "decided_at", "why"])
        after = {"pair": f"{pair.first.code}, {pair.second.code}", "state": str(pair.get_state_display())}
        trace.on(pair.first, after=after, why=pair.why)
    return pair


def _set(trace: Any, incident: Incident, other: Incident | None, user: Any, deed: str, why: str) -> None:
    before = snapshot(incident, without=DERIVED)
    incident.duplicate_of = other
    incident.save(update_fields=["duplicate_of"])
    revise(incident, deed, user, why)
    trace.on(incident, before=before, after=snapshot(incident, without=DERIVED), why=why)
    tell(trace, incident)


def _decide(incident: Incident, other: Incident, state: str, user: Any, why: str) -> None:
    """Keep with the pair what was decided; a person may also merge two that nobody proposed."""
    first, second = sorted((incident.pk, other.pk))
    decided = {"state": state, "why": why, "decided_by": user, "decided_at": timezone.now()}
    Pair.objects.update_or_create(
        first_id=first, second_id=second, defaults=decided, create_defaults={**decided, "likeness": 0.0}
    )
