"""The course of one event on one page: what the alarm brings, what people decided, what endpoints proved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tirek.warning import queries, registry
from tirek.warning.models import Alert, Attempt, Delivery
from tirek.warning.reasons import noted, said
from tirek.warning.registry import Line

# Failures are told one by one while they are few; beyond that the table of deliveries is the place.
NAMED_FAILURES = 12


@dataclass(frozen=True, slots=True)
class Timeline:
    """The lines, in order, and what came of it."""

    alert: Alert
    lines: list[Line]
    tally: queries.Tally

    def plain(self) -> dict[str, Any]:
        """For export: times in UTC, counts by state, and each line."""
        alert = self.alert
        return {
            "identifier": alert.identifier,
            "mode": alert.mode,
            "type": alert.type,
            "headline": {language: words["headline"] for language, words in alert.texts.items()},
            "area": {"kk": alert.area_text_kk, "ru": alert.area_text_ru, "en": alert.area_text_en},
            "people": alert.people,
            "endpoints": alert.endpoint_count,
            "author": str(alert.author),
            "confirmed_by": str(alert.confirmed_by or ""),
            "override_reason": alert.override_reason,
            "issued_at": _utc(alert.issued_at),
            "expires_at": _utc(alert.expires_at),
            "ended_at": _utc(alert.ended_at),
            "ending": alert.ending,
            "counts": self.tally.counts,
            "first_sound_s": self.tally.first_s,
            "last_sound_s": self.tally.last_s,
            "lines": [asdict(line) | {"at": _utc(line.at)} for line in self.lines],
        }

    def digest(self) -> str:
        """SHA-256 over the export's canonical JSON: printed at the foot, so that a copy can be compared."""
        body = json.dumps(self.plain(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(body.encode()).hexdigest()


def _utc(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None


def of(user: Any, alert: Alert) -> Timeline:
    """The time line of `alert`, from its alarm's first signal to the last proof."""
    lines = [*_decisions(alert), *_soundings(alert), *_failures(user, alert), *_followers(user, alert)]
    if alert.alarm_id:
        lines += registry.lines_of_alarm(user, alert.alarm_id)
    return Timeline(alert, sorted(lines, key=lambda line: line.at), queries.tally(alert))


def _decisions(alert: Alert) -> Iterator[Line]:
    """What people did: who, when, why."""
    author = str(alert.author)
    if alert.sent_at is not None:
        yield Line(alert.created_at, _("Warning composed"), author)
        yield Line(alert.sent_at, _("Sent to the second person"), author)
    if alert.issued_at is not None:
        if alert.is_override:
            text = _("Issued by one person in an emergency")
            yield Line(alert.issued_at, f"{text}: {alert.override_reason}", author, key=True)
        elif alert.confirmed_by is not None:
            yield Line(alert.issued_at, _("Confirmed and issued"), str(alert.confirmed_by), key=True)
        else:
            yield Line(alert.issued_at, _("Issued"), author, key=True)
    if alert.silenced_at is not None:
        yield Line(alert.silenced_at, _("Silence ordered"), key=True)
    if alert.ended_at is not None and alert.ending == Alert.Ending.EXPIRED:
        yield Line(alert.ended_at, _("Time ran out"), key=True)


def _soundings(alert: Alert) -> Iterator[Line]:
    seen: set[int] = set()
    for command in alert.commands.filter(action="play").exclude(published_at=None).order_by("published_at"):
        # An alert may need several commands for its many addressees: one line each time it sounds.
        if command.round not in seen and command.published_at is not None:
            seen.add(command.round)
            yield Line(
                command.published_at,
                _("The order was handed to the broker") if command.round == 1 else _("Sounded again"),
            )
    rows = alert.deliveries.exclude(heard_at=None).order_by("heard_at")
    first, last, count = rows.first(), rows.last(), rows.count()
    if first is None or last is None or first.heard_at is None or last.heard_at is None:
        return
    yield Line(first.heard_at, _("First proof of sound: %(name)s") % {"name": first.endpoint.name}, key=True)
    if count > 1:
        text = ngettext("%(n)d loudspeaker or siren heard", "%(n)d loudspeakers and sirens heard", count)
        yield Line(last.heard_at, text % {"n": count}, key=True)


def _failures(user: Any, alert: Alert) -> Iterator[Line]:
    """Who failed, by name while they are few; and how many were asked again."""
    seen = queries.seen_deliveries(user, alert)
    failed = seen.filter(state=Delivery.State.FAILED).select_related("endpoint").order_by("finished_at")
    count = failed.count()
    for row in failed[:NAMED_FAILURES]:
        at = row.finished_at or row.accepted_at or row.sent_at
        if at is not None:
            reason = said(row.reason) or "—"
            yield Line(at, _("Failed: %(name)s (%(reason)s)") % {"name": row.endpoint.name, "reason": reason})
    last = failed.exclude(finished_at=None).last()
    if count > NAMED_FAILURES and last is not None and last.finished_at is not None:
        yield Line(last.finished_at, ngettext("%(n)d failed in all", "%(n)d failed in all", count) % {"n": count})
    again = Attempt.objects.filter(delivery__in=seen.values("pk"), what="sent", reason="again")
    first = again.order_by("at").first()
    if first is not None:
        asked = again.values("delivery").distinct().count()
        text = ngettext("%(n)d endpoint was asked again", "%(n)d endpoints were asked again", asked)
        yield Line(first.at, text % {"n": asked})


def _followers(user: Any, alert: Alert) -> Iterator[Line]:
    words = {
        Alert.Type.UPDATE: _("Corrected by %(name)s"),
        Alert.Type.CANCEL: _("Cancelled by %(name)s"),
        Alert.Type.ALL_CLEAR: _("All-clear: %(name)s"),
    }
    decided = ~Q(issued_at=None) | Q(state=Alert.State.REJECTED)
    for later in queries.alerts(user).filter(decided, follows=alert):
        if later.issued_at is None:
            text = _("A correction was rejected")
            yield Line(later.ended_at or timezone.now(), f"{text}: {noted(later.note)}", str(later.author))
            continue
        by = " / ".join(str(person) for person in (later.author, later.confirmed_by) if person)
        text = words[Alert.Type(later.type)] % {"name": later.identifier}
        yield Line(later.issued_at or timezone.now(), text, by, key=True)
