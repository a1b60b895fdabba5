"""Lists of areas to choose from."""

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
