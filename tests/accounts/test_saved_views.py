"""Saved views: one's own, shared ones, the one that opens first."""

import pytest
from django.urls import reverse

from tirek.accounts.models import SavedView
from tirek.accounts.saved_views import lasting, remove_view, save_view
from tirek.audit.act import Refused
from tirek.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
REGISTER = "facilities:register"
SAVE = {"register": REGISTER, "name": "Late  ones", "query": "notices=overdue&page=3&view=7&q="}


@pytest.fixture
def officer(person, small_province):
    return person("duty_officer")


def test_saving_and_going_there(client_for, officer):
    client = client_for(officer)
    answer = client.post(reverse("accounts:save_view"), SAVE)
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared, view.is_default) == ("Late ones", "notices=overdue", False, False)
    assert answer.url == f"{reverse(REGISTER)}?view={view.pk}&notices=overdue"
    page = client.get(answer.url).content.decode()
    assert "Late ones" in page
    assert Entry.objects.first().verb == "accounts.save_own_view"


def test_the_same_name_again_replaces(officer):
    for query in ("notices=open", "notices=overdue"):
        save_view(officer, REGISTER, "Late", query)
    assert [view.query for view in SavedView.objects.all()] == ["notices=overdue"]


def test_the_default_opens_first_and_only_one_does(client_for, officer, person):
    save_view(officer, REGISTER, "A", "category=1", is_default=True)
    second = save_view(officer, REGISTER, "B", "category=2", shared=True, is_default=True)
    assert SavedView.objects.filter(is_default=True).count() == 1
    assert client_for(officer).get(reverse(REGISTER)).url == f"{reverse(REGISTER)}?view={second.pk}&category=2"
    assert client_for(officer).get(reverse(REGISTER), {"all": "1"}).status_code == 200
    assert client_for(person("duty_officer")).get(reverse(REGISTER)).status_code == 200  # a default is one's own


def test_others_see_what_is_shared_and_cannot_remove_it(client_for, officer, person):
    mine = save_view(officer, REGISTER, "Private ones", "category=1")
    shared = save_view(officer, REGISTER, "For all", "category=2", shared=True)
    other = person("duty_officer")
    page = client_for(other).get(reverse(REGISTER)).content.decode()
    assert "For all" in page
    assert "Private ones" not in page
    for view in (mine, shared):
        assert client_for(other).post(reverse("accounts:remove_view", args=[view.pk])).status_code == 404
        with pytest.raises(SavedView.DoesNotExist):
            remove_view(other, view.pk)
    client_for(officer).post(reverse("accounts:remove_view", args=[mine.pk]))
    assert list(SavedView.objects.all()) == [shared]


def test_refusals(client_for, officer):
    client = client_for(officer)
    assert client.post(reverse("accounts:save_view"), SAVE | {"register": "https://x/"}).status_code == 400
    client.post(reverse("accounts:save_view"), SAVE | {"name": "  "})
    with pytest.raises(Refused, match="too many"):
        save_view(officer, REGISTER, "Long", f"q={'x' * 1000}")
    assert not SavedView.objects.exists()


def test_what_lasts():
    assert lasting("?area=1&area=2&page=4&view=1&all=1&q=&sort=-name") == "area=1&area=2&sort=-name"
