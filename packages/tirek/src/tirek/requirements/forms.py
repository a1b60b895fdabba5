"""Forms of this app."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from tirek.facilities.models import FacilityType
from tirek.requirements.models import Point, Requirement, Standing
from tirek.requirements.standardfile import MAX_BYTES

ANY = ("", gettext_lazy("any"))


class FileForm(forms.Form):
    """A file of a standard."""

    file = forms.FileField(
        label=gettext_lazy("File of a standard (YAML)"), widget=forms.FileInput(attrs={"accept": ".yaml,.yml"})
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                _("The file is larger than 1 MB. A standard has no pictures and no scans: send its text.")
            )
        return bytes(file.read(MAX_BYTES + 1))


class EditionFilter(forms.Form):
    """Filters of the page of an edition; they stand in the address."""

    q = forms.CharField(
        required=False,
        max_length=100,
        label=gettext_lazy("Words or paragraph"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Words or paragraph"), "type": "search"}),
    )
    point = forms.MultipleChoiceField(
        required=False, choices=Point.choices, label=gettext_lazy("Protects"), widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(
        required=False,
        label=gettext_lazy("Mandatory"),
        choices=[ANY, ("mandatory", gettext_lazy("mandatory")), ("weighted", gettext_lazy("weighted only"))],
    )
    verify = forms.MultipleChoiceField(
        required=False,
        choices=Requirement.Verify.choices,
        label=gettext_lazy("Verified"),
        widget=forms.CheckboxSelectMultiple,
    )
    type = forms.ChoiceField(required=False, label=gettext_lazy("Type of facility"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        types = sorted((row.name, row.code) for row in FacilityType.objects.all())
        self.fields["type"].choices = [ANY, *((code, name) for name, code in types)]

    def keep(self, rows: list[Requirement]) -> list[Requirement]:
        """The requirements that fit. A filter that means nothing keeps all."""
        given = self.cleaned_data if self.is_valid() else {}
        words = given.get("q", "").lower().split()
        kind, code = given.get("kind"), given.get("type")
        return [
            row
            for row in rows
            if (not given.get("point") or row.point in given["point"])
            and (not kind or row.mandatory == (kind == "mandatory"))
            and (not given.get("verify") or row.verify in given["verify"])
            and (not code or code in row.applies.get("types", [code]))
            and all(
                word in f"{row.paragraph} {row.key} {row.text_kk} {row.text_ru} {row.text_en}".lower() for word in words
            )
        ]


class StateFilter(forms.Form):
    """How facilities stand on one requirement."""

    state = forms.ChoiceField(
        required=False, label=pgettext_lazy("standing", "State"), choices=[ANY, *Standing.State.choices]
    )


class DeclareForm(forms.Form):
    """What the facility says of one requirement."""

    state = forms.ChoiceField(
        label=gettext_lazy("The facility says"),
        widget=forms.RadioSelect,
        choices=[choice for choice in Standing.State.choices if choice[0] != Standing.State.UNKNOWN],
    )
    note = forms.CharField(
        required=False,
        max_length=300,
        label=gettext_lazy("What was done, or why it does not apply"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
