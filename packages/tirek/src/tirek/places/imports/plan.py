"""What an import would do, row by row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from tirek.places.models import Area


class Deed(models.TextChoices):
    """What happens to a row."""

    ADD = "add", _("will be added")
    CHANGE = "change", _("will be changed")
    SAME = "same", _("stays as it is")
    SKIP = "skip", _("left out")


@dataclass(slots=True)
class Row:
    """One row of the file. `values` are fields of Area; `errors` keep it out, `remarks` do not."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    area: Area | None = None
    """The area that is already there."""
    parent: Area | Row | None = None
    """Where it goes in the tree: an area, or a row of the same file that comes before it."""
    deed: Deed = Deed.SKIP
    changes: dict[str, Any] = field(default_factory=dict)
    """The fields that differ from the area that is there."""

    @property
    def name(self) -> str:
        """The name in the reader's language, or the nearest that the file has."""
        return Area(**{key: value for key, value in self.values.items() if key.startswith("name_")}).name

    @property
    def parent_name(self) -> str:
        return self.parent.name if self.parent is not None else ""


@dataclass(slots=True)
class Plan:
    """What an import of one file would do."""

    file: str
    sha256: str
    columns: list[str]
    fields: dict[str, str]
    """Which column of the file fills which field of Area."""
    rows: list[Row]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are added, changed, unchanged and left out."""
        found = Counter(row.deed for row in self.rows)
        return {deed.value: found[deed] for deed in Deed}

    @property
    def writes(self) -> bool:
        """Whether anything would be written."""
        return any(row.deed in (Deed.ADD, Deed.CHANGE) for row in self.rows)

    @property
    def errors(self) -> list[tuple[int, str]]:
        """Row number and sentence of everything that keeps a row out."""
        return [(row.number, error) for row in self.rows for error in row.errors]
