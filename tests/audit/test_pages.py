"""The log as people read it."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone

from tirek.accounts import actions
from tirek.audit import queries
from tirek.audit.models import Entry

pytestmark = pytest.mark.django_db
LOG = "/audit/"


@pytest.fixture
def reader(person, client_for):
    return client_for(person("overseer", language="en"))


def rows(client, query=""):
    return [entry.pk for entry in client.get(f"{LOG}?{query}").context["table"].data]


class TestFilters:
    def test_newest_first_or_oldest_first(self, reader, entry):
        made = [entry().pk for _ in range(3)]
        assert rows(reader) == made[::-1]
        assert rows(reader, "sort=at") == made

    def test_by_words_in_any_case(self, reader, entry):
        entry(actor="Сериков Данияр", object_name="Аурухана")
        wanted = entry(actor="Ермекова Айгүл", object_name="Мектеп", why="қоңырау")
        for words in ("айгүл", "мектеп", "Ермекова мектеп", "қоңырау"):
            assert rows(reader, f"q={words}") == [wanted.pk]
        assert rows(reader, "q=айгүл аурухана") == []

    def test_by_verb_and_object(self, reader, entry):
        entry()
        wanted = entry(verb="alarms.close_alarm", object_type="alarms.alarm")
        assert rows(reader, "verb=alarms.close_alarm") == [wanted.pk]
        assert rows(reader, "object_type=alarms.alarm") == [wanted.pk]
        assert "closed an alarm" in reader.get(LOG).content.decode()

    def test_by_day(self, reader, entry):
        made = entry()
        today = timezone.localdate()
        yesterday = today - dt.timedelta(days=1)
        assert rows(reader, f"since={today}&before={today}") == [made.pk]
        assert rows(reader, f"before={yesterday}") == []

    def test_an_empty_log_says_what_will_be_there(self, reader):
        assert "Each act leaves an entry here" in reader.get(LOG).content.decode()


class TestScope:
    def test_by_area(self, person, client_for, small_province, entry):
        north, south = small_province.districts
        here, there, nowhere = entry(area_path=north.path), entry(area_path=south.path), entry()
        bound, everywhere = client_for(person("overseer", north)), client_for(person("overseer"))
        assert rows(bound) == [here.pk]
        assert rows(everywhere) == [nowhere.pk, there.pk, here.pk]
        assert bound.get(f"{LOG}{there.pk}/").status_code == 404
        assert bound.get(f"{LOG}{nowhere.pk}/").status_code == 404


class TestEntry:
    def test_what_changed_is_said_in_words(self, person, client_for, small_province):
        admin = person("administrator")
        somebody = person("analyst", phone="1")
        actions.change_person(admin, somebody.pk, phone="2", agency=small_province.agency, language="kk")
        one = Entry.objects.first()
        said = {change.label: (change.before, change.after) for change in queries.changes(one)}
        assert said == {
            "Phone": ("1", "2"),
            "Agency": ("—", "Health"),
            "Language": ("English", "Қазақша"),
        }
        page = client_for(admin).get(one.get_absolute_url()).content.decode()
        assert "changed a person" in page
        assert f'href="/people/{somebody.pk}/"' in page
        assert one.hash in page

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            (None, None, []),
            ({"a": True}, {"a": False}, [("a", "yes", "no")]),
            (None, {"ids": [1, 2], "to": {"x": 1}}, [("ids", "—", "1, 2"), ("to", "—", "x: 1")]),
            (None, ["loose"], [("", "—", "loose")]),
            ({"agency_id": 99}, {"agency_id": None}, [("Agency in charge", "№ 99", "—")]),
        ],
    )
    def test_values_of_every_sort(self, entry, before, after, said):
        made = entry(before=before, after=after)
        assert [(c.label, c.before, c.after) for c in queries.changes(made)] == said

    def test_an_object_that_is_gone_has_no_address(self, entry):
        for fields in ({"object_id": "987654"}, {"object_type": "gone.model"}, {"object_id": "x"}):
            made = entry(**fields)
            assert queries.object_url(made) == ""
            assert queries.object_kind(made.object_type)


class TestHistory:
    def shown(self, user, obj):
        request = RequestFactory().get("/")
        request.user = user
        return Template("{% load audit %}{% history obj %}").render(Context({"request": request, "obj": obj}))

    def test_of_one_object_only(self, person, small_province, entry):
        hospital, school, _market = small_province.facilities
        entry(object_id=str(hospital.pk), why="moved")
        entry(object_id=str(school.pk), actor="Somebody else")
        said = self.shown(person("inspector"), hospital)
        assert "Aigul: changed a facility" in said
        assert "moved" in said
        assert "Somebody else" not in said

    def test_only_readers_of_the_log_get_further(self, person, small_province, entry):
        made = entry(object_id=str(small_province.facilities[0].pk))
        link = f'href="{made.get_absolute_url()}"'
        assert link in self.shown(person("overseer"), small_province.facilities[0])
        assert link not in self.shown(person("inspector"), small_province.facilities[0])

    def test_nothing_yet(self, person, small_province):
        assert "Nothing is on record yet" in self.shown(person("inspector"), small_province.facilities[0])
