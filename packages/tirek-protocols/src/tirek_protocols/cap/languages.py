"""Messages that say the same in several languages, one message for each language."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from datetime import timedelta
from itertools import takewhile

from .messages import Alert, Info

# One sender writes the files of one warning one after the other.
_APART = timedelta(minutes=1)


def group_languages(alerts: Iterable[Alert]) -> list[tuple[Alert, ...]]:
    """Put together the messages that are one warning in several languages.

    The standard puts all languages into one message (section 3.2.2, `info`), but some services,
    Kazakhstan's weather service among them, send one message for each. Two messages belong together when
    sender, type, times and place agree (`sent` to a minute) and no language comes twice. Where several
    would fit, the one with the most similar identifier does. Groups and the messages in them keep their
    order.
    """
    groups: list[list[Alert]] = []
    alike: dict[Hashable, list[list[Alert]]] = {}
    for alert in alerts:
        rivals = alike.setdefault(_what_agrees(alert), [])
        fitting = [group for group in rivals if _fits(alert, group)]
        if fitting:
            max(fitting, key=lambda group: _likeness(alert.identifier, group[0].identifier)).append(alert)
        else:
            rivals.append([alert])
            groups.append(rivals[-1])
    return [tuple(group) for group in groups]


def _what_agrees(alert: Alert) -> Hashable:
    """All that does not depend on the language."""
    return (
        alert.sender,
        alert.status,
        alert.msg_type,
        alert.scope,
        frozenset(map(_what_happens, alert.info)),
    )


def _what_happens(info: Info) -> Hashable:
    return (
        info.categories,
        info.urgency,
        info.severity,
        info.certainty,
        info.response_types,
        info.event_codes,
        info.effective,
        info.onset,
        info.expires,
        frozenset((area.polygons, area.circles, area.geocodes) for area in info.areas),
    )


def _languages(alert: Alert) -> set[str]:
    return {info.language.lower() for info in alert.info}


def _fits(alert: Alert, group: list[Alert]) -> bool:
    first = group[0].sent
    if alert.sent is None or first is None or abs(alert.sent - first) > _APART or not alert.info:
        return False
    return _languages(alert).isdisjoint(set().union(*map(_languages, group)))


def _likeness(one: str, other: str) -> int:
    """How many characters two identifiers share at their beginning and end."""
    return _shared_start(one, other) + _shared_start(one[::-1], other[::-1])


def _shared_start(one: str, other: str) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
