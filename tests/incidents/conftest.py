"""What the tests of incidents share."""

from __future__ import annotations

import pytest

from tirek.jobs.running import run_waiting
from tirek.sheets import actions
from tirek.sheets.models import Import
from tirek.sheets.registry import sheet_of


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def analyst(person, small_province):
    return person("analyst")


@pytest.fixture
def bring(analyst):
    """Factory: bring a file and let it be read; the import as it is then."""

    def make(content, key="incidents", name="table.csv", user=None):
        if isinstance(content, str):
            content = content.encode()
        found = actions.bring(user or analyst, sheet_of(key), content, name)
        run_waiting()
        return Import.objects.get(pk=found.pk)

    return make


@pytest.fixture
def write(analyst):
    """Factory: write what was read, and do what follows."""

    def make(found, user=None, **options):
        actions.write(user or analyst, found.pk, **options)
        run_waiting()
        return Import.objects.get(pk=found.pk)

    return make
