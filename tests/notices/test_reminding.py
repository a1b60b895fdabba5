from datetime import timedelta

import pytest
from django.core import mail

from tests.fixtures import make_person
from tests.notices.making import make_served
from tirek.audit.models import Entry
from tirek.facilities.models import Figures
from tirek.notices.actions import remind_all
from tirek.notices.actions.reminding import due_kind
from tirek.notices.models import Notice, Reminder

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (30, None), (8, None), (7, ("before", 7)), (5, ("before", 7)), (1, ("before", 1)), (0, ("on_day", 0)),
        (-1, ("overdue", -1)), (-7, ("overdue", -1)), (-8, ("overdue", -8)), (-41, ("overdue", -36)),
    ],
)  # fmt: skip
def test_which_is_due(left, expected):
    found = due_kind(left)
    assert (found and (str(found[0].value), found[1])) == expected


@pytest.fixture
def notice(small_province):
    return make_served(small_province.facilities[0])


def contact_of(notice):
    return notice.facility.contacts.exclude(person=None).get().person


def test_each_goes_once_however_often_it_runs(notice):
    day = notice.due_on - timedelta(days=7)
    assert remind_all(day) == 1
    assert remind_all(day) == 0
    assert remind_all(day + timedelta(days=1)) == 0
    assert remind_all(notice.due_on - timedelta(days=1)) == 1
    assert remind_all(notice.due_on) == 1
    kinds = list(contact_of(notice).reminders.order_by("pk").values_list("kind", "days"))
    assert kinds == [("served", 0), ("before", 7), ("before", 1), ("on_day", 0)]


def test_a_day_without_the_worker_is_made_up_for(notice):
    assert remind_all(notice.due_on - timedelta(days=4)) == 1


def test_overdue_goes_to_the_inspector_and_after_three_days_to_the_chief(notice):
    chief = make_person("chief")
    stranger = make_person(
        "chief", notice.facility.area.parent.parent.children.exclude(pk=notice.facility.area.parent_id)[0]
    )
    assert remind_all(notice.due_on + timedelta(days=1)) == 2  # the contact and the inspector
    assert not chief.reminders.exists()
    remind_all(notice.due_on + timedelta(days=3))
    assert list(chief.reminders.values_list("kind", flat=True)) == ["escalated"]
    assert not stranger.reminders.exists()
    assert Notice.objects.get(pk=notice.pk).escalated_at
    assert Entry.objects.filter(verb="notices.escalate_notice").count() == 1
    remind_all(notice.due_on + timedelta(days=5))
    assert chief.reminders.count() == 1


def test_every_overdue_notice_is_told_of(small_province):
    notices = [make_served(facility, days=3) for facility in small_province.facilities]
    remind_all(max(notice.due_on for notice in notices) + timedelta(days=10))
    told = Reminder.objects.filter(kind="overdue").values_list("notice", flat=True)
    assert set(told) == {notice.pk for notice in notices}


def test_closed_ones_are_left_alone(notice):
    from tests.notices.making import recheck
    from tirek.notices.actions import after_recheck

    other = make_person("inspector")
    after_recheck(other, recheck(notice, other, fixed=2))
    assert remind_all(notice.due_on + timedelta(days=30)) == 0


def test_the_register_learns_of_the_day(notice, monkeypatch):
    later = notice.due_on + timedelta(days=2)
    monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: later)
    remind_all(later)
    assert Figures.objects.get(pk=notice.facility_id).notices_overdue == 1


def test_by_mail_too_where_there_is_a_server(notice, settings):
    settings.EMAIL_HOST = "mail.invalid"
    person = contact_of(notice)
    person.email = "contact@example.org"
    person.save()
    remind_all(notice.due_on)
    assert [message.to for message in mail.outbox] == [["contact@example.org"]]
    assert notice.number in mail.outbox[0].subject
