"""Forms of this app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tirek.files.forms import StoredFileInput
from tirek.sheets.registry import Sheet
from tirek.ui.templatetags.tirek import number


class BringForm(forms.Form):
    """The file. What is in it is looked at when it is kept."""

    file = forms.FileField(label=_("File"), widget=StoredFileInput("sheet"))

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = number(sheet.most_rows)
        self.fields["file"].help_text = ngettext(
            "XLSX or CSV, at most %(most)s row", "XLSX or CSV, at most %(most)s rows", sheet.most_rows
        ) % {"most": most}


class ColumnsForm(forms.Form):
    """Which heading of the file fills which column."""

    def __init__(self, *args: Any, sheet: Sheet, headings: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "—"), *((str(i), heading or f"({i + 1})") for i, heading in enumerate(headings))]
        required = sheet.required()
        for column in sheet.columns:
            self.fields[column.key] = forms.ChoiceField(
                label=capfirst(str(column.title)), choices=choices, required=column in required
            )

    def columns(self) -> dict[str, int]:
        """Positions by column; call after `is_valid()`."""
        return {key: int(place) for key, place in self.cleaned_data.items() if place}
