"""The design rules on what Tirek never holds, kept on the tables themselves."""

import re

import pytest
from django.apps import apps
from django.db import models

from tirek.accounts.access import Policy
from tirek.accounts.models import Person

FORBIDDEN = {
    "religion", "religious", "denomination", "confession", "faith", "belief", "sect", "mosque", "church", "worship",
    "ethnicity", "ethnic", "nationality", "race", "political", "politics", "opinion", "party", "ideology",
    "iin", "worshipper", "attendee", "attendees", "extremist", "radical", "suspect",
}  # fmt: skip
JUDGING = {"score", "rank", "ranking", "rating", "risk", "threat", "forecast", "probability", "likelihood", "loyalty"}
NUMBERS = (models.IntegerField, models.FloatField, models.DecimalField)
OURS = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("tirek.")]


def words(name):
    return set(re.split(r"[_\d]+", name.lower()))


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_no_field_for_faith_descent_or_opinion(model):
    named = {field.name for field in model._meta.get_fields() if words(field.name) & FORBIDDEN}
    assert not named, f"{model._meta.label} has {named}: rules 1 and 3 of the design"
    assert not words(re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__)) & FORBIDDEN


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_no_score_of_a_person(model):
    judging = {f.name for f in model._meta.concrete_fields if isinstance(f, NUMBERS) and words(f.name) & JUDGING}
    about_people = model is Person or any(
        field.related_model is Person
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
    )
    assert not (judging and about_people), f"{model._meta.label} links people with {judging}: rule 2 of the design"


@pytest.mark.parametrize("model", [m for m in OURS if hasattr(m, "policy")], ids=lambda m: m._meta.label)
def test_every_policy_says_whether_rows_lie_somewhere_or_serve_everybody(model):
    assert type(model.policy) is not Policy


def test_the_tables_are_looked_at():
    assert {"accounts.Person", "alarms.Alarm", "warning.Alert", "audit.Entry"} <= {m._meta.label for m in OURS}
