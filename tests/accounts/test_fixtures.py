"""The shared fixtures hold what they promise."""

from django.conf import settings

from tirek.places.models import Area


def test_tests_have_a_home_of_their_own():
    assert "tirek-test-" in str(settings.HOME.root)


def test_the_small_province(small_province):
    first = small_province.settlements[0]
    assert first.path == f"{small_province.region.pk}/{small_province.districts[0].pk}/{first.pk}/"
    assert Area.objects.filter(path__startswith=small_province.districts[0].path).count() == 3
    assert small_province.facilities[0].area_path == first.path


def test_a_person_of_a_role(person, small_province, client_for):
    officer = person("duty_officer", small_province.districts[0])
    assert officer.roles == ["duty_officer"]
    assert officer.check_password("a long and plain password")
    assert client_for(officer).session["_auth_user_id"] == str(officer.pk)
