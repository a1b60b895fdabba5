"""What the tests of tables share."""

from __future__ import annotations

import io

import openpyxl
import pytest

from tirek.accounts.sheets import AgencySheet
from tirek.jobs.running import run_waiting
from tirek.sheets import actions
from tirek.sheets.models import Import


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _english(english):
    """Sentences in English."""


@pytest.fixture
def admin(person, small_province):
    return person("administrator")


@pytest.fixture
def bring(admin):
    """Factory: bring a file and let it be read; the import as it is then."""

    def make(content, name="agencies.csv", user=None):
        found = actions.bring(user or admin, AgencySheet(), content, name)
        run_waiting()
        return Import.objects.get(pk=found.pk)

    return make


@pytest.fixture
def write(admin):
    """Factory: write what was read."""

    def make(found, user=None, **options):
        actions.write(user or admin, found.pk, **options)
        run_waiting()
        return Import.objects.get(pk=found.pk)

    return make


def xlsx(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read_xlsx(response):
    content = b"".join(response.streaming_content)
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)]
