"""Tags of the house."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import timezone, translation

from tirek.ui.templatetags import tirek as tags


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize("state", tags.SHAPES)
def test_each_state_has_a_shape_and_a_word(state):
    with translation.override("ru"):
        html, word = tags.state_pill(state), str(tags.WORDS[state])
    with translation.override("en"):
        english = str(tags.WORDS[state])
    assert f"state-{state}" in html
    assert "<svg" in html
    assert word in html
    assert word != english


def test_shapes_differ_so_that_colour_is_never_alone():
    assert len(set(tags.SHAPES.values())) == len(tags.SHAPES)


def test_state_pill_escapes_the_word():
    assert "&lt;b&gt;" in tags.state_pill("heard", "<b>")


def test_number_is_grouped_as_the_language_does_it():
    with translation.override("ru"):
        assert tags.number(61200) == "61\xa0200"
        assert tags.number(62.5, "dB") == "62,5\xa0dB"
    with translation.override("en"):
        assert tags.number(61200) == "61,200"


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (263008, "263\xa0000"),
        (4312, "4\xa0300"),
        (99_600, "100\xa0000"),
        (61_200.4, "61\xa0000"),
        (87, "87"),
        (7, "7"),
        (0, "0"),
        (None, "—"),
    ],
)
def test_what_is_said_with_about_is_round(counted, said):
    with translation.override("ru"):
        assert tags.rough(counted) == said


@pytest.mark.parametrize("nothing", [None, ""])
def test_number_of_nothing_is_a_dash(nothing):
    assert tags.number(nothing) == "—"
    assert tags.number(0) == "0"


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(seconds=-5), "just now"),
        (timedelta(minutes=-5, seconds=-1), "5 min ago"),
        (timedelta(days=-1, seconds=-1), "1 day ago"),
        (timedelta(days=3, seconds=1), "in 3 days"),
        (timedelta(hours=2, seconds=1), "in 2 h"),
    ],
)
def test_ago_says_it_in_words_and_keeps_the_exact_time(ahead, words):
    with translation.override("en"):
        html = tags.ago(timezone.now() + ahead)
    assert f">{words}<" in html
    assert "datetime=" in html
    assert "title=" in html


def test_ago_has_russian_plurals():
    moment = timezone.now() - timedelta(days=2, seconds=1)
    with translation.override("ru"):
        assert "2 дня назад" in tags.ago(moment)


def test_ago_shows_local_time():
    with timezone.override("Asia/Aqtobe"), translation.override("ru"):
        assert "07:13:58" in tags.ago(datetime(2026, 11, 23, 2, 13, 58, tzinfo=UTC))


def test_timer_counts_up_and_down():
    now = timezone.now()
    assert ">00:38<" in tags.timer(now - timedelta(seconds=38.5))
    assert ">1:02:38<" in tags.timer(now - timedelta(seconds=3758.5))
    assert ">08:59<" in tags.timer(now + timedelta(seconds=539.5), "down")
    assert tags.timer(None) == "—"


def test_proofbar_shares_add_up():
    parts = tags.proofbar({"heard": 127, "accepted": 7, "failed": 3, "expired": 0})["parts"]
    assert [p["state"] for p in parts] == ["heard", "accepted", "failed"]
    assert sum(p["width"] for p in parts) == pytest.approx(1000, abs=0.1)
    assert tags.proofbar({})["parts"] == []


def test_tel_keeps_digits_and_plus():
    assert tags.tel("+7 (7132) 55-01-12") == "tel:+77132550112"


def test_icon_is_decoration_unless_it_has_a_name():
    assert 'aria-hidden="true"' in render("{% icon 'check' %}")
    assert 'aria-label="Done"' in render("{% icon 'check' 'Done' %}")


class Filter(forms.Form):
    q = forms.CharField(required=False, label="Search")
    kind = forms.MultipleChoiceField(required=False, choices=[("a", "Hospital"), ("b", "School")])


def chips(address: str) -> str:
    request = RequestFactory().get(address)
    return render("{% filter_chips form 3 %}", form=Filter(request.GET), request=request)


def test_chips_show_what_is_chosen_and_how_to_drop_it():
    html = chips("/x/?kind=a&kind=b&sort=name&page=4&q=abc")
    assert "Hospital, School" in html
    assert 'href="?sort=name&amp;q=abc"' in html, "dropping the filter keeps the rest, but not the page"
    assert '<input type="hidden" name="sort" value="name">' in html
    assert 'name="page"' not in html


def test_chips_without_filters():
    with translation.override("en"):
        html = chips("/x/")
    assert "any" in html
    assert "Show all" not in html
    assert "3 records" in html
