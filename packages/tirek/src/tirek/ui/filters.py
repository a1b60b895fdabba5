"""Filters that many lists share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.functional import Promise
from django_filters.fields import ModelChoiceField, ModelChoiceIterator


class _Rows(ModelChoiceIterator):
    """The choices out of what the field has read, where Django's own would ask the database anew each time."""

    def __iter__(self) -> Iterator[Any]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from (self.choice(row) for row in self.field.queryset)


class OneRowField(ModelChoiceField):
    """Django's choice of a row, which reads its rows once: when the value is looked at, when drawn, or never."""

    iterator = _Rows

    def to_python(self, value: Any) -> Model | None:
        if value in self.empty_values:
            return None
        for row in self.queryset:  # kept by the queryset from now on
            if str(row.pk) == str(value):
                return row
        raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})


class OneRowFilter(django_filters.ModelChoiceFilter):
    """One of few rows, such as districts, agencies or rounds. Not for thousands of them: all are read."""

    field_class = OneRowField


class SearchFilter(django_filters.CharFilter):
    """A field to type words into; what it finds by stands in it while it is empty."""

    def __init__(self, label: str | Promise, **kwargs: Any) -> None:
        field = forms.TextInput(attrs={"placeholder": label, "type": "search"})
        super().__init__(label=label, widget=field, **kwargs)
