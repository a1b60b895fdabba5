"""Fields of forms for places: lists of areas to choose from, latitude and longitude."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator

from tirek.places.queries import in_order


class AreasInOrder(ModelChoiceIterator):
    """Areas as people look for them in a list."""

    def __iter__(self) -> Any:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from (self.choice(area) for area in in_order(self.field.queryset))


class AreaField(forms.ModelChoiceField):
    iterator = AreasInOrder


class DegreesField(forms.FloatField):
    """Latitude or longitude, with a point or, as people write here, a comma."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def to_python(self, value: Any) -> float | None:
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)
