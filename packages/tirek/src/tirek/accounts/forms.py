"""Forms about people, roles and agencies."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tirek.accounts import log_in_names
from tirek.accounts.models import Agency, Person
from tirek.accounts.queries import holds_everywhere, reachable_areas
from tirek.accounts.roles import ROLE_CHOICES
from tirek.places.models import Area


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is filled with: what was sent, even if that is nothing; None when the page is only looked at."""
    return request.POST if request.method == "POST" else None


class AreaChoice(forms.ModelChoiceField):
    """Areas, indented by their place in the tree."""

    def label_from_instance(self, area: Area) -> str:
        return f"{'· ' * (area.path.count('/') - 1)}{area.name}"


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["full_name", "username", "position", "agency", "phone", "email", "language"]
        help_texts = {
            "full_name": _("As it should stand in the log: family name, given name."),
            "username": _("Short and without spaces; what the person types to sign in."),
        }

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.restrict(user, "view")
        self.fields["agency"].empty_label = _("none")

    def clean_username(self) -> str:
        name = log_in_names.plain(self.cleaned_data["username"])
        if any(character.isspace() for character in name):
            raise forms.ValidationError(_("A log-in name has no spaces."))
        if Person.objects.filter(username__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("This log-in name is taken. Choose another."))
        return name


class AssignmentForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=ROLE_CHOICES)
    area = AreaChoice(label=_("Area"), queryset=Area.objects.none(), required=False)
    agency = forms.ModelChoiceField(
        label=_("Only what belongs to this agency"),
        queryset=Agency.objects.none(),
        required=False,
        help_text=_(
            "Leave this empty for officers. It narrows the role to the agency's own facilities and what hangs on them."
        ),
    )
    until = forms.DateField(
        label=_("Until the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Empty: until it is withdrawn."),
    )

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        area.queryset = reachable_areas(user, "accounts.assign_role")
        everywhere = holds_everywhere(user, "accounts.assign_role")
        area.required = not everywhere
        area.empty_label = _("the whole province") if everywhere else None
        self.fields["agency"].queryset = Agency.objects.restrict(user, "view")
        self.fields["agency"].empty_label = _("no such limit")

    def clean_until(self) -> datetime | None:
        day = self.cleaned_data["until"]
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59))) if day else None


class WhyForm(forms.Form):
    """An act that wants a reason."""

    why = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class AgencyForm(forms.ModelForm):
    class Meta:
        model = Agency
        fields = ["name_kk", "name_ru", "name_en", "code", "area", "phone"]

    area = AreaChoice(label=_("Area"), queryset=Area.objects.none(), required=False)

    def __init__(self, *args: Any, user: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        verb = "accounts.change_agency" if self.instance.pk else "accounts.add_agency"
        self.fields["area"].queryset = reachable_areas(user, verb)
        everywhere = holds_everywhere(user, verb)
        self.fields["area"].required = not everywhere
        self.fields["area"].empty_label = _("the whole province") if everywhere else None

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not (cleaned.get("name_kk") or cleaned.get("name_ru")):
            raise forms.ValidationError(_("Write the name in Kazakh or in Russian, better in both."))
        return cleaned


class OwnSettingsForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["language", "theme"]
