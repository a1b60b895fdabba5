"""Reads of public warning. Each starts from what the user may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, Max, Min, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone

from tirek.warning import rules, wording
from tirek.warning.models import Alert, Delivery, Endpoint, EndpointEvent, Mode, Plan, PlanText, SeenOverride
from tirek.warning.plans import ENDINGS
from tirek.warning.reasons import said

State = Delivery.State
# Who is silent comes first, the worst on top.
SILENT = (State.FAILED, State.UNKNOWN, State.EXPIRED, State.PENDING)
STATES = (State.HEARD, State.ACCEPTED, State.UNKNOWN, State.FAILED, State.EXPIRED, State.PENDING)
UNCOMMANDED_SHOWN = timedelta(minutes=30)
SILENT_SHOWN = 50


def alerts(user: Any) -> QuerySet[Alert]:
    """Alerts that `user` may see; drafts and rejected ones only for those who may compose."""
    found = Alert.objects.restrict(user, "view").select_related("plan", "author", "confirmed_by", "area")
    if user.grants("warning.compose_alert"):
        return found
    return found.filter(state__in=(Alert.State.ISSUED, Alert.State.ENDED))


def listed(user: Any) -> QuerySet[Alert]:
    """Alerts for the list: corrections that were only prepared stay out; what waits and what sounds comes first."""
    order = Case(
        When(state=Alert.State.WAITING, then=Value(0)),
        When(state=Alert.State.ISSUED, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = alerts(user).exclude(state=Alert.State.DRAFT, follows__isnull=False)
    counts = {
        f"{state}_count": Count("deliveries", filter=Q(deliveries__state=state))
        for state in (State.HEARD, State.ACCEPTED, State.FAILED)
    }
    return rows.annotate(rank=order, **counts).order_by("rank", "-issued_at", "-created_at")


def waiting(user: Any) -> QuerySet[Alert]:
    """Alerts that wait for a second person and that `user` could decide."""
    since = timezone.now() - rules.CONFIRM_WITHIN
    rows = Alert.objects.restrict(user, "confirm").filter(state=Alert.State.WAITING, sent_at__gte=since)
    return rows.exclude(author=user).select_related("plan", "author").order_by("sent_at")


def sounding(user: Any) -> QuerySet[Alert]:
    """Warnings that are valid now; all-clears and cancellations are none."""
    rows = Alert.objects.restrict(user, "view").filter(_valid())
    return rows.exclude(plan__code__in=ENDINGS).select_related("plan").order_by("-mode", "issued_at")


def outstanding(user: Any) -> QuerySet[Alert]:
    """Warnings that are valid now, then those whose time ran out lately and that no all-clear has followed.

    One whose loudspeakers give another warning now is not among the latter: its all-clear has to wait.
    """
    instead = _running(OuterRef("mode")).filter(endpoint__deliveries__alert=OuterRef("pk"))
    open_still = _left_open() & ~Q(Exists(instead))
    rows = Alert.objects.restrict(user, "view").filter(_valid() | open_still).exclude(plan__code__in=ENDINGS)
    return rows.select_related("plan").order_by("-state", "-mode", "issued_at")


def can_be_called_off(alert: Alert) -> bool:
    """Whether an all-clear or a cancellation may follow `alert` now: while it runs, and a while after its time ran out."""
    if alert.plan.code in ENDINGS:
        return False
    return alert.state == Alert.State.ISSUED or Alert.objects.filter(_left_open(), pk=alert.pk).exists()


def given_instead(alert: Alert) -> Alert | None:
    """The warning of the same mode that runs now and that loudspeakers and sirens of `alert` give; the newest one."""
    ids = _running(alert.mode).filter(endpoint__deliveries__alert=alert).exclude(alert=alert).values("alert")
    return Alert.objects.filter(pk__in=ids).order_by("-pk").first()


def _running(mode: Any) -> QuerySet[Delivery]:
    """The deliveries of warnings that run; all-clears and cancellations are none."""
    warnings = (Alert.Type.ALERT, Alert.Type.UPDATE)
    return Delivery.objects.filter(alert__state=Alert.State.ISSUED, alert__mode=mode, alert__type__in=warnings)


def _valid() -> Q:
    return Q(state=Alert.State.ISSUED, expires_at__gt=timezone.now())


def _left_open() -> Q:
    followed = Alert.objects.filter(follows=OuterRef("pk"), state__in=(Alert.State.ISSUED, Alert.State.ENDED))
    since = timezone.now() - rules.CALL_OFF_WITHIN
    expired = Q(state=Alert.State.ENDED, ending=Alert.Ending.EXPIRED, ended_at__gt=since)
    return expired & ~Q(Exists(followed))


def foremost(user: Any) -> Alert | None:
    """What the top bar of every page shows, in one query: an alert that waits for `user`, else a warning that is valid now.

    A live one comes before an exercise.
    """
    rows = Alert.objects.filter(Q(pk__in=waiting(user).values("pk")) | Q(pk__in=sounding(user).values("pk")))
    state = Case(When(state=Alert.State.WAITING, then=0), default=1)
    found: Alert | None = rows.select_related("plan").order_by(state, "-mode", "sent_at").first()
    return found


def overridden(user: Any) -> QuerySet[Alert]:
    """Alerts of the last days that somebody else issued alone and that `user`, a chief there, has not said to have seen.

    Whether they still sound does not matter: a chief who was away learns of them all the same.
    """
    rows = Alert.objects.restrict(user, "acknowledge").exclude(override_reason="").exclude(author=user)
    seen = SeenOverride.objects.filter(alert=OuterRef("pk"), person=user)
    since = timezone.now() - rules.OVERRIDE_SHOWN
    return rows.filter(~Exists(seen), issued_at__gte=since).select_related("author").order_by("-mode", "issued_at")


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of an alert, in numbers. Seconds are from issue; None before there is a first proof."""

    counts: dict[str, int]
    first_s: float | None
    last_s: float | None
    commanded_s: float | None

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def heard_share(self) -> int:
        return round(100 * self.counts["heard"] / self.total) if self.total else 0


def tally(alert: Alert) -> Tally:
    """Counts of an alert's deliveries by state, and how fast they came."""
    rows = dict(alert.deliveries.values_list("state").annotate(Count("pk")).order_by())
    times = alert.deliveries.aggregate(first=Min("heard_at"), last=Max("heard_at"))
    published = alert.commands.filter(action="play", round=1).aggregate(last=Max("published_at"))["last"]
    return Tally(
        {str(state): rows.get(state, 0) for state in STATES},
        _after(alert, times["first"]),
        _after(alert, times["last"]),
        _after(alert, published),
    )


def _after(alert: Alert, at: datetime | None) -> float | None:
    return round((at - alert.issued_at).total_seconds(), 1) if at and alert.issued_at else None


def seen_deliveries(user: Any, alert: Alert) -> QuerySet[Delivery]:
    """The alert's deliveries at endpoints that are the user's to know: who sees the alert because a facility of theirs was
    warned learns how that went there, and of the others only how many there are (`tally`).
    """
    grants = user.grants("warning.view_endpoint") or user.grants("warning.view_alert")
    condition = Endpoint.policy.rows(user, grants)
    rows = alert.deliveries.all()
    return rows.filter(endpoint__in=Endpoint.objects.filter(condition).values("pk")) if condition else rows


def deliveries(user: Any, alert: Alert) -> QuerySet[Delivery]:
    """The alert's deliveries, the silent first."""
    rank = Case(
        *(When(state=state, then=Value(number)) for number, state in enumerate((*SILENT, State.ACCEPTED, State.HEARD))),
        output_field=IntegerField(),
    )
    rows = seen_deliveries(user, alert).select_related("endpoint", "endpoint__facility").annotate(rank=rank)
    return rows.order_by("rank", "endpoint__name")


def silent(user: Any, alert: Alert) -> QuerySet[Delivery]:
    """Those that have not sounded, the worst first. While an alert is new, who is only late is not among them."""
    return deliveries(user, alert).filter(state__in=SILENT)[:SILENT_SHOWN]


def points(user: Any, alert: Alert) -> list[dict[str, Any]]:
    """The alert's endpoints for the map."""
    columns = ("endpoint_id", "endpoint__lat", "endpoint__lon", "state", "endpoint__name", "reason")
    keys = ("id", "lat", "lon", "state", "name", "detail")
    rows = seen_deliveries(user, alert).values_list(*columns)
    return [dict(zip(keys, (*row[:-1], said(row[-1])), strict=True)) for row in rows]


def uncommanded(user: Any) -> QuerySet[EndpointEvent]:
    """Sound that nobody commanded, lately, where the user may look."""
    since = timezone.now() - UNCOMMANDED_SHOWN
    rows = EndpointEvent.objects.filter(what="uncommanded", at__gte=since)
    return rows.filter(endpoint__in=Endpoint.objects.restrict(user, "view")).select_related("endpoint")


def plans(user: Any) -> QuerySet[Plan]:
    return Plan.objects.restrict(user, "view").prefetch_related("texts")


def composable_plans(user: Any) -> QuerySet[Plan]:
    """Plans that a new alert can be composed from."""
    return plans(user).filter(is_active=True).exclude(code__in=ENDINGS)


def endpoints(user: Any) -> QuerySet[Endpoint]:
    return Endpoint.objects.restrict(user, "view").select_related("facility", "area")


# What the map draws for a state of an endpoint at rest.
MAP_STATE = {"ready": "ready", "lost": "unknown", "fault": "failed", "waiting": "pending", "off": "expired"}


def endpoint_points(rows: QuerySet[Endpoint]) -> list[dict[str, Any]]:
    """Endpoints for a map at rest."""
    words = dict(Endpoint.State.choices)
    return [
        {"id": pk, "lat": lat, "lon": lon, "state": MAP_STATE[state], "name": name, "detail": str(words[state])}
        for pk, lat, lon, state, name in rows.values_list("pk", "lat", "lon", "state", "name")
    ]


def mode_now(user: Any) -> str:
    """ "live" when a live warning is valid, else "exercise" when one is held, else ""."""
    modes = set(sounding(user).values_list("mode", flat=True))
    return next((mode for mode in (Mode.LIVE, Mode.EXERCISE) if mode in modes), "")


def clips() -> list[dict[str, str]]:
    """Recordings that plans use now, and those that alerts on their way name though their plan has another by now."""
    found = {}
    for text in PlanText.objects.exclude(clip_sha256="").filter(language__in=wording.SPOKEN):
        words = {part: getattr(text, part) for part in wording.PARTS}
        found[text.clip_sha256] = _clip(text.clip_sha256, text.language, words)
    for alert in Alert.objects.filter(state__in=(Alert.State.WAITING, Alert.State.ISSUED)).only("sound", "texts"):
        for part in alert.sound.get("audio", ()):
            if part["type"] == "clip" and part["sha256"] not in found:
                found[part["sha256"]] = _clip(part["sha256"], part["language"], alert.texts[part["language"]])
    return list(found.values())


def _clip(sha256: str, language: str, words: Mapping[str, str]) -> dict[str, str]:
    return {"sha256": sha256, "language": language, "text": wording.spoken(words)}
