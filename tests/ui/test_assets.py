"""What the front-end build has written, and what the sources ask of it."""

import re
from pathlib import Path

import pytest
from django.template import Context, Template
from django.test import override_settings

from tirek import ui
from tirek.ui import assets, registry

SERVER = Path(ui.__file__).resolve().parent.parent
DIST = SERVER / "ui" / "static" / "dist"
FRONTEND = SERVER.parents[3] / "frontend"
ICON = re.compile(r"""\{%\s*(?:icon|empty)\s+["']([a-z0-9-]+)["']""")

built = pytest.mark.skipif(not assets.MANIFEST.exists(), reason="the front end was left out")


@built
def test_every_entry_has_files_that_are_there():
    for entry in assets.entries():
        styles, scripts = assets.files(entry)
        assert scripts
        for address in [*styles, *scripts]:
            assert (DIST / address.removeprefix("/static/dist/")).is_file()


@built
def test_vite_tag_writes_no_inline_script():
    html = Template("{% vite 'main' %}").render(Context())
    assert re.search(r'<link rel="stylesheet" href="/static/dist/assets/main-[\w-]+\.css">', html)
    assert re.search(r'<script type="module" src="/static/dist/assets/main-[\w-]+\.js"></script>', html)
    assert not re.search(r"<script[^>]*>[^<]", html)


@built
def test_every_icon_that_templates_name_is_in_the_sprite():
    sprite = (DIST / assets.chunk("icons.svg")["file"]).read_text()
    have = set(re.findall(r'<symbol id="([^"]+)"', sprite))
    used = {
        name for path in SERVER.rglob("*.html") for name in ICON.findall(path.read_text()) if "static" not in path.parts
    }
    used |= {entry.icon for entry in registry._nav.values()}
    used |= {link.icon for link in registry._user_links.values()}
    assert used <= have, f"build the front end again; missing: {sorted(used - have)}"


@built
def test_no_file_asks_anything_of_outside():
    for path in DIST.rglob("*.css"):
        for address in re.findall(r"url\(([^)]+)\)", path.read_text()):
            assert not address.strip("'\"").startswith(("http:", "https:", "//"))


def test_lock_file_records_no_addresses():
    lock = FRONTEND / "package-lock.json"
    if lock.exists():
        assert '"resolved"' not in lock.read_text()


@pytest.fixture
def no_build(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "MANIFEST", tmp_path / "manifest.json")


def test_without_a_build_pages_go_on_bare(no_build, caplog):
    assert Template("{% vite 'main' %}").render(Context()) == ""
    assert "has not been built" in caplog.text
    assert assets.asset("icons.svg") == ""


@override_settings(DEBUG=True)
def test_without_a_build_a_developer_is_told(no_build):
    with pytest.raises(assets.NotBuilt, match="npm run build"):
        Template("{% vite 'main' %}").render(Context())


@built
def test_an_unknown_entry_names_those_that_are_there():
    with pytest.raises(assets.NotBuilt, match="main"):
        assets.files("nothing")
