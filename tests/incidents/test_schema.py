"""No persons on the register of incidents, and nothing that says where officers looked."""

import re

import pytest
from django.apps import apps
from django.db import models

from tirek.accounts.models import Person

# Beginnings of words. Who acted in Tirek (`by`, `verified_by`, ...) is written down; who was there is not.
FORBIDDEN = re.compile(
    r"arrest|detain|detention|stop|search|frisk|drug|custody|convict|charge|offen[cd]|perpetrat|suspect|accused|culprit|victim|witness"
    r"|person|people|name_of|surname|patronymic|birth|iin|gender|sex|age|citizen|passport|phone|email|photo|face|plate|account"
)
ALLOWED = {"name_kk", "name_ru", "name_en", "name"}
WHO_ACTED = {"by", "verified_by", "decided_by", "declared_by", "withdrawn_by"}
TABLES = list(apps.get_app_config("incidents").get_models())


def words(name):
    return [word for word in re.split(r"[_\d]+", name.lower()) if word]


@pytest.mark.parametrize("model", TABLES, ids=lambda m: m._meta.label)
def test_no_field_for_a_person_or_for_what_officers_looked_for(model):
    bad = {
        field.name
        for field in model._meta.get_fields()
        if field.name not in ALLOWED and any(FORBIDDEN.match(word) for word in words(field.name))
    }
    assert not bad


@pytest.mark.parametrize("model", TABLES, ids=lambda m: m._meta.label)
def test_people_stand_there_only_as_those_who_acted_in_tirek(model):
    people = {
        field.name for field in model._meta.concrete_fields if field.is_relation and field.related_model is Person
    }
    assert people <= WHO_ACTED


def test_nothing_counts_people_but_those_who_were_hurt():
    counts = {
        field.name
        for model in TABLES
        for field in model._meta.concrete_fields
        if isinstance(field, models.PositiveIntegerField)
    }
    assert counts == {"dead", "injured", "uncertainty_m"}


def test_the_rule_would_find_them():
    for name in ("suspect", "victim_name", "arrests", "stops", "drug_kind", "person", "iin", "phone"):
        assert any(FORBIDDEN.match(word) for word in words(name)), name
