from datetime import timedelta

import pytest

from tests.notices.making import make_served
from tirek.notices import paper
from tirek.notices.models import Notice
from tirek.ui.paper import digest

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def notice(small_province):
    return make_served(small_province.facilities[0])


def test_says_everything_in_kazakh_and_russian(notice):
    kk, ru = paper.content(notice)["parts"]
    assert kk["facts"][0][1] == "Hospital kk"
    assert ru["facts"][0][1] == "Hospital ru"
    assert [line["demand"] for line in kk["lines"]] == ["Қақпа жабық болсын"] * 2
    assert ru["lines"][0]["source"].startswith("Приказ № 1, p. ")
    assert kk["title"] != ru["title"]
    assert notice.number in ru["number"]


def test_is_a_document(notice):
    made = paper.notice_pdf(notice, "https://tirek.example/notices/1/")
    assert made.startswith(b"%PDF")
    assert len(made) > 10_000


def test_what_was_issued_stays_what_it_was(notice):
    before = digest(notice.content)
    assert before == notice.content_sha256
    notice.lines.update(demand_ru="Закрыть", due_on=notice.due_on + timedelta(days=9))
    later = Notice.objects.get(pk=notice.pk)
    assert digest(paper.content(later)) != before
    assert digest(later.content) == before
