"""Correction, cancellation, all-clear, silence, repeats, expiry: what CAP says, what endpoints are told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from lxml import etree

from tests.reference import reference_path
from tests.warning.conftest import FRESH, Scene
from tests.warning.test_mode import decoded
from tirek.accounts.models import Person
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.warning import actions, shapes
from tirek.warning.actions import Presence
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.actions.presence import FactorNeeded
from tirek.warning.dispatcher import outbox
from tirek.warning.models import Alert, Command, Delivery
from tirek.warning.signing import cap_certificate_pem
from tirek_protocols import cap
from tirek_protocols.command import is_addressed


def message(alert: Alert) -> cap.Alert:
    """The alert's CAP message, after it was found valid and well signed."""
    xml = alert.cap.encode()
    assert cap.validate(xml) == []
    assert cap.parse(cap.verify(xml, [cap_certificate_pem()]).xml).problems == ()
    return cap.parse(xml).alert


def test_what_is_issued_is_valid_signed_and_in_three_languages(scene: Scene) -> None:
    issued = message(scene.issue("live"))
    assert [info.language for info in issued.info] == ["kk-KZ", "ru-KZ", "en-US"]
    assert issued.info[0].areas[0].circles[0].radius_km == 0.4
    assert issued.msg_type == cap.MsgType.ALERT


def test_numbers_have_no_gaps_and_modes_are_counted_apart(scene: Scene) -> None:
    year = timezone.localtime().year
    scene.compose("live")  # a draft takes no number
    names = [scene.issue(mode).identifier for mode in ("live", "exercise", "live", "exercise")]
    assert [name.rsplit("-", 2)[1:] for name in names] == [[str(year), n] for n in ("0001", "0001", "0002", "0002")]


def test_the_correction_is_drafted_at_issue_and_updates(scene: Scene) -> None:
    first = scene.issue("live")
    prepared = first.followed_by.get()
    assert prepared.texts["ru"]["headline"].startswith("Уточнение: ")
    mine = actions.correct_alert(scene.officer, first.pk)
    assert mine.pk == prepared.pk
    actions.send_for_confirmation(scene.officer, mine.pk, FRESH)
    mine.refresh_from_db()
    update = actions.confirm_alert(scene.second, mine.pk, FRESH, seen=fingerprint(mine))
    first.refresh_from_db()
    assert (first.state, first.ending) == (Alert.State.ENDED, Alert.Ending.UPDATED)
    told = message(update)
    assert told.msg_type == cap.MsgType.UPDATE
    assert told.references == (cap.reference_to(message(first)),)
    assert decoded(update.commands.get(action="play")).replaces == (first.identifier,)


def test_a_smaller_correction_silences_those_it_leaves_out(scene: Scene) -> None:
    wide = scene.issue("live", shape=shapes.round_shape(50.5, 56.81, 3000))
    assert wide.deliveries.count() == len(scene.near) + len(scene.far)
    mine = actions.correct_alert(scene.officer, wide.pk)
    actions.revise_alert(scene.officer, mine.pk, scene.draft(mode="live"))
    actions.send_for_confirmation(scene.officer, mine.pk, FRESH)
    mine.refresh_from_db()
    update = actions.confirm_alert(scene.second, mine.pk, FRESH, seen=fingerprint(mine))
    assert update.type == Alert.Type.UPDATE
    order = decoded(wide.commands.get(action="silence"))
    assert [is_addressed(order, e.code, e.cell) for e in scene.near] == [False] * len(scene.near)
    assert [is_addressed(order, e.code, e.cell) for e in scene.far] == [True] * len(scene.far)


@pytest.mark.parametrize(
    ("act", "kind", "ending", "plan"),
    [
        (actions.cancel_alert, cap.MsgType.CANCEL, Alert.Ending.CANCELLED, "cancelled"),
        (actions.all_clear_alert, cap.MsgType.UPDATE, Alert.Ending.ALL_CLEAR, "all-clear"),
    ],
)
def test_one_act_calls_an_alert_off(scene: Scene, act: Callable[..., Alert], kind: str, ending: str, plan: str) -> None:
    first = scene.issue("live")
    with pytest.raises(FactorNeeded):
        act(scene.chief, first.pk)
    new = act(scene.chief, first.pk, FRESH, note="police report")
    first.refresh_from_db()
    assert (first.state, first.ending, first.ended_by) == (Alert.State.ENDED, ending, scene.chief)
    told = message(new)
    assert told.msg_type == kind
    assert told.references == (cap.reference_to(message(first)),)
    assert told.note == "police report"
    if kind == cap.MsgType.UPDATE:
        assert told.info[0].response_types == (cap.ResponseType.ALL_CLEAR,)
    assert new.plan.code == plan
    assert new.deliveries.count() == first.deliveries.count()
    assert decoded(new.commands.get()).replaces == (first.identifier,)
    with pytest.raises(actions.AlreadyDone):
        act(scene.chief, first.pk, FRESH)
    with pytest.raises(Refused):
        act(scene.chief, new.pk, FRESH)


def test_a_chain_names_all_that_came_before(scene: Scene) -> None:
    first = scene.issue("exercise")
    mine = actions.correct_alert(scene.officer, first.pk)
    actions.send_for_confirmation(scene.officer, mine.pk)
    mine.refresh_from_db()
    second = actions.confirm_alert(scene.second, mine.pk, seen=fingerprint(mine))
    third = actions.all_clear_alert(scene.officer, second.pk)
    references = [reference.identifier for reference in message(third).references]
    assert references == [first.identifier, second.identifier]
    assert message(third).status == cap.Status.EXERCISE
    assert set(decoded(third.commands.get()).replaces) == {first.identifier, second.identifier}


def test_silencing_one_alert_stops_its_repeats_and_says_so(scene: Scene) -> None:
    alert = scene.issue("live")
    silenced = actions.silence_alert(scene.officer, alert.pk)
    assert silenced.next_repeat_at is None
    assert silenced.silenced_at
    assert decoded(alert.commands.get(action="silence")).alert == alert.identifier
    assert set(alert.deliveries.values_list("state", flat=True)) == {Delivery.State.EXPIRED}
    with pytest.raises(actions.AlreadyDone):
        actions.repeat_alert(alert.pk, timezone.now() + timedelta(hours=1), system="test")


def test_silence_all_is_one_act_without_a_question(scene: Scene) -> None:
    live, exercise = scene.issue("live"), scene.issue("exercise")
    assert actions.silence_all(scene.officer) == len(scene.near) + len(scene.far)
    order = decoded(Command.objects.get(action="silence_all"))
    assert order.mode == "live"
    assert all(is_addressed(order, e.code, e.cell) for e in scene.near + scene.far)
    for alert in (live, exercise):
        alert.refresh_from_db()
        assert alert.silenced_at
    entry = Entry.objects.filter(verb="warning.silence_alert").latest("id")
    assert entry.after is not None
    assert set(entry.after["alerts"]) == {live.identifier, exercise.identifier}


def test_a_sample_session_silences_exercises_only(scene: Scene) -> None:
    live, exercise = scene.issue("live"), scene.issue("exercise")
    actions.silence_all(scene.officer, Presence(sample=True))
    live.refresh_from_db()
    exercise.refresh_from_db()
    assert (live.silenced_at is None, exercise.silenced_at is None) == (True, False)
    assert decoded(Command.objects.get(action="silence_all")).mode == "exercise"


def test_what_was_valid_in_a_backup_stays_silent(scene: Scene) -> None:
    live, over = scene.issue("live"), scene.issue("exercise")
    Alert.objects.filter(pk=over.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert actions.hush_restored() == [live.identifier]
    live.refresh_from_db()
    assert (live.state, live.next_repeat_at) == (Alert.State.ISSUED, None)
    assert not outbox.still_valid(timezone.now())
    assert not Command.objects.filter(action__startswith="silence").exists()
    assert actions.hush_restored() == []


def test_silence_all_reaches_only_where_the_person_may(scene: Scene, person: Callable[..., Person]) -> None:
    elsewhere = person("duty_officer", area=scene.province.districts[1])
    with pytest.raises(Refused):
        actions.silence_all(elsewhere)


def test_an_alert_sounds_again_at_its_time_and_not_oftener_than_allowed(scene: Scene) -> None:
    alert = scene.issue("live")
    assert alert.next_repeat_at is not None
    assert alert.issued_at is not None
    assert alert.next_repeat_at - alert.issued_at == timedelta(minutes=20)
    with pytest.raises(actions.AlreadyDone):
        actions.repeat_alert(alert.pk, alert.next_repeat_at - timedelta(seconds=1), system="test")
    due = alert.next_repeat_at
    actions.repeat_alert(alert.pk, due, system="test")
    with pytest.raises(actions.AlreadyDone):
        actions.repeat_alert(alert.pk, due, system="test")
    alert.refresh_from_db()
    actions.repeat_alert(alert.pk, alert.next_repeat_at, system="test")
    alert.refresh_from_db()
    # Valid for an hour: the fourth sounding would come as it ends.
    assert (alert.soundings, alert.next_repeat_at) == (3, None)
    nonces = set(alert.commands.filter(action="play").values_list("nonce", flat=True))
    assert len(nonces) == 3


def test_expiry_ends_what_did_not_answer(scene: Scene) -> None:
    alert = scene.issue("live")
    assert alert.expires_at is not None
    heard = alert.deliveries.first()
    Delivery.objects.filter(pk=heard.pk).update(state=Delivery.State.HEARD)
    with pytest.raises(actions.AlreadyDone):
        actions.expire_alert(alert.pk, alert.expires_at - timedelta(seconds=1), system="test")
    actions.expire_alert(alert.pk, alert.expires_at, system="test")
    with pytest.raises(actions.AlreadyDone):
        actions.expire_alert(alert.pk, alert.expires_at, system="test")
    alert.refresh_from_db()
    assert (alert.state, alert.ending) == (Alert.State.ENDED, Alert.Ending.EXPIRED)
    states = sorted(alert.deliveries.values_list("state", flat=True))
    assert states == ["expired"] * (len(scene.near) - 1) + ["heard"]
    assert not alert.followed_by.exists()


def test_addressing_is_exact(scene: Scene) -> None:
    order = decoded(scene.issue("live").commands.get(action="play"))
    assert all(is_addressed(order, e.code, e.cell) for e in scene.near)
    assert not any(is_addressed(order, e.code, e.cell) for e in scene.far)


def test_two_endpoints_in_one_cell_are_told_apart(scene: Scene) -> None:
    inside, outside = scene.near[0], scene.far[0]
    outside.cell = inside.cell
    outside.save(update_fields=["cell"])
    order = decoded(scene.issue("live").commands.get(action="play"))
    assert inside.code in order.to.ids
    assert all(is_addressed(order, e.code, e.cell) for e in scene.near)
    assert not is_addressed(order, outside.code, outside.cell)


@pytest.mark.reference
def test_the_schema_of_others_agrees_that_our_messages_are_valid(scene: Scene) -> None:
    schema = etree.XMLSchema(etree.parse(str(reference_path("cap", "xsd", "cap12.xsd"))))
    first = scene.issue("live")
    cleared = actions.all_clear_alert(scene.chief, first.pk, FRESH)
    cancelled = actions.cancel_alert(scene.chief, scene.issue("exercise").pk)
    for alert in (first, cleared, cancelled):
        schema.assertValid(etree.fromstring(alert.cap.encode()))
