"""Forms of this app."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tirek.alarms.actions import ZoneLine
from tirek.alarms.actions.panel import Words, words_of
from tirek.alarms.models import Alarm, Kind, Panel, Zone
from tirek.alarms.queries.panels import places_for_panels
from tirek.alarms.receiver.keys import BadKey, read_hex
from tirek.facilities.models import Facility

MAX_ZONES = 256
#: Longest name and place of a zone in one language.
NAME_SIZE, PLACE_SIZE = 120, 160


class HistoryFilter(forms.Form):
    """Filters of the history, kept in the address."""

    q = forms.CharField(
        required=False,
        max_length=80,
        label=gettext_lazy("facility"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Facility")}),
    )
    kind = forms.MultipleChoiceField(
        required=False, choices=Kind.choices, label=gettext_lazy("kind"), widget=forms.CheckboxSelectMultiple
    )
    state = forms.MultipleChoiceField(
        required=False, choices=Alarm.State.choices, label=gettext_lazy("state"), widget=forms.CheckboxSelectMultiple
    )
    outcome = forms.MultipleChoiceField(
        required=False,
        choices=Alarm.Outcome.choices,
        label=gettext_lazy("outcome"),
        widget=forms.CheckboxSelectMultiple,
    )

    def chosen(self) -> dict[str, Any]:
        """What was chosen and makes sense; the rest is left out."""
        return _chosen(self)


class PeriodFilter(forms.Form):
    """Days of the history, both ends included."""

    since = forms.DateField(
        required=False, label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        required=False, label=gettext_lazy("Until"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def chosen(self) -> dict[str, Any]:
        return _chosen(self)


def _chosen(form: forms.Form) -> dict[str, Any]:
    form.is_valid()
    return {name: value for name, value in getattr(form, "cleaned_data", {}).items() if value}


class PanelFilter(forms.Form):
    """Filters of the list of panels."""

    STATES = (
        ("silent", gettext_lazy("does not answer")),
        ("never", gettext_lazy("never heard")),
        ("test", gettext_lazy("under test")),
        ("plain", gettext_lazy("not encrypted")),
    )
    q = forms.CharField(
        required=False,
        max_length=80,
        label=gettext_lazy("account or facility"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Account or facility")}),
    )
    state = forms.ChoiceField(required=False, choices=STATES, label=gettext_lazy("state"), widget=forms.RadioSelect)

    def narrow(self, rows: QuerySet[Panel]) -> QuerySet[Panel]:
        """Keep the rows that fit."""
        self.is_valid()
        chosen = getattr(self, "cleaned_data", {})
        if text := chosen.get("q"):
            names = Q(account__icontains=text) | Q(name__icontains=text)
            for language in ("kk", "ru", "en"):
                names |= Q(**{f"facility__name_{language}__icontains": text})
            rows = rows.filter(names)
        conditions = {
            "silent": Q(silent_since__isnull=False),
            "never": Q(last_seen=None),
            "test": Q(test_until__gt=timezone.now()),
            "plain": Q(key=None),
        }
        if condition := conditions.get(chosen.get("state", "")):
            rows = rows.filter(condition)
        return rows


class PanelForm(forms.Form):
    """A panel. The key goes in and never comes out: an empty field leaves it as it is."""

    facility = forms.ModelChoiceField(queryset=Facility.objects.none(), label=gettext_lazy("Facility"))
    account = forms.RegexField(
        r"^[0-9A-Za-z]{1,16}$",
        label=gettext_lazy("Account"),
        help_text=gettext_lazy("As it stands in the panel, with leading zeros: 1 to 16 letters or digits."),
        error_messages={"invalid": gettext_lazy("An account is 1 to 16 letters or digits.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(required=False, max_length=120, label=gettext_lazy("Name"))
    prefix = forms.RegexField(
        r"^[0-9A-Fa-f]{0,6}$",
        required=False,
        label=gettext_lazy("Line prefix"),
        help_text=gettext_lazy("Only where several panels share one account. Empty: any."),
    )
    heartbeat_s = forms.IntegerField(
        min_value=0,
        max_value=86_400,
        initial=120,
        label=gettext_lazy("Heartbeat, seconds"),
        help_text=gettext_lazy("A panel that misses it two and a half times counts as silent. 0: not supervised."),
    )
    key = forms.CharField(
        required=False,
        max_length=120,
        label=gettext_lazy("AES key"),
        help_text=gettext_lazy("32, 48 or 64 hexadecimal digits. It is kept encrypted and never shown again."),
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    drop_key = forms.BooleanField(required=False, label=gettext_lazy("Take the key away: the panel sends in clear"))
    check_time = forms.BooleanField(
        required=False,
        label=gettext_lazy("Check the time stamp"),
        help_text=gettext_lazy(
            "Refuses frames older than 40 seconds, and so recorded ones. Only for panels that set their clock by our answers."
        ),
    )
    zones = forms.CharField(
        required=False,
        label=gettext_lazy("Zones"),
        widget=forms.Textarea(attrs={"rows": 10, "wrap": "off", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One a line: number, name; place. In Kazakh, Russian and English with a bar between, or once for all three. "
            "For example: 12 Дабыл түймесі | Тревожная кнопка | Panic button; 1-қабат | 1 этаж | ground floor"
        ),
    )

    def __init__(self, *args: Any, user: Any, panel: Panel | None = None, account: str = "", **options: Any) -> None:
        if panel is not None:
            options["initial"] = _initial(panel)
        elif account:
            options["initial"] = {**(options.get("initial") or {}), "account": account}
        super().__init__(*args, **options)
        self.panel = panel
        field: Any = self.fields["facility"]
        own = Q(pk=panel.facility_id) if panel is not None else Q()
        on_the_list = Q(state=Facility.State.LISTED)
        places = places_for_panels(user, "change" if panel is not None else "add")
        rows = places.filter(on_the_list | own if own else on_the_list)
        field.queryset = rows.select_related("area").order_by("name_ru")
        field.label_from_instance = lambda facility: f"{facility.name} · {facility.area.name}"
        if account:
            self.fields["account"].disabled = True
        if panel is None or not panel.key:
            del self.fields["drop_key"]

    def clean_key(self) -> str:
        text: str = self.cleaned_data["key"].strip()
        if text:
            try:
                read_hex(text)
            except BadKey:
                raise forms.ValidationError(_("A key is 32, 48 or 64 hexadecimal digits.")) from None
        return text

    def clean_zones(self) -> list[ZoneLine]:
        lines = [line.strip() for line in self.cleaned_data["zones"].splitlines() if line.strip()]
        if len(lines) > MAX_ZONES:
            raise forms.ValidationError(_("At most %(count)d zones.") % {"count": MAX_ZONES})
        return [_zone(line) for line in lines]

    def clean(self) -> dict[str, Any]:
        self.cleaned_data.setdefault("drop_key", False)
        return self.cleaned_data

    @property
    def chosen_facility(self) -> Facility:
        chosen: Facility = self.cleaned_data["facility"]
        return chosen

    @property
    def key_hex(self) -> str:
        return str(self.cleaned_data["key"])

    def fields_for_act(self) -> dict[str, Any]:
        names = ("account", "name", "prefix", "heartbeat_s", "check_time", "zones")
        return {name: self.cleaned_data[name] for name in names}


def _zone(line: str) -> ZoneLine:
    """ "12 Panic button; reception" -> number 12, name, place; "12 Түйме | Кнопка | Button" has its name by language."""
    number, _space, rest = line.partition(" ")
    name, _semicolon, place = rest.partition(";")
    names, places = _words(name, NAME_SIZE), _words(place, PLACE_SIZE)
    if not number.isalnum() or len(number) > 10 or not names or not any(names) or not places:
        raise forms.ValidationError(
            _(
                "Not a zone: “%(line)s”. Write a number, a space and a name, once or in three languages with a bar between."
            )
            % {"line": line[:60]}
        )
    return ZoneLine(number, names, places)


def _words(text: str, size: int) -> Words | None:
    """ "түйме | кнопка | button", or one word for all three languages. None for any other number of them."""
    found = [part.strip()[:size] for part in text.split("|")]
    if len(found) == 1:
        found *= 3
    return (found[0], found[1], found[2]) if len(found) == 3 else None


def _written(words: Words) -> str:
    """The same way back: once where all three are alike."""
    return words[0] if len(set(words)) == 1 else " | ".join(words)


def _zone_line(zone: Zone) -> str:
    place = _written(words_of(zone, "place"))
    return f"{zone.number} {_written(words_of(zone, 'name'))}" + (f"; {place}" if place else "")


def _initial(panel: Panel) -> dict[str, Any]:
    lines = [_zone_line(zone) for zone in panel.zones.all()]
    return {
        "facility": panel.facility_id,
        "account": panel.account,
        "name": panel.name,
        "prefix": panel.prefix,
        "heartbeat_s": panel.heartbeat_s,
        "check_time": panel.check_time,
        "zones": "\n".join(lines),
    }
