"""The history of one exercise, for the sample province: issued, proved, and called off, some days ago.

The rows are written as the acts and the dispatcher would have left them; nothing of it ever goes to a broker.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone

from tirek.accounts.models import Person
from tirek.audit.act import act
from tirek.facilities.models import Facility
from tirek.places import queries as places
from tirek.places.models import LANGUAGES
from tirek.warning import bulk, cap_message, commands, numbering, reach, shapes, wording
from tirek.warning.models import Alert, Command, Delivery, Mode, Plan
from tirek.warning.reach import Spot
from tirek.warning.sample_endpoints import HOSPITAL_CODE, SEED

DAYS_AGO, HOUR, MINUTE = 6, 11, 20
RADIUS_M = 4000
OFFICER, SECOND = "sample-officer", "sample-officer-2"
LASTED = timedelta(minutes=9, seconds=42)
CLEAR_VALID = timedelta(minutes=30)
# Seconds from the order to the first proof, and how long the whole sounds.
FIRST_S, MEDIAN_S, WHOLE_S = 0.7, 1.1, 118.0
State = Delivery.State


def hold_exercise() -> bool:
    """Write the exercise and its all-clear. False when there is one, or when the sample people and places are missing."""
    hospital = Facility.objects.filter(code=HOSPITAL_CODE).select_related("area").first()
    people = {person.username: person for person in Person.objects.filter(username__in=(OFFICER, SECOND))}
    if hospital is None or len(people) < 2 or Alert.objects.filter(is_sample=True).exists():
        return False
    begin = timezone.localtime() - timedelta(days=DAYS_AGO)
    issued = begin.replace(hour=HOUR, minute=MINUTE, second=14, microsecond=0)
    chance = random.Random(SEED)
    with act("warning.load_sample", system="sample") as trace:
        alert = _alert(hospital, people[OFFICER], people[SECOND], issued)
        spots = reach.endpoints_inside(alert.geometry, sample=alert.is_sample)
        if not spots:
            raise RuntimeError("no sample endpoint stands around the sample hospital")
        _issue(alert, spots, issued, chance)
        _all_clear(alert, spots, people[SECOND], issued + LASTED, chance)
        trace.on(alert)
    return True


def _alert(hospital: Facility, author: Person, second: Person, issued: datetime) -> Alert:
    shape = shapes.round_shape(hospital.lat, hospital.lon, RADIUS_M)
    place = {language: hospital.name_in(language) for language in LANGUAGES}
    words = reach.words_for(shape, place)
    area = places.smallest_area_holding(shape.geometry) or hospital.area
    alert = Alert(
        mode=Mode.EXERCISE, plan=Plan.objects.get(code="shelter"), area=area, geometry=shape.geometry,
        circle=list(shape.circle or ()), people=places.people_in(shape.geometry), author=author, confirmed_by=second,
        created_at=issued - timedelta(seconds=71), sent_at=issued - timedelta(seconds=38), confirmed_at=issued,
        slots={language: {"place": place[language], "area": words[language]} for language in LANGUAGES}, is_sample=True,
    )  # fmt: skip
    alert.area_text_kk, alert.area_text_ru, alert.area_text_en = words["kk"], words["ru"], words["en"]
    alert.texts = _words(alert.plan, alert.slots)
    return alert


def _words(plan: Plan, slots: wording.Texts) -> wording.Texts:
    plain = {text.language: {part: getattr(text, part) for part in wording.PARTS} for text in plan.texts.all()}
    return wording.fill(plain, slots)


def _issue(alert: Alert, spots: list[Spot], at: datetime, chance: random.Random) -> None:
    alert.identifier, alert.number = numbering.next_identifier(alert.mode, alert.area, at)
    alert.state, alert.issued_at, alert.soundings = Alert.State.ISSUED, at, 1
    alert.expires_at = at + timedelta(minutes=alert.plan.valid_min)
    alert.valid_min, alert.endpoint_count = alert.plan.valid_min, len(spots)
    alert.cap = cap_message.signed(alert, [alert.follows] if alert.follows else [])
    alert.save()
    published = at + timedelta(milliseconds=64)
    rows = commands.play(alert, spots, at, everybody=reach.everybody())
    for row in rows:
        row.published_at = row.claimed_until = published
        row.cleared_at = at + LASTED
    Command.objects.bulk_create(rows)
    made = [_delivery(alert, spot, published, chance) for spot in spots]
    Delivery.objects.bulk_create(made)
    bulk.insert_attempts(line for row in made for line in _log(row))


def _delivery(alert: Alert, spot: Spot, sent: datetime, chance: random.Random) -> Delivery:
    """What became of one endpoint: nearly all are heard within seconds, a few are not."""
    row = Delivery(alert=alert, endpoint_id=spot.pk, sent_at=sent, attempts=1, last_seq=3)
    throw = chance.random()
    accepted = sent + timedelta(seconds=FIRST_S * (0.5 + 0.4 * chance.random()))
    if throw < 0.03:
        row.state, row.attempts, row.last_seq, row.finished_at = State.EXPIRED, 7, 0, sent + LASTED
        return row
    row.accepted_at = accepted
    row.finished_at = accepted + timedelta(seconds=WHOLE_S)
    if throw < 0.07:
        row.state, row.reason, row.attempts = State.FAILED, chance.choice(("too quiet", "silence")), 2
        row.proof = {"probe": "microphone", "heard": False, "level_db": -71.4, "detail": row.reason}
        return row
    heard = accepted + timedelta(seconds=0.2 + chance.expovariate(1 / (MEDIAN_S - FIRST_S)))
    level = round(chance.gauss(-18, 3), 1)
    row.state, row.heard_at = State.HEARD, heard
    row.proof = {"probe": "microphone", "heard": True, "level_db": level, "detail": ""}
    return row


def _log(row: Delivery) -> Iterable[tuple[int, datetime, int | None, str, str]]:
    """The lines that such a delivery leaves."""
    assert row.sent_at is not None
    yield row.pk, row.sent_at, None, "sent", ""
    for number in range(1, row.attempts):
        yield row.pk, row.sent_at + timedelta(seconds=5 * (2**number - 1)), None, "sent", "again"
    if row.accepted_at is None or row.finished_at is None:
        return
    yield row.pk, row.accepted_at, 1, "accepted", ""
    yield row.pk, row.heard_at or row.accepted_at + timedelta(seconds=1), 2, "sounding", row.reason
    yield row.pk, row.finished_at, 3, "finished", row.reason


def _all_clear(old: Alert, spots: list[Spot], author: Person, at: datetime, chance: random.Random) -> None:
    """The all-clear that ended it; its own time ran out half an hour later."""
    plan = Plan.objects.get(code="all-clear")
    new = Alert(
        mode=old.mode, type=Alert.Type.ALL_CLEAR, follows=old, plan=plan, area=old.area, area_text_kk=old.area_text_kk,
        area_text_ru=old.area_text_ru, area_text_en=old.area_text_en, geometry=old.geometry, circle=old.circle,
        people=old.people, author=author, created_at=at, slots=old.slots, texts=_words(plan, old.slots), is_sample=True,
    )  # fmt: skip
    _issue(new, spots, at, chance)
    old.state, old.ending, old.ended_at, old.ended_by = Alert.State.ENDED, Alert.Ending.ALL_CLEAR, at, author
    old.save(update_fields=["state", "ending", "ended_at", "ended_by"])
    new.state, new.ending, new.ended_at = Alert.State.ENDED, Alert.Ending.EXPIRED, at + CLEAR_VALID
    new.save(update_fields=["state", "ending", "ended_at"])
