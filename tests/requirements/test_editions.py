"""Bringing editions in, putting them in force, taking drafts away."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from tests.requirements.support import content, demand, standard
from tirek.audit.act import Refused
from tirek.audit.models import Entry
from tirek.requirements import actions, queries
from tirek.requirements.models import Edition, FormerStanding, Requirement, Standard, Standing
from tirek.requirements.rows import standard_data
from tirek.requirements.sample import FOLDER
from tirek.requirements.standardfile import BadFile, Words, write

pytestmark = pytest.mark.django_db
GATE, CAMERA = demand("gate"), demand("camera", point="video", mandatory=True)


def test_an_import_is_a_draft_and_binds_nobody(person, small_province):
    edition = actions.import_edition(person("administrator"), content(GATE, CAMERA))
    assert edition.state == "draft"
    assert edition.requirements.count() == 2
    assert queries.checklist(small_province.facilities[0]) == []
    entry = Entry.objects.latest("id")
    assert entry.verb == "requirements.import_edition"
    assert entry.after["requirements"] == 2
    assert "file" not in entry.after, "the log names the file by its hash"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.yaml")), ids=lambda path: path.stem)
def test_rows_give_the_file_back(path):
    """Export of what was imported: the same bytes as they came, and the same file again from the rows alone."""
    from tirek.facilities import types
    from tirek.facilities.models import FacilityType

    types.add_missing(FacilityType)
    raw = path.read_bytes()
    edition = actions.import_edition(None, raw, system="test")
    assert Edition.objects.get(pk=edition.pk).file.encode() == raw
    assert write(standard_data(edition)).encode() == raw


def test_rows_give_the_file_back_with_everything_in_it():
    data = standard(
        demand("gate", hint=Words("а", "б", "c"), mandatory=True, weight=7, severity="critical", verify="live",
               live={"name": "equipment_works", "kind": "camera", "least_percent": 90}, evidence=("photo", "date"),
               applies={"min_people": 5, "vehicle_entrance": True}, deadline_days=9, measures=("fence",)),
        demand("open", section=Words()),
    )  # fmt: skip
    edition = actions.import_edition(None, write(data).encode(), system="test")
    assert standard_data(Edition.objects.get(pk=edition.pk)) == data


def test_the_same_file_twice_changes_nothing(person):
    admin = person("administrator")
    first = actions.import_edition(admin, content(GATE))
    entries = Entry.objects.count()
    assert actions.import_edition(admin, content(GATE)) == first
    assert (Edition.objects.count(), Requirement.objects.count(), Entry.objects.count()) == (1, 1, entries)


def test_a_draft_is_replaced_by_a_better_file(person):
    admin = person("administrator")
    first = actions.import_edition(admin, content(GATE))
    second = actions.import_edition(admin, content(GATE, CAMERA))
    assert first == second
    assert second.requirements.count() == 2


def test_what_was_in_force_is_not_changed(person, enforced):
    enforced(GATE)
    with pytest.raises(Refused, match="new label"):
        actions.import_edition(person("administrator"), content(GATE, CAMERA))
    assert Requirement.objects.count() == 1


def test_a_sample_does_not_mix_with_a_real_standard(person, enforced):
    enforced(GATE)
    with pytest.raises(Refused, match="cannot share"):
        actions.import_edition(person("administrator"), content(GATE, label="2026", sample=True))


def test_a_type_that_does_not_exist_is_named(person, small_province):
    with pytest.raises(BadFile) as caught:
        actions.import_edition(person("administrator"), content(demand("gate", applies={"types": ["castle"]})))
    assert "unknown type of facility “castle”" in str(caught.value)
    assert not Standard.objects.exists()


@pytest.mark.parametrize("role", ["inspector", "chief", "facility_contact", None])
def test_who_may_not(person, role, enforced):
    edition = enforced(GATE)
    somebody = person(role)
    for deed in (
        lambda: actions.import_edition(somebody, content(GATE)),
        lambda: actions.enforce_edition(somebody, edition.pk),
        lambda: actions.remove_edition(somebody, edition.pk),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_a_standard_is_not_the_matter_of_one_district(person, client_for, small_province, enforced):
    edition = enforced(GATE)
    draft = actions.import_edition(None, content(CAMERA, label="2026"), system="test")
    south = person("administrator", small_province.districts[1])
    for deed in (
        lambda: actions.import_edition(south, content(GATE)),
        lambda: actions.enforce_edition(south, draft.pk),
        lambda: actions.remove_edition(south, draft.pk),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    client, everywhere = client_for(south), client_for(person("administrator"))
    page, enforce = reverse("requirements:standards"), reverse("requirements:enforce", args=[draft.pk])
    assert client.get(edition.get_absolute_url()).status_code == 200
    for url, link in ((page, reverse("requirements:import")), (draft.get_absolute_url(), enforce)):
        assert link not in client.get(url).content.decode()
        assert link in everywhere.get(url).content.decode()
    assert client.post(enforce).status_code == 403


def test_enforcing_replaces_the_former_edition(person, small_province, enforced):
    facility = small_province.facilities[0]
    old = enforced(GATE, CAMERA)
    gate, camera = queries.checklist(facility)
    actions.record_standings(facility, {gate: "met", camera: ("unmet", "dark")}, source="inspection", source_id=5)
    new = actions.import_edition(person("administrator"), content(GATE, demand("horn"), label="2026"))
    actions.enforce_edition(person("administrator"), new.pk)
    old.refresh_from_db()
    assert (old.state, old.replaced_on) == ("replaced", timezone.localdate())
    assert [one.key for one in queries.checklist(facility)] == ["gate", "horn"]
    assert queries.standings(facility).keys() == {(old.standard_id, "gate")}
    former = FormerStanding.objects.get()
    assert (former.key, former.state, former.why, former.source_id, former.note) == (
        "camera",
        "unmet",
        "dropped",
        5,
        "dark",
    )
    facility.figures.refresh_from_db()
    assert facility.figures.mandatory_unmet == 0, "what is no longer demanded is no longer counted"
    assert Entry.objects.filter(verb="requirements.enforce_edition").latest("id").after["dropped"] == 1


def test_what_cannot_be_enforced(person, enforced):
    admin, today = person("administrator"), timezone.localdate()

    def refused(edition, words):
        with pytest.raises(Refused, match=words):
            actions.enforce_edition(admin, edition.pk)

    first = enforced(GATE)
    refused(first, "in force already")
    enforced(GATE, label="2026")
    refused(first, "was replaced")
    refused(actions.import_edition(admin, content(GATE, label="later", valid_from=today + timedelta(1))), "valid from")
    refused(actions.import_edition(admin, content(GATE, label="gone", valid_to=today - timedelta(1))), "valid until")
    assert Edition.objects.filter(state="in_force").count() == 1


def test_an_edition_whose_time_ran_out_binds_nobody(small_province, enforced):
    edition = enforced(GATE)
    Edition.objects.filter(pk=edition.pk).update(valid_to=timezone.localdate() - timedelta(1))
    assert queries.checklist(small_province.facilities[0]) == []


def test_the_checklist_of_a_day_in_the_past(small_province, enforced):
    facility, today = small_province.facilities[0], timezone.localdate()
    old = enforced(GATE)
    new = enforced(GATE, CAMERA, label="2026")
    Edition.objects.filter(pk=old.pk).update(enforced_on=today - timedelta(300), replaced_on=today - timedelta(100))
    Edition.objects.filter(pk=new.pk).update(enforced_on=today - timedelta(100))

    def count(days):
        return len(queries.checklist(facility, today - timedelta(days)))

    assert (count(0), count(50), count(101), count(301)) == (2, 2, 1, 0)


def test_only_drafts_are_removed(person, enforced):
    admin = person("administrator")
    kept = enforced(GATE)
    with pytest.raises(Refused, match="Only a draft"):
        actions.remove_edition(admin, kept.pk)
    draft = actions.import_edition(admin, content(GATE, label="2026"))
    assert actions.remove_edition(admin, draft.pk) == kept.standard
    alone = actions.import_edition(admin, content(GATE, code="other"))
    assert actions.remove_edition(admin, alone.pk) is None
    assert not Standard.objects.filter(code="other").exists()
    assert Standing.objects.count() == 0
