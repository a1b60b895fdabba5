"""Texts of the page's scripts."""

import json
import re
from pathlib import Path

import pytest
from django.utils import translation

from tirek import ui
from tirek.ui import messages
from tirek.ui.registry import all_strings

FRONTEND = Path(ui.__file__).resolve().parents[5] / "frontend" / "src"
KEY = re.compile(r"""\bt\(\s*(?:'([^']+)'|`([^`]+)`)""")
PLURALS = {"kk": {"one", "other"}, "ru": {"one", "few", "many", "other"}, "en": {"one", "other"}}


def used() -> set[str]:
    """Keys named in TypeScript; of a key that is put together (`link.${state}`) the pattern."""
    found = set()
    for path in FRONTEND.rglob("*.ts"):
        for plain, composed in KEY.findall(path.read_text()):
            found.add(plain or re.sub(r"\$\{[^}]*\}", "*", composed))
    return found


@pytest.mark.skipif(not FRONTEND.exists(), reason="without the front end's sources")
def test_every_key_used_in_typescript_has_a_text():
    known = {*messages.MESSAGES, *all_strings()}
    missing = [
        key for key in used() if not any(re.fullmatch(re.escape(key).replace(r"\*", r"\w+"), name) for name in known)
    ]
    assert not missing, f"add to ui/messages.py: {missing}"


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_text_resolves_with_its_plural_forms(language):
    table = json.loads(messages.strings_json(language))
    assert set(table) >= set(messages.MESSAGES)
    for key, text in table.items():
        if isinstance(text, dict):
            assert set(text) == PLURALS[language], key
            assert all("{count}" in form for form in text.values()), key
        else:
            assert text, key


def test_texts_are_safe_inside_a_script_element(own_registry):
    own_registry.strings({"evil": "</script><b>&"})
    assert "<" not in messages.strings_json("en")
    assert json.loads(messages.strings_json("en"))["evil"] == "</script><b>&"


def test_apps_add_texts(own_registry):
    own_registry.strings({"desk.new": "New alarm"})
    assert json.loads(messages.strings_json("en"))["desk.new"] == "New alarm"


def test_relative_words_agree_with_the_scripts_steps():
    script = (FRONTEND / "parts" / "time.ts").read_text()
    for unit, seconds in messages.STEPS:
        assert re.search(rf"\['{unit}', {seconds:_}\]|\['{unit}', {seconds}\]", script)
    with translation.override("kk"):
        assert messages.relative(-300) == "5 мин бұрын"
