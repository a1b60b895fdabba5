"""Every verb that any act uses has a phrase, in all languages."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.utils import translation
from django.utils.functional import Promise

import tirek
from tirek.audit.verbs import KINDS, VERBS, label_of, phrase

ACT = re.compile(r"""\bact\(\s*["']([a-z_]+\.[a-z_]+)["']""")


def used():
    found = {}
    for path in Path(tirek.__file__).parent.rglob("*.py"):
        for verb in ACT.findall(path.read_text()):
            found.setdefault(verb, path.name)
    return found


def test_every_verb_has_a_phrase():
    missing = {verb: where for verb, where in used().items() if verb not in VERBS}
    assert not missing, f"say in audit/verbs.py what these mean: {missing}"


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_phrases_are_translated(language):
    with translation.override("en"):
        english = {verb: phrase(verb) for verb in VERBS}
    with translation.override(language):
        assert not [verb for verb in VERBS if phrase(verb) == english[verb]]


def test_a_verb_of_another_version_stands_for_itself():
    assert phrase("mentoring.open_vault") == "mentoring.open_vault"


# The rooms with records of people's work.
DONE = (
    "accounts", "places", "alarms", "warning", "facilities", "equipment", "requirements", "inspections", "notices",
    "passports", "upgrades",
    "incidents",
)  # fmt: skip


def seen_tables():
    """Tables whose rows people see, and so meet in the log."""
    return [model for app in DONE for model in apps.get_app_config(app).get_models() if hasattr(model, "policy")]


@pytest.mark.parametrize("model", seen_tables(), ids=lambda model: model._meta.label_lower)
def test_every_table_and_field_has_a_name_in_words(model):
    label = model._meta.label_lower
    assert label in KINDS or isinstance(model._meta.verbose_name, Promise), f"name {label} in audit/verbs.py, KINDS"
    noted = [
        f
        for f in model._meta.concrete_fields
        if not f.primary_key and f.attname not in getattr(model, "AUDIT_SECRET", ())
    ]
    raw = [f.attname for f in noted if not isinstance(f.verbose_name, Promise) and not label_of(f.attname)]
    assert not raw, f"the log would show {raw}: give them a verbose_name or a word in audit/verbs.py, LABELS"
