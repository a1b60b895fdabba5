"""Forms of this app."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.facilities.models import Contact
from tirek.files.forms import MultipleStoredFilesField, StoredFileField
from tirek.inspections.models import Finding
from tirek.notices import rules
from tirek.notices.actions.issuing import Demand
from tirek.notices.models import Line, Notice


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class WordsForm(forms.Form):
    """The opening words of a notice; empty ones are the usual ones."""

    intro_kk = forms.CharField(
        label=_("Opening words in Kazakh"), required=False, widget=forms.Textarea(attrs={"rows": 2, "lang": "kk"})
    )
    intro_ru = forms.CharField(
        label=_("Opening words in Russian"), required=False, widget=forms.Textarea(attrs={"rows": 2, "lang": "ru"})
    )


class DemandForm(forms.Form):
    """One finding: whether it goes into the notice, what is demanded, and until when."""

    chosen = forms.BooleanField(label=_("Demand"), required=False)
    due_on = forms.DateField(label=_("Until"), widget=date_input())
    kk = forms.CharField(
        label=_("Demand in Kazakh"), required=False, widget=forms.Textarea(attrs={"rows": 3, "lang": "kk"})
    )
    ru = forms.CharField(
        label=_("Demand in Russian"), required=False, widget=forms.Textarea(attrs={"rows": 3, "lang": "ru"})
    )

    def __init__(self, data: Any = None, *, finding: Finding, line: Line | None = None) -> None:
        requirement = finding.requirement
        term = timezone.localdate() + timedelta(days=requirement.deadline_days or rules.USUAL_TERM_DAYS)
        initial = {
            "chosen": line is not None or data is None,
            "due_on": line.due_on if line else term,
            "kk": line.demand_kk if line else requirement.text_in("kk"),
            "ru": line.demand_ru if line else requirement.text_in("ru"),
        }
        super().__init__(data, prefix=f"f{finding.pk}", initial=initial)
        self.finding = finding

    def clean_due_on(self) -> date:
        due: date = self.cleaned_data["due_on"]
        today = timezone.localdate()
        if self.data.get(self.add_prefix("chosen")) and due <= today:
            raise forms.ValidationError(_("Give a date after today."))
        if (due - today).days > rules.LONGEST_TERM_DAYS:
            raise forms.ValidationError(_("This is more than a year away. Check the year."))
        return due

    @property
    def demand(self) -> Demand | None:
        data = self.cleaned_data
        if not data["chosen"]:
            return None
        return Demand(self.finding.pk, data["due_on"], data["kk"], data["ru"])


class ServeForm(forms.Form):
    """How a notice is served."""

    method = forms.ChoiceField(label=_("How"), choices=Notice.Method.choices, widget=forms.RadioSelect)
    contact = forms.ModelChoiceField(
        label=_("Contact with an account"), queryset=Contact.objects.none(), required=False
    )
    to = forms.CharField(label=_("Person served"), max_length=160, required=False)
    position = forms.CharField(label=_("Position"), max_length=160, required=False)
    at = forms.DateTimeField(
        label=_("When"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
    )
    proof = StoredFileField(
        kind="document",
        label=pgettext_lazy("service of a notice", "Proof"),
        required=False,
        help_text=_("The signed copy, or the receipt of the post: a photo or a PDF."),
    )

    def __init__(self, data: Any = None, files: Any = None, *, notice: Notice) -> None:
        contacts = notice.facility.contacts.exclude(person=None)
        super().__init__(
            data, files, initial={"method": "portal" if contacts.exists() else "hand", "at": timezone.now()}
        )
        self.fields["contact"].queryset = contacts
        self.fields["contact"].initial = contacts.first()


class ReplyForm(forms.Form):
    """The facility's answer."""

    text = forms.CharField(label=_("What was done"), widget=forms.Textarea(attrs={"rows": 4}))
    photos = MultipleStoredFilesField(kind="photo", label=_("Photos"), required=False)
    papers = MultipleStoredFilesField(kind="document", label=_("Documents"), required=False)
    all_done = forms.BooleanField(label=_("Everything is put right; it can be verified"), required=False)


class TimeForm(forms.Form):
    """A wish for more time."""

    until = forms.DateField(label=_("New term"), widget=date_input())
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}))


class DecideForm(forms.Form):
    """The decision on a wish for more time."""

    until = forms.DateField(label=_("New term"), widget=date_input(), required=False)
    why = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}))


class WithdrawForm(forms.Form):
    why = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2}))
