"""An alert of ours as a signed CAP 1.2 message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.conf import settings
from django.utils import timezone
from shapely.geometry import MultiPolygon, Polygon, shape

from tirek.places.models import LANGUAGES
from tirek.warning.models import Alert, Mode
from tirek.warning.signing import cap_certificate_pem, cap_key
from tirek.warning.wording import EXERCISE_WORDS
from tirek_protocols import cap

CAP_LANGUAGE = {"kk": "kk-KZ", "ru": "ru-KZ", "en": "en-US"}
EXERCISE_NOTE = "Exercise. Учение. Оқу-жаттығу."


def signed(alert: Alert, predecessors: Sequence[Alert] = ()) -> str:
    """The message of `alert`, emitted by the schema and signed. `predecessors[0]` is the message that it follows.

    Raises `CapError` when the standard forbids what the row says.
    """
    follows = cap.parse(predecessors[0].cap.encode()).alert if predecessors else None
    return cap.sign(cap.emit(_message(alert, follows)), cap_key(), cap_certificate_pem()).decode()


def _message(alert: Alert, follows: cap.Alert | None) -> cap.Alert:
    assert alert.issued_at is not None
    assert alert.expires_at is not None
    sent, expires = _whole(alert.issued_at), _whole(alert.expires_at)
    if follows is None:
        return cap.Alert(
            identifier=alert.identifier,
            sender=settings.CAP_SENDER,
            sent=sent,
            status=cap.Status.EXERCISE if alert.mode == Mode.EXERCISE else cap.Status.ACTUAL,
            msg_type=cap.MsgType.ALERT,
            scope=cap.Scope.PUBLIC,
            # CAP 1.2, section 3.2.1: the note of an exercise says which one it is.
            note=f"{EXERCISE_NOTE} {alert.identifier}" if alert.mode == Mode.EXERCISE else "",
            info=_info(alert, expires),
        )
    # CAP counts whole seconds: two messages within one second may bear the same time, but never go back.
    sent = max(sent, follows.sent) if follows.sent else sent
    if alert.type == Alert.Type.UPDATE:
        info = _info(alert, expires)
        return cap.update(follows, identifier=alert.identifier, sent=sent, info=info, note=alert.note)
    end = cap.cancel if alert.type == Alert.Type.CANCEL else cap.all_clear
    words = {CAP_LANGUAGE[language]: _words(alert, language) for language in LANGUAGES}
    return end(follows, identifier=alert.identifier, sent=sent, expires=expires, words=words, note=alert.note)


def _words(alert: Alert, language: str) -> cap.Words:
    text = alert.texts[language]
    return cap.Words(_headline(alert, language), text["description"], text["instruction"])


def _headline(alert: Alert, language: str) -> str:
    headline = alert.texts[language]["headline"]
    return f"{EXERCISE_WORDS[language]} {headline}" if alert.mode == Mode.EXERCISE else headline


def _info(alert: Alert, expires: datetime) -> tuple[cap.Info, ...]:
    plan = alert.plan
    return tuple(
        cap.Info(
            language=CAP_LANGUAGE[language],
            categories=(cap.Category(plan.category),),
            event=getattr(plan, f"event_{language}"),
            response_types=(cap.ResponseType(plan.response),),
            urgency=cap.Urgency(plan.urgency),
            severity=cap.Severity(plan.severity),
            certainty=cap.Certainty(plan.certainty),
            expires=expires,
            sender_name="Tirek",
            headline=_headline(alert, language),
            description=alert.texts[language]["description"],
            instruction=alert.texts[language]["instruction"],
            areas=(_area(alert, language),),
        )
        for language in LANGUAGES
    )


def _area(alert: Alert, language: str) -> cap.Area:
    description = getattr(alert, f"area_text_{language}")
    if alert.circle:
        lat, lon, radius_m = alert.circle
        return cap.Area(description, circles=(cap.Circle(lat, lon, radius_m / 1000),))
    found = shape(alert.geometry)
    parts: Sequence[Polygon] = found.geoms if isinstance(found, MultiPolygon) else [found]
    # A CAP polygon has no holes; who stands in one is told too much rather than too little.
    rings = (tuple(cap.Point(lat, lon) for lon, lat in part.exterior.coords) for part in parts)
    return cap.Area(description, polygons=tuple(rings))


def _whole(at: datetime) -> datetime:
    return timezone.localtime(at.astimezone(UTC)).replace(microsecond=0)
