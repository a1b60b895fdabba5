"""Forms of rounds, visits and findings."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.accounts.models import Agency, Person
from tirek.facilities.models import Facility, FacilityType
from tirek.inspections import draw, queries
from tirek.inspections.models import Finding, Inspection, Round
from tirek.places.fields import AreaField
from tirek.places.models import Area
from tirek.places.queries import areas
from tirek.requirements.models import Requirement

DAY = {"type": "date"}


class DateInput(forms.DateInput):
    def __init__(self) -> None:
        super().__init__(attrs=DAY, format="%Y-%m-%d")


class RoundForm(forms.Form):
    """A round: where, which facilities, by which rule, from when to when."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    rule = forms.ChoiceField(label=gettext_lazy("Rule"), choices=Round.Rule.choices, initial=Round.Rule.DUE)
    area = AreaField(label=gettext_lazy("Area"), queryset=Area.objects.none())
    facilities = forms.ModelMultipleChoiceField(
        label=gettext_lazy("The facilities"),
        queryset=Facility.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    agency = forms.ModelChoiceField(
        label=gettext_lazy("Only facilities of the agency"), queryset=Agency.objects.all(), required=False
    )
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DateInput())
    ends_on = forms.DateField(label=gettext_lazy("Until"), widget=DateInput())
    types = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Only these types"),
        queryset=FacilityType.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    categories = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only these categories"),
        choices=Facility._meta.get_field("category").choices,
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    older_than_days = forms.IntegerField(
        label=gettext_lazy("Not visited for how many days"),
        min_value=1,
        max_value=3650,
        initial=draw.DUE_DAYS,
        help_text=gettext_lazy("For the rule “those not visited for a year”."),
    )
    share = forms.IntegerField(
        label=gettext_lazy("Random share, percent"),
        min_value=1,
        max_value=100,
        initial=10,
        help_text=gettext_lazy("For the rule “a random share”. The server draws; the draw can be repeated by anybody."),
    )
    announced = forms.BooleanField(
        label=gettext_lazy("The facilities are told beforehand"), required=False, initial=True
    )
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, user: Any, round: Round | None = None, **kwargs: Any) -> None:
        if round is not None:
            kwargs["initial"] = {name: getattr(round, name) for name in ("name", "rule", "area", "agency", "reason")}
            kwargs["initial"] |= {"starts_on": round.starts_on, "ends_on": round.ends_on, "announced": round.announced}
            kwargs["initial"] |= {k: v for k, v in round.options.items() if k in self.base_fields}
        super().__init__(*args, **kwargs)
        self.round = round
        area = self.fields["area"]
        assert isinstance(area, forms.ModelChoiceField)
        area.queryset = areas(user).exclude(kind=Area.Kind.SETTLEMENT)
        self._offer(user)

    def _offer(self, user: Any) -> None:
        """Only those chosen before stand here: the register is where one finds and ticks them."""
        chosen = self.fields["facilities"]
        assert isinstance(chosen, forms.ModelMultipleChoiceField)
        given = self.data.getlist("facilities") if self.is_bound else self.get_initial_for_field(chosen, "facilities")
        ids = {int(one) for one in given or () if str(one).isdigit()}
        if self.round is not None:
            ids |= set(self.round.options.get("facilities", ()))
        if not ids:
            del self.fields["facilities"]
            return
        seen = Facility.objects.restrict(user, "view").filter(pk__in=ids, state=Facility.State.LISTED)
        chosen.queryset = seen.select_related("area").defer("area__boundary").order_by("code")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("rule") == Round.Rule.CHOSEN and not data.get("facilities"):
            where = _("Choose them in the register: tick the rows, then “Plan a round”.")
            self.add_error("rule", f"{_('No facility is chosen.')} {where}")
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", _("The end lies before the beginning."))
        return data

    def fields_of_round(self) -> dict[str, Any]:
        """What the act takes."""
        data = self.cleaned_data
        options = {"older_than_days": data["older_than_days"], "share": data["share"]}
        options |= {"types": [row.pk for row in data["types"]], "categories": data["categories"]}
        if data["rule"] == Round.Rule.CHOSEN:
            options["facilities"] = [row.pk for row in data["facilities"]]
        plain = ("name", "rule", "area", "agency", "starts_on", "ends_on", "announced", "reason")
        return {name: data[name] for name in plain} | {"options": options}


class PeopleField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


def _people(rows: list[Person]) -> Any:
    return Person.objects.filter(pk__in=[person.pk for person in rows]).order_by("full_name")


class AssignRoundForm(forms.Form):
    inspectors = PeopleField(label=gettext_lazy("Inspectors"), queryset=Person.objects.none())
    how = forms.ChoiceField(
        label=gettext_lazy("How"),
        choices=[
            ("area", gettext_lazy("whole districts together")),
            ("evenly", gettext_lazy("evenly, visit by visit")),
        ],
        widget=forms.RadioSelect,
        initial="area",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inspectors"].queryset = _people(queries.inspectors())


class RoutesForm(forms.Form):
    """From when on, how many days, and what a day of work looks like."""

    first = forms.DateField(label=gettext_lazy("First day"), widget=DateInput())
    days = forms.IntegerField(label=gettext_lazy("How many days"), min_value=1, max_value=60, initial=5)
    begin = forms.TimeField(
        label=gettext_lazy("Day begins"), initial=time(9), widget=forms.TimeInput(attrs={"type": "time"})
    )
    end = forms.TimeField(
        label=gettext_lazy("Day ends"), initial=time(18), widget=forms.TimeInput(attrs={"type": "time"})
    )
    minutes = forms.IntegerField(label=gettext_lazy("Minutes for a visit"), min_value=5, max_value=480, initial=60)
    most = forms.IntegerField(label=gettext_lazy("Visits a day, at most"), min_value=1, max_value=30, initial=6)
    weekends = forms.BooleanField(label=gettext_lazy("Also on Saturdays and Sundays"), required=False)

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < timezone.localdate():
            raise forms.ValidationError(_("This day is over. Choose today or a later day."))
        return first

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("begin") and data.get("end") and data["end"] <= data["begin"]:
            self.add_error("end", _("The day ends before it begins."))
        return data


class PlanForm(forms.Form):
    """A visit to one facility."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"),
        choices=[choice for choice in Inspection.Kind.choices if choice[0] != Inspection.Kind.AGAIN],
    )
    on = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DateInput())
    inspector = forms.ModelChoiceField(label=gettext_lazy("Inspector"), queryset=Person.objects.none(), required=False)
    reason = forms.CharField(label=gettext_lazy("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, people: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["inspector"].queryset = _people(people)


class RecheckForm(forms.Form):
    """A re-inspection of open findings."""

    findings = forms.ModelMultipleChoiceField(
        label=gettext_lazy("What to look at"), queryset=Finding.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    on = forms.DateField(label=gettext_lazy("Day"), widget=DateInput())
    inspector = forms.ModelChoiceField(label=gettext_lazy("Inspector"), queryset=Person.objects.none(), required=False)

    def __init__(self, *args: Any, people: list[Person], findings: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["findings"].queryset = findings
        self.fields["findings"].label_from_instance = lambda row: f"{row.requirement.paragraph} · {row.title}"
        self.fields["inspector"].queryset = _people(people)


class AssignForm(forms.Form):
    """Who goes, with whom, when."""

    inspector = forms.ModelChoiceField(label=gettext_lazy("Inspector"), queryset=Person.objects.none(), required=False)
    companions = PeopleField(label=gettext_lazy("Accompanied by"), queryset=Person.objects.none(), required=False)
    on = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DateInput())
    at = forms.TimeField(
        label=gettext_lazy("Arrival"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    order = forms.IntegerField(
        label=gettext_lazy("Place in the day's route"), required=False, min_value=1, max_value=99
    )

    def __init__(self, *args: Any, visit: Inspection, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "inspector": visit.inspector_id,
            "companions": list(visit.companions.values_list("pk", flat=True)),
            "on": visit.planned_on,
            "at": visit.planned_at,
            "order": visit.planned_order,
        }
        super().__init__(*args, **kwargs)
        people = _people(queries.inspectors([visit.facility]))
        self.fields["inspector"].queryset = people
        self.fields["companions"].queryset = people


class AnswerForm(forms.Form):
    """One answer on the desk page."""

    requirement = forms.ModelChoiceField(queryset=Requirement.objects.all(), widget=forms.HiddenInput)
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    state = forms.ChoiceField(choices=[("met", ""), ("unmet", ""), ("na", ""), ("unknown", "")])
    severity = forms.ChoiceField(choices=[("", ""), *Requirement.Severity.choices], required=False)
    note = forms.CharField(max_length=5000, required=False)
    place = forms.CharField(max_length=160, required=False)
    building = forms.IntegerField(required=False)


class HandInForm(forms.Form):
    """The end of a visit that was filled in at the desk."""

    representative = forms.CharField(
        label=gettext_lazy("Representative of the facility"), max_length=160, required=False
    )
    representative_position = forms.CharField(label=gettext_lazy("Position"), max_length=160, required=False)
    signature_refused = forms.CharField(
        label=gettext_lazy("Why there is no signature"),
        max_length=300,
        help_text=gettext_lazy("At the desk nobody can sign. On the phone the representative signs with a finger."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
