"""Latitude and longitude as people write them, in every form that asks for them."""

import pytest
from django import forms

from tirek.facilities.forms import FacilityForm, ProposalForm
from tirek.incidents.forms import IncidentForm
from tirek.places.fields import DegreesField
from tirek.warning.forms import EndpointForm


def test_a_point_and_a_comma_mean_the_same():
    field = DegreesField(min_value=-85, max_value=85)
    assert field.clean("50,29") == field.clean(" 50.29 ") == 50.29
    for wrong in ("50,2,9", "north", "86"):
        with pytest.raises(forms.ValidationError):
            field.clean(wrong)


@pytest.mark.parametrize("form", [EndpointForm, FacilityForm, IncidentForm, ProposalForm])
def test_every_form_takes_both(form):
    assert all(isinstance(form.base_fields[name], DegreesField) for name in ("lat", "lon"))
