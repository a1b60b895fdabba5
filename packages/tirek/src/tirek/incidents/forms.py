"""Forms of this app."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.facilities.models import Facility
from tirek.incidents import rules
from tirek.incidents.intervals import days_of, middle
from tirek.incidents.models import LONGEST_TEXT, SEVERITIES, Facts, Incident, Kind
from tirek.incidents.placing import Tree, find, why_nowhere
from tirek.places.fields import AreaField, DegreesField
from tirek.places.models import Area
from tirek.places.queries import areas

When, Where = Facts.When, Facts.Where
WHY = forms.TextInput(attrs={"maxlength": 300})


class ByGroup(ModelChoiceIterator):
    """Kinds under the names of their groups."""

    def __iter__(self) -> Any:
        yield ("", self.field.empty_label)
        rows = list(self.queryset)
        for group, label in Kind.Group.choices:
            if chosen := [self.choice(row) for row in rows if row.group == group]:
                yield (label, chosen)


class KindField(forms.ModelChoiceField):
    iterator = ByGroup


class IncidentForm(forms.Form):
    """Writing an incident down, and putting it right. `facts` are the fields of `Facts` once the form is valid.

    A place is given by a point, an area or a facility; `where_precision` says how exactly it is known. `swapped` is (lat, lon) the
    other way round when that would lie here and what was given does not.
    """

    kind = KindField(Kind.objects.none(), label=gettext_lazy("Kind"))
    severity = forms.TypedChoiceField(
        label=gettext_lazy("Severity"), choices=[("", gettext_lazy("as usual for this kind")), *SEVERITIES], coerce=int,
        empty_value=None, required=False,
    )  # fmt: skip
    when_precision = forms.ChoiceField(
        label=gettext_lazy("How exactly the time is known"),
        choices=When.choices,
        widget=forms.RadioSelect,
        initial=When.HOUR,
    )
    day = forms.DateField(
        label=gettext_lazy("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("For a week, a month or a year: any day in it."),
    )  # fmt: skip
    hour = forms.TimeField(
        label=gettext_lazy("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    where_precision = forms.ChoiceField(
        label=gettext_lazy("How exactly the place is known"),
        choices=Where.choices,
        widget=forms.RadioSelect,
        initial=Where.POINT,
    )
    area = AreaField(
        Area.objects.none(), label=gettext_lazy("Settlement or district"), required=False,
        help_text=gettext_lazy("Where a point is shown, it is found by itself."),
    )  # fmt: skip
    facility = forms.CharField(label=gettext_lazy("Code of the facility"), max_length=30, required=False)
    lat = DegreesField(label=gettext_lazy("Latitude"), required=False)
    lon = DegreesField(label=gettext_lazy("Longitude"), required=False)
    uncertainty_m = forms.IntegerField(
        label=gettext_lazy("Give or take, m"), required=False, min_value=0, max_value=200_000
    )
    place = forms.CharField(
        label=gettext_lazy("Where, in words"), max_length=200, required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("a street, a market, a road")}),
    )  # fmt: skip
    discovery_mode = forms.ChoiceField(
        label=gettext_lazy("How it came to light"), choices=Facts.Mode.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy("Forecasts count only what residents report: what officers find depends on where they look."),
    )  # fmt: skip
    source_kind = forms.ChoiceField(
        label=gettext_lazy("Source"), choices=Facts.Source.choices, initial=Facts.Source.CALL
    )
    source_ref = forms.CharField(label=gettext_lazy("Number or address at the source"), max_length=300, required=False)
    dead = forms.IntegerField(label=gettext_lazy("Dead"), required=False, min_value=0, max_value=100_000)
    injured = forms.IntegerField(label=gettext_lazy("Injured"), required=False, min_value=0, max_value=100_000)
    description = forms.CharField(
        label=gettext_lazy("What happened"), required=False, max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Facts only, briefly. No names, numbers of documents, phones or other data of people."),
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("What the correction rests on"), max_length=300, required=False, widget=WHY
    )

    def __init__(self, *args: Any, user: Any, incident: Incident | None = None, **kwargs: Any) -> None:
        self.user, self.incident = user, incident
        if incident is not None:
            kwargs["initial"] = initial_of(incident) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        kinds = Kind.objects.filter(is_active=True)
        if incident is not None:
            kinds = kinds | Kind.objects.filter(pk=incident.kind_id)
            self.fields["why"].required = True
        else:
            del self.fields["why"]
        self.fields["kind"].queryset = kinds
        self.fields["area"].queryset = areas(user)
        self.swapped: tuple[float, float] | None = None
        self.facts: dict[str, Any] = {}
        self.tree = Tree()

    @property
    def groups(self) -> list[tuple[str, str, list[Any]]]:
        """(key, title, fields) as the page groups them."""
        why = ["why"] if self.incident is not None else []
        named = (
            ("what", _("What happened"), ["kind", "severity", "description", "dead", "injured"]),
            ("when", _("When"), ["when_precision", "day", "hour"]),
            ("where", _("Where"), ["where_precision", "area", "facility", "lat", "lon", "uncertainty_m", "place"]),
            ("source", _("How it is known"), ["discovery_mode", "source_kind", "source_ref", *why]),
        )
        return [(key, title, [self[name] for name in names]) for key, title, names in named]

    def clean_facility(self) -> Facility | None:
        code = self.cleaned_data["facility"].strip()
        if not code:
            return None
        rows = Facility.objects.restrict(self.user, "view").select_related("area").defer("area__boundary")
        found: Facility | None = rows.filter(code__iexact=code).first()
        if found is None:
            raise forms.ValidationError(_("No facility has this code."))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if {"kind", "day", "when_precision", "where_precision", "discovery_mode"} <= data.keys():
            self._place(data)
            if not self.errors:
                self.facts = self._facts(data)
                for field, sentence in rules.problems(Incident(**self.facts)):
                    self.add_error({"first_day": "day", "last_day": "day"}.get(field, field), sentence)
        return data

    def _place(self, data: dict[str, Any]) -> None:
        """Bring point, area and precision together."""
        where, facility, area = data["where_precision"], data.get("facility"), data.get("area")
        lat, lon = data.get("lat"), data.get("lon")
        if (lat is None) != (lon is None):
            self.add_error("lat", _("Give both latitude and longitude, or neither."))
            return
        if facility is not None and lat is None and where == Where.POINT:
            lat, lon = facility.lat, facility.lon
        if lat is not None and lon is not None:
            found = find([(lat, lon)])[0]
            if found.area is None:
                self.swapped = (lon, lat) if found.is_swapped else None
                self.add_error("lat", why_nowhere(lat, lon, found))
                return
            area = self.tree.areas[found.area.pk]
        elif area is None and facility is not None:
            area = facility.area
        if area is None:
            self.add_error(
                "where_precision", _("Say where it was: show it on the map, or choose an area or a facility.")
            )
            return
        area = self.tree.above(self.tree.areas[area.pk], where)
        if where == Where.POINT and lat is None:
            self.add_error("lat", _("Show the very place, or choose how exactly it is known."))
        elif where == Where.SETTLEMENT and area.kind != Area.Kind.SETTLEMENT and lat is None:
            self.add_error("area", _("Choose a settlement, or say that only the district is known."))
        elif where == Where.DISTRICT and area.kind != Area.Kind.DISTRICT:
            self.add_error("area", _("Choose a district, or say that only the region is known."))
        if where in (Where.DISTRICT, Where.REGION):
            lat = lon = data["uncertainty_m"] = None
        data |= {"area": area, "lat": lat, "lon": lon}

    def _facts(self, data: dict[str, Any]) -> dict[str, Any]:
        first, last, at, precision = self._time(data)
        same = ("kind", "where_precision", "area", "lat", "lon", "uncertainty_m", "place", "discovery_mode", "source_kind",
                "source_ref", "dead", "injured", "facility")  # fmt: skip
        return {name: data.get(name) for name in same} | {
            "severity": data.get("severity") or data["kind"].severity,
            "description": " ".join(data.get("description", "").split()),
            "first_day": first,
            "last_day": last,
            "at": at,
            "when_precision": precision,
        }

    def _time(self, data: dict[str, Any]) -> tuple[date, date, Any, str]:
        """First and last day, the moment and the precision. What was not touched stays as it was, however odd its span."""
        precision, day, hour = data["when_precision"], data["day"], data.get("hour")
        known = self.incident
        if known is not None and not {"when_precision", "day", "hour"} & set(self.changed_data):
            return known.first_day, known.last_day, known.at, known.when_precision
        if precision == When.HOUR and hour is None:
            precision = When.DAY
        if precision == When.HOUR:
            moment = timezone.make_aware(datetime.combine(day, hour or time()))
            return day, day, moment, precision
        return *days_of(day, precision), None, precision


def initial_of(incident: Incident) -> dict[str, Any]:
    """What the form begins with for an incident that is there."""
    names = ("severity", "when_precision", "where_precision", "lat", "lon", "uncertainty_m", "place", "discovery_mode",
             "source_kind", "source_ref", "dead", "injured", "description")  # fmt: skip
    local = timezone.localtime(incident.at) if incident.at else None
    return {name: getattr(incident, name) for name in names} | {
        "kind": incident.kind_id,
        "area": incident.area_id,
        "facility": incident.facility.code if incident.facility else "",
        "day": middle(incident.first_day, incident.last_day),
        "hour": local.time().replace(second=0, microsecond=0) if local else None,
    }


class WhyForm(forms.Form):
    """What an act rests on."""

    why = forms.CharField(label=gettext_lazy("What this rests on"), max_length=300, widget=WHY)

    def __init__(self, *args: Any, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class MergeForm(WhyForm):
    """The other incident, by its number."""

    into = forms.CharField(label=gettext_lazy("Number of the other incident, which stays"), max_length=60)
    field_order = ("into", "why")

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_into(self) -> Incident:
        found = (
            Incident.objects.restrict(self.user, "merge").filter(code__iexact=self.cleaned_data["into"].strip()).first()
        )
        if found is None:
            raise forms.ValidationError(_("No incident has this number."))
        return found


class MonthField(forms.CharField):
    """A month as the browser sends it ("2026-03"); cleans to an integer."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-03"})

    def to_python(self, value: Any) -> int | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            year, month = (int(part) for part in text.split("-")[:2])
            first = date(year, month, 1)
        except ValueError:
            raise forms.ValidationError(_("Write the month like this: 2026-03.")) from None
        return first.year * 12 + first.month - 1

    def validate(self, value: Any) -> None:
        if self.required and value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        return None


class SilenceForm(forms.Form):
    """Months of which nothing reached the register."""

    area = AreaField(Area.objects.none(), label=gettext_lazy("Area"))
    first_month = MonthField(label=gettext_lazy("First month"))
    last_month = MonthField(
        label=gettext_lazy("Last month"), required=False, help_text=gettext_lazy("Empty: it goes on.")
    )
    why = forms.CharField(label=gettext_lazy("Why nothing came"), max_length=300, widget=WHY)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas(user)


class KindForm(forms.ModelForm):
    class Meta:
        model = Kind
        fields = ["code", "group", "name_kk", "name_ru", "name_en", "severity", "order", "is_active"]
        labels = {"order": gettext_lazy("Order in the list")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["code"].disabled = True
