"""What apps tell the frame, and what the frame makes of it."""

from django.http import HttpRequest
from django.test import RequestFactory

from tirek.ui.context import Shell, shell


class Person:
    """Stands in for accounts.Person: holds the permissions named."""

    is_authenticated = True
    one_time_until = None

    def __init__(self, *permissions: str) -> None:
        self.permissions = permissions

    def grants(self, permission: str) -> list[str]:
        return [permission] if permission in self.permissions else []


class Nobody:
    is_authenticated = False


def request(path: str = "/", user: object = None, **cookies: str) -> HttpRequest:
    made = RequestFactory().get(path)
    made.user = user or Nobody()
    made.COOKIES.update(cookies)
    return made


def test_navigation_goes_by_permission_and_order(own_registry):
    own_registry.nav("b", "Second", "ui:search", "search", "x.view_b", order=20)
    own_registry.nav("a", "First", "ui:home", "home", ("x.view_a", "x.view_b"), order=10)
    own_registry.nav("c", "Free", "ui:gallery", "photo", order=30)
    assert [e.key for e in own_registry.nav_for(Person("x.view_b"))] == ["a", "b", "c"]
    assert [e.key for e in own_registry.nav_for(Person())] == ["c"]
    assert own_registry.nav_for(Nobody()) == []


def test_the_longest_address_is_where_the_page_is(own_registry):
    own_registry.nav("home", "Home", "ui:home", "home")
    own_registry.nav("gallery", "Gallery", "ui:gallery", "photo")
    entries = {e["key"]: e["here"] for e in Shell(request("/ui/gallery/", Person())).nav}
    assert entries == {"home": False, "gallery": True}


def test_a_part_of_a_place_lights_up_the_place(own_registry):
    own_registry.nav("home", "Home", "ui:home", "home")
    own_registry.nav("work", "Work", "ui:search", "search")
    own_registry.nav_part("work", "ui:gallery")
    own_registry.nav_part("work", "nothing:here")
    entries = {e["key"]: e["here"] for e in Shell(request("/ui/gallery/", Person())).nav}
    assert entries == {"home": False, "work": True}


def test_an_address_that_is_not_there_is_left_out(own_registry):
    own_registry.nav("gone", "Gone", "nothing:here", "home")
    assert Shell(request("/", Person())).nav == []


def test_search_asks_every_provider_once(own_registry):
    def find(user, query):
        return [own_registry.Hit(title=query, subtitle="", url="/", icon="home", kind="place")]

    own_registry.search_provider(find)
    own_registry.search_provider(find)
    assert [h.title for h in own_registry.search(Person(), "abc")] == ["abc"]


def test_mode_comes_from_its_status_item(own_registry):
    own_registry.status_item(lambda r: None)
    own_registry.status_item(lambda r: own_registry.StatusItem("mode", "Exercise", "exercise"))
    assert Shell(request("/", Person())).mode == "exercise"
    assert Shell(request("/")).mode == "", "before the log-in no mode is told"


def test_theme_is_the_cookie_then_the_record_then_the_page():
    somebody = Person()
    somebody.theme = "dark"
    assert Shell(request("/", somebody)).theme == "dark"
    assert Shell(request("/", somebody, tirek_theme="light")).theme == "light"
    assert Shell(request("/", tirek_theme="<script>")).theme == ""
    assert shell(request())["ui"].theme == ""


def test_user_links_go_by_permission(own_registry):
    own_registry.user_link("a", "A", "ui:home", "home", "x.view_a")
    own_registry.user_link("b", "B", "ui:search", "search")
    assert [link.label for link in own_registry.user_links_for(Person())] == ["B"]
