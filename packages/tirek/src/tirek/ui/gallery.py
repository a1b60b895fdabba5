"""What the gallery shows: each component once, with plausible content."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_tables2 as tables
from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tirek.ui.tables import AgoColumn, NumberColumn, StateColumn

STATES = ("heard", "accepted", "unknown", "failed", "expired", "pending", "ready", "off")
PLACES = ("Областная больница", "Школа-гимназия № 17", "«Шығыс» базары", "Қандыағаш вокзалы")


class GalleryForm(forms.Form):
    """One of each control."""

    name = forms.CharField(label=_("Name"), help_text=_("As people call it."))
    phone = forms.CharField(label=_("Phone"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=[("a", _("Hospital")), ("b", _("School")), ("c", _("Market"))])
    people = forms.IntegerField(label=_("People inside now"), required=False)
    channels = forms.MultipleChoiceField(
        label=_("Channels"),
        choices=[("siren", _("Sirens")), ("speaker", _("Loudspeakers")), ("cap", _("Feed"))],
        widget=forms.CheckboxSelectMultiple,
    )
    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), required=False)
    agreed = forms.BooleanField(label=_("Agreed with the facility"), help_text=_("By telephone is enough."))


class GalleryFilter(forms.Form):
    q = forms.CharField(label=_("Search"), required=False)
    state = forms.MultipleChoiceField(
        label=_("State"), required=False, choices=[("heard", _("heard")), ("failed", _("failed"))]
    )
    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", ""), ("a", _("Hospital")), ("b", _("School"))]
    )


class GalleryTable(tables.Table):
    """A register with each kind of column."""

    name = tables.Column(verbose_name=_("Facility"))
    people = NumberColumn(verbose_name=_("People"))
    level = NumberColumn(verbose_name=_("Level"), unit="dB")
    state = StateColumn(verbose_name=_("State"))
    seen = AgoColumn(verbose_name=_("Seen"))

    class Meta:
        template_name = "ui/table.html"


def _rows() -> list[dict[str, Any]]:
    now = timezone.now()
    return [
        {
            "name": PLACES[i % len(PLACES)],
            "people": (i + 1) * 1237,
            "level": None if state == "failed" else 62.5 + i,
            "state": state,
            "seen": now - timedelta(minutes=7**i),
        }
        for i, state in enumerate(STATES)
    ]


def _points() -> list[dict[str, Any]]:
    return [
        {"id": i, "lat": 50.27 + 0.011 * (i % 5), "lon": 57.15 + 0.02 * (i // 2), "state": s, "name": PLACES[i % 4]}
        for i, s in enumerate(s for s in STATES if s != "off")
    ]


def gallery_context(request: HttpRequest) -> dict[str, Any]:
    """Template context of the gallery."""
    now = timezone.now()
    table = GalleryTable(_rows())
    tables.RequestConfig(request, paginate={"per_page": 6}).configure(table)
    return {
        "states": STATES,
        "form": GalleryForm({"kind": "b"}),
        "filter": GalleryFilter(request.GET or None),
        "table": table,
        "now": now,
        "later": now + timedelta(minutes=9),
        "counts": {"heard": 127, "accepted": 7, "unknown": 5, "failed": 3},
        "tabs": [
            {"key": "one", "label": _("Overview"), "url": "#"},
            {"key": "two", "label": _("Equipment"), "url": "#", "count": 12},
            {"key": "three", "label": _("History"), "url": "#"},
        ],
        "events": [
            {"at": now - timedelta(seconds=38), "text": _("Signal received"), "by": "SIA DC-09", "key": True},
            {"at": now - timedelta(seconds=37), "text": _("Shown on the desk"), "by": "0,4 s"},
            {"at": now, "text": _("Accepted"), "by": _("Duty officer 1")},
        ],
        "points": {"points": _points()},
    }
