"""What the command line prints and returns."""

import pytest

from tirek.places.commands import import_boundaries, import_settlements, rebuild
from tirek.places.models import Area

pytestmark = pytest.mark.django_db


def test_the_command_line_says_what_it_does(districts, table):
    said = []
    assert import_boundaries(districts, dry_run=True, say=said.append) == 0
    assert said[-1] == "2 new, 0 changed, 0 unchanged, 0 left out (nothing was written)"
    assert not Area.objects.exists()
    assert import_boundaries(districts, say=said.append) == 0
    assert import_boundaries(districts, say=said.append) == 0
    assert said[-1] == "0 new, 0 changed, 2 unchanged, 0 left out"
    assert import_boundaries(districts, parent="nowhere", say=said.append) == 2
    path = table("name,lat,lon,population\nAyat,50.5,57.5,10\nFar,0,0,1\n")
    assert import_settlements(path, say=said.append) == 1
    assert said[-2].startswith("  row 2 Far: left out: Lies in no district")
    assert rebuild(say=said.append) == 0
    assert said[-1].startswith("2 areas covered")
    assert import_settlements(table(""), say=said.append) == 1
    assert said[-1] == "The file is empty."
