"""What issuing an alert does, whoever decided it: identifier, CAP message, deliveries, signed commands. One transaction.

Rows are locked in one order everywhere: alerts (an older one first), commands, deliveries, endpoints, and the order lock of
numbers, audit and events last. So people and dispatchers never wait for each other in a circle.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.warning import bulk, cap_message, commands, numbering, reach, rules, sound, wording
from tirek.warning.actions.following import demand_open, hold_followers, set_aside
from tirek.warning.models import Alert, Command
from tirek.warning.plans import ENDINGS
from tirek.warning.reach import Spot

# Put before the headline of a prepared correction, so that it is ready in the moment it is needed.
CORRECTION = {"kk": "Түзету", "ru": "Уточнение", "en": "Correction"}


def issue(alert: Alert, now: datetime) -> None:
    """Issue `alert`, which the caller has locked and judged, with what it follows.

    Raises `Refused` when nobody would hear it, or when what it follows has ended meanwhile.
    """
    demand_open(alert)
    everybody = reach.everybody()
    spots = _spots(alert, everybody)
    if not spots:
        raise Refused(
            _("No loudspeaker or siren stands in this area any more, so nobody would hear. Choose the area again.")
        )
    alert.state, alert.issued_at = Alert.State.ISSUED, now
    alert.expires_at = now + timedelta(minutes=alert.valid_min)
    alert.endpoint_count, alert.soundings = len(spots), 1
    if not alert.sound:  # an all-clear, a cancellation: nobody else was shown it
        sound.freeze(alert)
    alert.next_repeat_at = _next(alert, now)
    alert.save()
    waiting: list[Alert] = []
    silences: list[Command] = []
    if alert.follows is not None:
        waiting = hold_followers(alert.follows, but=alert)
        silences = _end_replaced(alert.follows, alert, spots, everybody, now)
    bulk.insert_deliveries(alert.pk, [spot.pk for spot in spots])
    if alert.plan.code not in ENDINGS:
        prepare_correction(alert)
    # From here on the order lock is held: whatever must wait for other rows stands above.
    replaced = _name(alert, now)
    plays = commands.play(alert, spots, now, everybody=everybody, replaces=replaced)
    commands.store(plays + silences)
    set_aside(waiting, now)


def _name(alert: Alert, now: datetime) -> list[str]:
    """Give `alert` its number and its CAP message. Returns the identifiers of the messages that it replaces.

    The message names them, and endpoints are told the same, so that the old sound ends as the new one begins.
    """
    replaced = predecessors(alert)
    alert.identifier, alert.number = numbering.next_identifier(alert.mode, alert.area, now)
    alert.cap = cap_message.signed(alert, replaced)
    alert.save(update_fields=["identifier", "number", "cap"])
    return [old.identifier for old in replaced]


def predecessors(alert: Alert) -> list[Alert]:
    """The messages that `alert` follows, newest first."""
    found, older = [], alert.follows
    while older is not None:
        found.append(older)
        older = older.follows
    return found


def repeat(alert: Alert, now: datetime) -> None:
    """Command `alert` to sound once more, with commands of their own nonce."""
    everybody = reach.everybody()
    spots = delivered_spots(alert, everybody)
    alert.soundings += 1
    alert.next_repeat_at = _next(alert, now)
    alert.save(update_fields=["soundings", "next_repeat_at"])
    if spots:
        commands.store(commands.play(alert, spots, now, everybody=everybody, sounding=alert.soundings))


def delivered_spots(alert: Alert, everybody: Sequence[Spot]) -> list[Spot]:
    """The endpoints that `alert` was for and that can still be commanded."""
    meant = set(alert.deliveries.values_list("endpoint_id", flat=True))
    return [spot for spot in everybody if spot.pk in meant and spot.state in reach.COMMANDED]


def _next(alert: Alert, now: datetime) -> datetime | None:
    interval = rules.repeat_interval(sound.repeats_of(alert))
    if interval is None or alert.expires_at is None or now + interval >= alert.expires_at:
        return None
    return now + interval


def _spots(alert: Alert, everybody: Sequence[Spot]) -> list[Spot]:
    commanded = [spot for spot in everybody if spot.state in reach.COMMANDED]
    spots = reach.meant(reach.inside(alert.geometry, commanded), sample=alert.is_sample)
    if alert.type in (Alert.Type.CANCEL, Alert.Type.ALL_CLEAR) and alert.follows is not None:
        there = {spot.pk for spot in spots}
        spots += [spot for spot in delivered_spots(alert.follows, everybody) if spot.pk not in there]
    return spots


def _end_replaced(
    old: Alert, new: Alert, spots: Sequence[Spot], everybody: Sequence[Spot], now: datetime
) -> list[Command]:
    """End what `new` follows. Endpoints of the old shape that the new one leaves out are told to be silent.

    What ran out by itself stays so: only its all-clear was still to be given.
    """
    if old.state != Alert.State.ISSUED:
        return []
    ending = {
        Alert.Type.UPDATE: Alert.Ending.UPDATED,
        Alert.Type.CANCEL: Alert.Ending.CANCELLED,
        Alert.Type.ALL_CLEAR: Alert.Ending.ALL_CLEAR,
    }[Alert.Type(new.type)]
    old.state, old.ending, old.ended_at, old.ended_by = Alert.State.ENDED, ending, now, new.author
    old.next_repeat_at = None
    old.save(update_fields=["state", "ending", "ended_at", "ended_by", "next_repeat_at"])
    bulk.expire_deliveries(old.pk, now, "")
    covered = {spot.pk for spot in spots}
    left_out = [spot for spot in delivered_spots(old, everybody) if spot.pk not in covered]
    return commands.silence(old, left_out, now, everybody=everybody) if left_out else []


def prepare_correction(alert: Alert) -> Alert:
    """The draft of a correction, made at issue: whoever must correct at three in the morning finds it ready."""
    texts: dict[str, Any] = {
        language: dict(words, headline=_corrected(language, words["headline"]))
        for language, words in alert.texts.items()
    }
    return Alert.objects.create(
        identifier=numbering.draft_identifier(alert.mode), mode=alert.mode, type=Alert.Type.UPDATE, follows=alert,
        plan=alert.plan, **alert.alarm_words, area=alert.area,
        area_text_kk=alert.area_text_kk, area_text_ru=alert.area_text_ru, area_text_en=alert.area_text_en,
        geometry=alert.geometry, circle=alert.circle, texts=texts, slots=alert.slots, people=alert.people,
        endpoint_count=alert.endpoint_count, author=alert.author, valid_min=alert.valid_min, is_sample=alert.is_sample,
    )  # fmt: skip


def _corrected(language: str, headline: str) -> str:
    mark = CORRECTION[language]
    return headline if headline.startswith(mark) else f"{mark}: {headline}"[: wording.LONGEST["headline"]]
