import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_fsm import TransitionNotAllowed

from tests.fixtures import make_person
from tests.notices.making import demands, make_contact, make_served, make_visit, recheck
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.facilities.models import Figures
from tirek.files.actions import store
from tirek.inspections.actions.findings import withdraw_finding
from tirek.inspections.models import Finding
from tirek.notices import actions, paper, queries
from tirek.notices.models import Line, Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"
)


@pytest.fixture
def hospital(small_province):
    return small_province.facilities[0]


@pytest.fixture
def inspector():
    return make_person("inspector")


@pytest.fixture
def drafted(hospital, inspector):
    visit = make_visit(hospital, inspector)
    return actions.draft_notice(inspector, visit.pk, demands(visit))


def proof(person):
    return store(person, PDF, kind="document", name="receipt.pdf")


class TestDraft:
    def test_takes_the_words_of_the_requirement(self, drafted):
        assert [line.demand_ru for line in drafted.lines.all()] == ["Ворота закрыты"] * 2
        assert drafted.due_on == timezone.localdate() + timedelta(days=30)

    def test_a_visit_that_is_not_handed_in_gives_none(self, hospital, inspector):
        visit = make_visit(hospital, inspector, state="under_way")
        with pytest.raises(Refused, match="handed in"):
            actions.draft_notice(inspector, visit.pk, demands(visit))

    def test_nothing_demanded(self, hospital, inspector):
        with pytest.raises(Refused, match="at least one finding"):
            actions.draft_notice(inspector, make_visit(hospital, inspector).pk, [])

    @pytest.mark.parametrize("days", [0, -5, 366])
    def test_an_absurd_term(self, hospital, inspector, days):
        visit = make_visit(hospital, inspector)
        with pytest.raises(Refused, match=r"term|year"):
            actions.draft_notice(inspector, visit.pk, demands(visit, days))

    def test_a_finding_stands_in_one_notice_only(self, drafted, inspector):
        with pytest.raises(Refused, match="another notice"):
            actions.draft_notice(inspector, drafted.inspection_id, demands(drafted.inspection))

    def test_the_same_finding_twice(self, hospital, inspector):
        visit = make_visit(hospital, inspector)
        with pytest.raises(Refused):
            actions.draft_notice(inspector, visit.pk, demands(visit)[:1] * 2)

    def test_thrown_away_it_frees_its_findings(self, drafted, inspector):
        visit = drafted.inspection
        actions.drop_draft(inspector, drafted.pk)
        assert actions.draft_notice(inspector, visit.pk, demands(visit)).pk

    def test_another_area_is_not_found(self, hospital, small_province):
        stranger = make_person("inspector", small_province.districts[1])
        visit = make_visit(hospital)
        with pytest.raises(type(visit).DoesNotExist):
            actions.draft_notice(stranger, visit.pk, demands(visit))

    def test_who_may_not(self, hospital):
        visit = make_visit(hospital)
        with pytest.raises(PermissionDenied):
            actions.draft_notice(make_person("analyst"), visit.pk, demands(visit))


class TestIssue:
    def test_numbers_run_on_and_the_words_are_frozen(self, hospital, inspector):
        made = []
        for _n in range(3):
            visit = make_visit(hospital, inspector)
            notice = actions.draft_notice(inspector, visit.pk, demands(visit))
            made.append(actions.issue_notice(inspector, notice.pk))
        year = timezone.localdate().year
        assert [notice.number for notice in made] == [f"{year}-0001", f"{year}-0002", f"{year}-0003"]
        again = Notice.objects.get(pk=made[0].pk)
        assert again.content == json.loads(json.dumps(paper.content(again)))
        assert Entry.objects.filter(verb="notices.issue_notice").count() == 3

    def test_once_only(self, drafted, inspector):
        actions.issue_notice(inspector, drafted.pk)
        with pytest.raises(Refused, match="issued"):
            actions.issue_notice(inspector, drafted.pk)
        with pytest.raises(Refused):
            actions.drop_draft(inspector, drafted.pk)

    def test_counts_at_the_facility(self, drafted, inspector, hospital):
        actions.issue_notice(inspector, drafted.pk)
        figures = Figures.objects.get(pk=hospital.pk)
        assert (figures.notices_open, figures.notices_overdue, figures.next_due) == (1, 0, drafted.due_on)

    def test_no_other_way_into_a_state(self, drafted):
        with pytest.raises(TransitionNotAllowed):
            drafted.to_closed()
        with pytest.raises(AttributeError):
            drafted.state = "closed"


class TestServe:
    @pytest.fixture
    def issued(self, drafted, inspector):
        return actions.issue_notice(inspector, drafted.pk)

    def test_by_hand_wants_proof_and_a_name(self, issued, inspector):
        with pytest.raises(Refused, match="proof"):
            actions.serve_notice(inspector, issued.pk, method="hand", to="Guard")
        with pytest.raises(Refused, match="who was served"):
            actions.serve_notice(inspector, issued.pk, method="hand", proof=proof(inspector))
        served = actions.serve_notice(inspector, issued.pk, method="hand", to="Director", proof=proof(inspector))
        assert served.state == "served"
        assert served.served_proof

    def test_not_in_the_future(self, issued, inspector):
        with pytest.raises(Refused, match="future"):
            actions.serve_notice(
                inspector,
                issued.pk,
                method="mail",
                to="Director",
                proof=proof(inspector),
                at=timezone.now() + timedelta(days=1),
            )

    def test_in_tirek_it_is_served_when_the_contact_opens_it(self, issued, inspector, hospital):
        contact = make_contact(hospital)
        link = hospital.contacts.get(person=contact)
        assert actions.serve_notice(inspector, issued.pk, method="portal", contact_id=link.pk).state == "issued"
        assert contact.reminders.filter(kind="served").count() == 1
        assert actions.read_notice(inspector, issued.pk) is None
        read = actions.read_notice(contact, issued.pk)
        assert read.state == "served"
        assert actions.read_notice(contact, issued.pk) is None

    def test_what_was_not_sent_to_the_facility_yet_is_not_read_by_it(self, issued, inspector, hospital, client_for):
        client = client_for(make_contact(hospital))
        assert client.get(issued.get_absolute_url()).status_code == 404
        kept = Notice.objects.get(pk=issued.pk)
        assert (kept.read_at, kept.read_by) == (None, None)
        assert not Entry.objects.filter(verb="notices.read_notice").exists()

    def test_in_tirek_only_the_one_it_was_sent_to_is_served(self, issued, inspector, hospital):
        guard, director = make_contact(hospital), make_contact(hospital)
        link = hospital.contacts.get(person=director)
        actions.serve_notice(inspector, issued.pk, method="portal", contact_id=link.pk)
        assert actions.read_notice(guard, issued.pk).state == "issued"
        assert actions.read_notice(guard, issued.pk) is None
        served = actions.read_notice(director, issued.pk)
        assert (served.state, served.served_to, served.read_by) == ("served", link.full_name, guard)
        assert served.served_at > served.read_at

    def test_sent_in_tirek_and_never_opened_it_is_served_by_hand(self, issued, inspector, hospital):
        make_contact(hospital)
        link = hospital.contacts.exclude(person=None).get()
        actions.serve_notice(inspector, issued.pk, method="portal", contact_id=link.pk)
        served = actions.serve_notice(inspector, issued.pk, method="hand", to="Deputy", proof=proof(inspector))
        assert (served.state, served.served_to, served.served_contact) == ("served", "Deputy", None)

    def test_in_tirek_only_to_somebody_of_this_facility(self, issued, inspector, small_province):
        other = small_province.facilities[1]
        make_contact(other)
        with pytest.raises(Refused, match="no account"):
            actions.serve_notice(inspector, issued.pk, method="portal", contact_id=other.contacts.get().pk)


class TestAnswer:
    def test_with_evidence(self, hospital):
        notice = make_served(hospital)
        contact = hospital.contacts.exclude(person=None).get().person
        made = actions.reply(contact, notice.pk, "Gate mended", [proof(contact)], all_done=True)
        assert made.files.count() == 1
        assert Notice.objects.get(pk=notice.pk).state == "answered"

    def test_a_contact_of_another_facility_finds_nothing(self, hospital, small_province):
        notice = make_served(hospital)
        stranger = make_contact(small_province.facilities[1])
        with pytest.raises(Notice.DoesNotExist):
            actions.reply(stranger, notice.pk, "Done")
        assert not Notice.objects.restrict(stranger, "view").exists()

    def test_more_time_is_decided_by_another_person(self, hospital):
        notice = make_served(hospital)
        contact = hospital.contacts.exclude(person=None).get().person
        until = notice.due_on + timedelta(days=20)
        wish = actions.ask_for_time(contact, notice.pk, until, "The gate is ordered")
        with pytest.raises(Refused, match="asked already"):
            actions.ask_for_time(contact, notice.pk, until, "Again")
        with pytest.raises(PermissionDenied):
            actions.decide_on_time(make_person("inspector"), wish.pk, grant=True, why="Yes")
        chief = make_person("chief")
        with pytest.raises(Refused, match="Write why"):
            actions.decide_on_time(chief, wish.pk, grant=True, why=" ")
        actions.decide_on_time(chief, wish.pk, grant=True, why="Delivery takes long", until=until - timedelta(days=5))
        again = Notice.objects.get(pk=notice.pk)
        assert again.due_on == until - timedelta(days=5)
        assert set(again.lines.values_list("due_on", flat=True)) == {again.due_on}
        with pytest.raises(Refused, match="decided already"):
            actions.decide_on_time(chief, wish.pk, grant=False, why="No")

    def test_not_granted_changes_no_term(self, hospital):
        notice = make_served(hospital)
        contact = hospital.contacts.exclude(person=None).get().person
        wish = actions.ask_for_time(contact, notice.pk, notice.due_on + timedelta(days=9), "Please")
        actions.decide_on_time(make_person("chief"), wish.pk, grant=False, why="Too dangerous")
        assert Notice.objects.get(pk=notice.pk).due_on == notice.due_on

    def test_an_earlier_term_is_no_more_time(self, hospital):
        notice = make_served(hospital)
        contact = hospital.contacts.exclude(person=None).get().person
        with pytest.raises(Refused, match="after the present one"):
            actions.ask_for_time(contact, notice.pk, notice.due_on, "Please")


class TestClose:
    def test_when_everything_is_put_right(self, hospital):
        notice = make_served(hospital)
        other = make_person("inspector")
        visit = recheck(notice, other, fixed=2)
        actions.after_recheck(other, visit)
        closed = Notice.objects.get(pk=notice.pk)
        assert (closed.state, closed.closed_by) == ("closed", visit)
        assert Figures.objects.get(pk=hospital.pk).notices_open == 0

    def test_goes_back_when_something_is_left(self, hospital):
        notice = make_served(hospital)
        contact = hospital.contacts.exclude(person=None).get().person
        actions.reply(contact, notice.pk, "All done", all_done=True)
        other = make_person("inspector")
        actions.after_recheck(other, recheck(notice, other, fixed=1))
        again = Notice.objects.get(pk=notice.pk)
        assert again.state == "served"
        assert again.closed_at is None

    def test_an_ordinary_visit_closes_nothing(self, hospital):
        notice = make_served(hospital)
        visit = recheck(notice, make_person("inspector"), fixed=2)
        visit.kind = "planned"
        actions.after_recheck(visit.inspector, visit)
        assert Notice.objects.get(pk=notice.pk).state == "served"

    def test_the_database_wants_the_re_inspection_too(self, hospital):
        notice = make_served(hospital)
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(state="closed")

    def test_withdrawn_with_a_reason_by_who_may(self, hospital):
        notice = make_served(hospital)
        with pytest.raises(PermissionDenied):
            actions.withdraw_notice(make_person("inspector"), notice.pk, "Mistake")
        chief = make_person("chief")
        with pytest.raises(Refused, match="Write why"):
            actions.withdraw_notice(chief, notice.pk, " ")
        assert actions.withdraw_notice(chief, notice.pk, "Wrong building").state == "withdrawn"

    def test_withdrawn_its_findings_are_free_for_another(self, hospital):
        notice = make_served(hospital)
        visit = notice.inspection
        assert not queries.free_findings(visit).exists()
        actions.withdraw_notice(make_person("chief"), notice.pk, "Wrong addressee")
        assert queries.free_findings(visit).count() == 2
        again = actions.draft_notice(visit.inspector, visit.pk, demands(visit))
        assert again.lines.count() == notice.lines.count() == 2
        assert not queries.free_findings(visit).exists()
        with pytest.raises(IntegrityError), transaction.atomic():
            Line.objects.filter(notice=notice).update(stands=True)


class TestFindingWithdrawn:
    """A notice follows when a finding in it turns out to be a mistake."""

    def withdraw(self, notice, number):
        return withdraw_finding(
            make_person("chief"), notice.lines.all()[number].finding_id, "It was the neighbour's gate"
        )

    def test_the_rest_goes_on(self, hospital):
        notice = make_served(hospital)
        self.withdraw(notice, 0)
        assert Notice.objects.get(pk=notice.pk).state == "served"

    def test_the_rest_was_put_right(self, hospital):
        notice = make_served(hospital)
        other = make_person("inspector")
        visit = recheck(notice, other, fixed=1)
        actions.after_recheck(other, visit)
        self.withdraw(notice, 1)
        closed = Notice.objects.get(pk=notice.pk)
        assert (closed.state, closed.closed_by) == ("closed", visit)

    def test_nothing_is_left_at_all(self, hospital):
        notice = make_served(hospital)
        self.withdraw(notice, 0)
        self.withdraw(notice, 1)
        ended = Notice.objects.get(pk=notice.pk)
        assert (ended.state, ended.withdrawn_why) == ("withdrawn", "Every finding in it was withdrawn.")

    def test_a_later_term_is_escalated_anew(self, hospital):
        notice = make_served(hospital)
        first, second = notice.lines.all()
        Line.objects.filter(pk=second.pk).update(due_on=second.due_on + timedelta(days=20))
        Notice.objects.filter(pk=notice.pk).update(escalated_at=timezone.now())
        self.withdraw(notice, 0)
        moved = Notice.objects.get(pk=notice.pk)
        assert (moved.due_on, moved.escalated_at) == (first.due_on + timedelta(days=20), None)

    def test_what_was_seen_put_right_was_not(self, hospital):
        notice = make_served(hospital)
        other = make_person("inspector")
        visit = recheck(notice, other, fixed=2)
        actions.after_recheck(other, visit)
        Finding.objects.filter(pk=notice.lines.all()[0].finding_id).update(state="open", fixed_by=None, fixed_on=None)
        actions.after_recheck(other, visit)
        reopened = Notice.objects.get(pk=notice.pk)
        assert (reopened.state, reopened.closed_by, reopened.closed_at) == ("served", None, None)
        assert Figures.objects.get(pk=hospital.pk).notices_open == 1

    def test_what_an_earlier_visit_saw_put_right_was_not(self, hospital):
        notice = make_served(hospital)
        other = make_person("inspector")
        first = recheck(notice, other, fixed=1)
        actions.after_recheck(other, first)
        second = recheck(notice, other, fixed=2)
        Finding.objects.filter(pk=notice.lines.all()[0].finding_id).update(fixed_by=first)
        actions.after_recheck(other, second)
        assert Notice.objects.get(pk=notice.pk).closed_by == second
        Finding.objects.filter(fixed_by=first).update(state="open", fixed_by=None, fixed_on=None)
        actions.after_recheck(other, first)
        assert Notice.objects.get(pk=notice.pk).state == "served"

    def test_one_that_nobody_was_served_with_is_to_be_served(self, drafted, inspector):
        issued = actions.issue_notice(inspector, drafted.pk)
        other = make_person("inspector")
        visit = recheck(issued, other, fixed=2)
        actions.after_recheck(other, visit)
        assert Notice.objects.get(pk=issued.pk).state == "closed"
        Finding.objects.filter(pk=issued.lines.all()[0].finding_id).update(state="open", fixed_by=None, fixed_on=None)
        actions.after_recheck(other, visit)
        assert Notice.objects.get(pk=issued.pk).state == "issued"
        served = actions.serve_notice(inspector, issued.pk, method="hand", to="Deputy", proof=proof(inspector))
        assert served.state == "served"


def test_a_file_dressed_up_is_not_taken_as_proof(inspector):
    with pytest.raises(Refused):
        store(
            inspector,
            SimpleUploadedFile("receipt.pdf", b"<html><script>1</script></html>"),
            kind="document",
            name="a.pdf",
        )
