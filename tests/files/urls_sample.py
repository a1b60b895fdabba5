"""How the battery asks for files."""

from __future__ import annotations

from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province, make_person
from tirek.files import actions, uploads


def stored(province: Province) -> dict[str, Any]:
    """A file that no record holds: nobody finds it, whoever they are."""
    row = actions.store(None, b"a note", kind="document", name="note.txt", system="sample")
    return {"pk": row.pk, "name": row.name}


def upload(province: Province) -> dict[str, Any]:
    """Somebody else's upload."""
    state = uploads.begin(
        make_person("inspector"), client_id="one", size=6, sha256="0" * 64, name="note.txt", kind="document"
    )
    return {"pk": state.upload.pk}


SAMPLES = {
    "files:file": Sample(make=stored, answers={404}, scoped=False),
    "files:thumbnail": Sample(make=stored, answers={404}, scoped=False),
    "files:upload": Sample(make=upload, answers={404}, scoped=False),
}
