"""Forms of this app."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class RefuseForm(forms.Form):
    """Why a passport is not agreed."""

    why = forms.CharField(label=_("Why, and what to put right"), widget=forms.Textarea(attrs={"rows": 4}))
