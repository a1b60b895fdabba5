"""Forms of this app."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.accounts.models import Agency
from tirek.flashpoints import rules
from tirek.flashpoints.models import Flashpoint, Measure
from tirek.places.models import Area

LONG = {"rows": 4}


class DaysForm(forms.Form):
    """For how long; never longer than the rules allow."""

    days = forms.IntegerField(
        label=gettext_lazy("For how many days"),
        min_value=1,
        max_value=rules.MOST_DAYS,
        initial=rules.DEFAULT_DAYS,
        help_text=gettext_lazy("It ends by itself. 90 days at most."),
    )


class SignForm(DaysForm):
    reasons = forms.CharField(
        label=gettext_lazy("Reasons"),
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        help_text=gettext_lazy(
            "What you know besides the numbers, and what protection is meant. Whoever sees it can object. No names of people."
        ),
    )
    field_order = ["reasons", "days"]


class RenewForm(DaysForm):
    reason = forms.CharField(
        label=gettext_lazy("Why it should stand longer"), max_length=2000, widget=forms.Textarea(attrs=LONG)
    )
    field_order = ["reason", "days"]


class WhyForm(forms.Form):
    why = forms.CharField(label=gettext_lazy("Why"), max_length=2000, widget=forms.Textarea(attrs=LONG))


class ObjectForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("What is wrong"),
        max_length=4000,
        widget=forms.Textarea(attrs=LONG),
        help_text=gettext_lazy("Another person answers. If you are right, the flash-point ends."),
    )


class AnswerForm(forms.Form):
    upheld = forms.TypedChoiceField(
        label=gettext_lazy("The objection"),
        choices=[
            ("no", gettext_lazy("is not right: the flash-point stands")),
            ("yes", gettext_lazy("is right: the flash-point ends today")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=gettext_lazy("Answer"), max_length=4000, widget=forms.Textarea(attrs=LONG))


class MeasureForm(forms.ModelForm):
    """A measure of prevention: what, whose, by when."""

    class Meta:
        model = Measure
        fields = ("kind", "text", "agency", "due_on")
        widgets = {
            "text": forms.Textarea(attrs=LONG),
            "due_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        help_texts = {"text": gettext_lazy("Where, with whom, what for. No names of people.")}

    def __init__(self, *args: Any, area: Area, flashpoint: Flashpoint | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.area, self.flashpoint = area, flashpoint
        agency = self.fields["agency"]
        assert isinstance(agency, forms.ModelChoiceField)
        agency.queryset = Agency.objects.order_by("code")
        if not self.instance.pk:
            self.initial.setdefault("due_on", timezone.localdate() + timedelta(days=14))

    def clean_due_on(self) -> Any:
        day = self.cleaned_data["due_on"]
        if "due_on" in self.changed_data and day < timezone.localdate() and not self.instance.pk:
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return day

    @property
    def values(self) -> dict[str, Any]:
        """What the act takes."""
        return {
            **{name: self.cleaned_data[name] for name in self.Meta.fields},
            "area": self.area,
            "flashpoint": self.flashpoint,
        }


class CloseForm(forms.Form):
    done = forms.TypedChoiceField(
        label=gettext_lazy("The measure"),
        choices=[("yes", gettext_lazy("is done")), ("no", gettext_lazy("is dropped"))],
        coerce=lambda value: value == "yes",
        initial="yes",
        widget=forms.RadioSelect,
    )
    outcome = forms.CharField(
        label=gettext_lazy("What was done, or why it is dropped"), max_length=4000, widget=forms.Textarea(attrs=LONG)
    )
