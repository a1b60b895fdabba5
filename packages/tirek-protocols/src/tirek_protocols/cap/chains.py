"""What follows a message: its update, its cancellation, the all-clear.

Each keeps what makes the messages one story: sender, status (an exercise stays an exercise), scope with
restriction and addresses, source, codes and incidents. Each names the message that it follows and all that
one named before, so that a receiver who missed one of them still knows what is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .errors import CapError
from .messages import Alert, Certainty, Info, MsgType, Reference, ResponseType, Severity, Urgency


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language."""

    headline: str
    description: str = ""
    instruction: str = ""


def reference_to(alert: Alert) -> Reference:
    """The extended identifier of a message (section 3.2.1, `references`)."""
    if alert.sent is None:
        raise CapError("A message without a time of sending cannot be named.")
    return Reference(alert.sender, alert.identifier, alert.sent)


def update(alert: Alert, *, identifier: str, sent: datetime, info: Iterable[Info], note: str = "") -> Alert:
    """A message that supersedes `alert` (section 3.2.1, `msgType` Update).

    `info` is the whole content that now holds. An empty `note` keeps that of `alert`, which names an
    exercise. Raises `CapError` if `alert` is not one to follow: only an Alert or an Update is, and `sent`
    must not be before its own.
    """
    return _following(alert, MsgType.UPDATE, identifier, sent, tuple(info), note)


def cancel(
    alert: Alert, *, identifier: str, sent: datetime, expires: datetime, words: Mapping[str, Words], note: str = ""
) -> Alert:
    """A message that takes `alert` back (section 3.2.1, `msgType` Cancel).

    `words` says in every language of `alert` what is taken back and why; everything else about the event
    and the area stays, with urgency Past, and what people were asked to do is left out. Raises `CapError`
    as `update` does, and when `words` has not exactly the languages of `alert`.
    """
    ended = _reworded(alert, words, expires)
    return _following(alert, MsgType.CANCEL, identifier, sent, ended, note)


def all_clear(
    alert: Alert, *, identifier: str, sent: datetime, expires: datetime, words: Mapping[str, Words], note: str = ""
) -> Alert:
    """A message that the danger of `alert` is over: an Update with response type AllClear (section 3.2.2).

    AllClear means that the event "no longer poses a threat or concern" and that what is still to do stands
    in the instruction. Urgency becomes Past, severity Minor, certainty Observed. `words` and errors are as
    for `cancel`.
    """
    calm = tuple(
        replace(
            info,
            response_types=(ResponseType.ALL_CLEAR,),
            severity=Severity.MINOR,
            certainty=Certainty.OBSERVED,
        )
        for info in _reworded(alert, words, expires)
    )
    return _following(alert, MsgType.UPDATE, identifier, sent, calm, note)


def _reworded(alert: Alert, words: Mapping[str, Words], expires: datetime) -> tuple[Info, ...]:
    """The blocks of `alert` with new words, as of something that is past."""
    languages = [info.language for info in alert.info]
    if set(languages) != set(words):
        wanted, given = ", ".join(sorted(set(languages))), ", ".join(sorted(words))
        raise CapError(f"There must be words in each language of the message ({wanted}), not in: {given}.")
    return tuple(
        replace(
            info,
            urgency=Urgency.PAST,
            response_types=(),
            effective=None,
            onset=None,
            expires=expires,
            headline=words[info.language].headline,
            description=words[info.language].description,
            instruction=words[info.language].instruction,
            resources=(),
        )
        for info in alert.info
    )


def _following(
    alert: Alert, msg_type: MsgType, identifier: str, sent: datetime, info: tuple[Info, ...], note: str
) -> Alert:
    if alert.msg_type not in (MsgType.ALERT, MsgType.UPDATE):
        raise CapError(f"A message of type {alert.msg_type} cannot be updated or cancelled.")
    named = reference_to(alert)
    if sent.tzinfo is None or sent < named.sent:
        raise CapError("A message must have a time zone and must not be sent before the one that it follows.")
    if identifier == alert.identifier:
        raise CapError("A message needs an identifier of its own.")
    return replace(
        alert,
        identifier=identifier,
        sent=sent,
        msg_type=msg_type,
        info=info,
        note=note or alert.note,
        references=tuple(dict.fromkeys((*alert.references, named))),
    )
