"""The pages of standards: import, compare, filters, what a facility sees."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from tests.requirements.support import content, demand
from tirek.facilities.models import Contact, Figures
from tirek.jobs.models import Job
from tirek.jobs.running import run_waiting
from tirek.requirements import actions, queries
from tirek.requirements.models import Edition, Standing

pytestmark = pytest.mark.django_db
RULES = (demand("gate", weight=3, mandatory=True), demand("camera", point="video", paragraph="40.2"))


@pytest.fixture
def admin(person, client_for):
    return client_for(person("administrator"))


def text_of(response):
    return re.sub(r"\s+", " ", response.content.decode())


def upload(client, data, name="rules.yaml"):
    return client.post(reverse("requirements:import"), {"file": SimpleUploadedFile(name, data)})


def test_import_look_confirm(admin, enforced):
    enforced(*RULES)
    newer = content(demand("gate", weight=5, mandatory=True), demand("horn"), label="2026")
    page = upload(admin, newer)
    text = text_of(page)
    assert "nothing is written yet" in text
    assert "differs from edition 2025" in text
    assert not Edition.objects.filter(label="2026").exists()
    hidden = re.search(r'name="content" value="([^"]+)"', text)[1]
    done = admin.post(reverse("requirements:import_confirm"), {"content": hidden}, follow=True)
    edition = Edition.objects.get(label="2026")
    assert done.redirect_chain[-1][0] == edition.get_absolute_url()
    assert edition.state == "draft"
    assert admin.get(reverse("requirements:edition_file", args=[edition.pk])).content == newer


def test_a_wrong_file_is_answered_by_all_its_lines(admin):
    page = upload(
        admin, content(*RULES).replace(b"point: entrances", b"point: gate").replace(b"weight: 3", b"weight: many")
    )
    assert page.status_code == 422
    assert len(re.findall(r"unknown point|must be a whole number", text_of(page))) == 2
    assert not Edition.objects.exists()


def test_a_large_file_is_refused(admin):
    assert "larger than 1 MB" in text_of(upload(admin, b"#" * 1_000_001))


@pytest.mark.parametrize("sent", ["", "%%%", "AAAA"])
def test_a_broken_confirmation_writes_nothing(admin, sent):
    page = admin.post(reverse("requirements:import_confirm"), {"content": sent}, follow=True)
    assert "Choose it again" in text_of(page)
    assert not Edition.objects.exists()


def test_an_unknown_check_is_a_remark(admin):
    page = upload(admin, content(demand("gate", live={"name": "of_another_server"})))
    assert "has no check “of_another_server”" in text_of(page)
    assert page.status_code == 200


def test_enforce_and_remove_from_the_page(admin, enforced, small_province):
    enforced(*RULES)
    draft = actions.import_edition(None, content(demand("gate"), label="2026"), system="test")
    other = actions.import_edition(None, content(demand("gate"), label="2027"), system="test")
    Figures.objects.all().delete()
    answer = admin.post(reverse("requirements:enforce", args=[draft.pk]))
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    assert not Figures.objects.exists()  # a province is not counted while its person waits
    run_waiting()
    job.refresh_from_db()
    assert (job.state, job.result["url"]) == (Job.State.DONE, reverse("requirements:edition", args=[draft.pk]))
    assert Figures.objects.count() == len(small_province.facilities)
    admin.post(reverse("requirements:remove", args=[other.pk]))
    states = dict(Edition.objects.values_list("label", "state"))
    assert states == {"2025": "replaced", "2026": "in_force"}


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"gate", "camera"}),
        ("point=video", {"camera"}),
        ("kind=mandatory", {"gate"}),
        ("kind=weighted", {"camera"}),
        ("q=40.2", {"camera"}),
        ("q=GATE", {"gate"}),
        ("verify=live", set()),
        ("type=hospital", {"gate", "camera"}),
        ("point=nonsense", {"gate", "camera"}),
    ],
)
def test_filters_of_an_edition(admin, enforced, small_province, query, shown):
    edition = enforced(*RULES)
    text = text_of(admin.get(f"{edition.get_absolute_url()}?{query}"))
    found = {key for key in ("gate", "camera") if re.search(rf"</span> {key}</a>", text)}
    assert found == shown


def test_counts_lead_to_the_facilities(admin, enforced, small_province):
    edition = enforced(*RULES)
    gate, camera = queries.in_force()
    first, second, third = small_province.facilities
    for facility, state in ((first, "met"), (second, "unmet")):
        actions.record_standings(facility, {gate: state}, source="inspection", at=timezone.now())
    assert "binds 3 facilities" in text_of(admin.get(reverse("requirements:standards")))
    assert f"{reverse('requirements:facilities', args=[gate.pk])}?state=unmet" in text_of(
        admin.get(edition.get_absolute_url())
    )

    def names(requirement, state):
        text = text_of(admin.get(f"{reverse('requirements:facilities', args=[requirement.pk])}?state={state}"))
        return [f.name for f in small_province.facilities if f">{f.name}<" in text]

    assert names(gate, "met") == [first.name]
    assert names(gate, "unmet") == [second.name]
    assert names(gate, "unknown") == [third.name]
    assert len(names(camera, "unknown")) == 3


def test_counts_keep_to_what_a_person_may_see(person, client_for, enforced, small_province):
    enforced(*RULES)
    south = client_for(person("inspector", small_province.districts[1]))
    assert "binds 1 facility" in text_of(south.get(reverse("requirements:standards")))


def test_the_tab_of_a_facility(person, client_for, enforced, small_province):
    enforced(*RULES)
    facility = small_province.facilities[0]
    gate, _camera = queries.checklist(facility)
    actions.record_standings(facility, {gate: ("unmet", "The lock is gone")}, source="inspection", at=timezone.now())
    contact = person("facility_contact")
    Contact.objects.create(facility=facility, person=contact, full_name="C", phone="1")
    text = text_of(client_for(contact).get(f"{facility.get_absolute_url()}?tab=requirements"))
    assert "1 mandatory requirement is not met" in text
    assert "The lock is gone" in text
    assert "standing-unknown" in text


def test_a_contact_declares(person, client_for, enforced, small_province):
    enforced(*RULES)
    facility = small_province.facilities[0]
    _gate, camera = queries.checklist(facility)
    contact = person("facility_contact")
    Contact.objects.create(facility=facility, person=contact, full_name="C", phone="1")
    client = client_for(contact)
    url = reverse("requirements:declare", args=[camera.pk, facility.pk])
    assert client.post(url, {"state": "na"}).status_code == 422
    assert client.post(url, {"state": "met", "note": "new cameras"}).status_code == 302
    assert Standing.objects.get(facility=facility, key="camera").source == "declared"
    assert client.get(reverse("requirements:edition", args=[camera.edition_id])).status_code == 403


def test_search_finds_what_is_in_force(person, enforced):
    from tirek.requirements.search import find_requirements

    enforced(*RULES)
    actions.import_edition(None, content(demand("drawbridge"), label="2026"), system="test")
    inspector = person("inspector")
    assert [hit.title for hit in find_requirements(inspector, "camera")] == ["40.2. camera"]
    assert find_requirements(inspector, "drawbridge") == []
    assert find_requirements(person("coordinator"), "camera") == []
