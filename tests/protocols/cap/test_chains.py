"""Update, cancellation and all-clear keep the story together and never turn an exercise into the real thing."""

import dataclasses
from datetime import timedelta

import pytest

from tirek_protocols.cap import (
    CapError,
    Certainty,
    MsgType,
    Reference,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
    Words,
    all_clear,
    cancel,
    emit,
    parse,
    reference_to,
    update,
)

from .conftest import SENT

LATER = SENT + timedelta(minutes=10)
OVER = LATER + timedelta(hours=1)
WORDS = {"kk": Words("Қауіп сейілді", "Тексерілді."), "ru": Words("Отбой", "Проверено.", "Можно выходить.")}


def test_an_update_supersedes(alert):
    content = tuple(dataclasses.replace(info, severity=Severity.SEVERE) for info in alert.info)
    newer = update(alert, identifier="2", sent=LATER, info=content)
    assert newer.msg_type is MsgType.UPDATE
    assert newer.info == content
    assert newer.references == (Reference("tirek@example.kz", "urn:oid:2.49.0.0.398.7.1", SENT),)
    assert (newer.status, newer.note, newer.codes, newer.incidents) == (
        Status.EXERCISE,
        "Exercise Autumn",
        ("tirek",),
        ("alarm-17",),
    )
    assert parse(emit(newer)).alert == newer


def test_scope_is_carried_on(alert):
    narrow = dataclasses.replace(alert, scope=Scope.RESTRICTED, restriction="police", addresses=("a", "b"))
    for follower in (
        update(narrow, identifier="2", sent=LATER, info=alert.info),
        cancel(narrow, identifier="2", sent=LATER, expires=OVER, words=WORDS),
        all_clear(narrow, identifier="2", sent=LATER, expires=OVER, words=WORDS),
    ):
        assert (follower.scope, follower.restriction, follower.addresses) == (Scope.RESTRICTED, "police", ("a", "b"))
        emit(follower)


def test_a_chain_names_all_that_it_follows(alert):
    second = update(alert, identifier="2", sent=LATER, info=alert.info)
    third = update(second, identifier="3", sent=LATER, info=alert.info)
    last = cancel(third, identifier="4", sent=OVER, expires=OVER, words=WORDS, note="Sent by mistake")
    assert last.references == (reference_to(alert), reference_to(second), reference_to(third))
    assert last.note == "Sent by mistake"
    assert parse(emit(last)).problems == ()


def test_a_cancellation_asks_for_nothing_any_more(alert):
    taken_back = cancel(alert, identifier="2", sent=LATER, expires=OVER, words=WORDS)
    assert taken_back.msg_type is MsgType.CANCEL
    assert taken_back.status is Status.EXERCISE
    for old, new in zip(alert.info, taken_back.info, strict=True):
        assert new.urgency is Urgency.PAST
        assert new.response_types == ()
        assert new.headline == WORDS[new.language].headline
        assert new.instruction == WORDS[new.language].instruction
        assert new.expires == OVER
        assert (new.areas, new.event, new.categories, new.severity) == (
            old.areas,
            old.event,
            old.categories,
            old.severity,
        )
    emit(taken_back)


def test_an_all_clear_says_so(alert):
    calm = all_clear(alert, identifier="2", sent=LATER, expires=OVER, words=WORDS)
    assert calm.msg_type is MsgType.UPDATE
    assert calm.references == (reference_to(alert),)
    for info in calm.info:
        assert info.response_types == (ResponseType.ALL_CLEAR,)
        assert (info.urgency, info.severity, info.certainty) == (Urgency.PAST, Severity.MINOR, Certainty.OBSERVED)
    emit(calm)


@pytest.mark.parametrize("words", [{}, {"kk": WORDS["kk"]}, WORDS | {"en": Words("All clear")}])
@pytest.mark.parametrize("follow", [cancel, all_clear])
def test_no_language_is_left_with_the_old_words(alert, follow, words):
    with pytest.raises(CapError, match="language"):
        follow(alert, identifier="2", sent=LATER, expires=OVER, words=words)


def test_only_what_stands_can_be_followed(alert):
    gone = cancel(alert, identifier="2", sent=LATER, expires=OVER, words=WORDS)
    for dead in (gone, dataclasses.replace(alert, msg_type=MsgType.ACK), dataclasses.replace(alert, msg_type=None)):
        with pytest.raises(CapError):
            update(dead, identifier="3", sent=OVER, info=alert.info)
    with pytest.raises(CapError):
        update(dataclasses.replace(alert, sent=None), identifier="2", sent=LATER, info=alert.info)
    with pytest.raises(CapError):
        update(alert, identifier="2", sent=SENT - timedelta(seconds=1), info=alert.info)
    with pytest.raises(CapError):
        update(alert, identifier="2", sent=LATER.replace(tzinfo=None), info=alert.info)
    with pytest.raises(CapError):
        update(alert, identifier=alert.identifier, sent=LATER, info=alert.info)
