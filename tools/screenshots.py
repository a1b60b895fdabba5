"""Pictures of every page of a running sample Tirek, for eyes: `python tools/screenshots.py URL FOLDER [options]`.

Start one first: TIREK_HOME=/tmp/pictures .venv/bin/tirek up --address 127.0.0.1:0 --endpoints 40 --panels 6

It presses a button and gives an exercise, so that there is something to see. With --password (of the first log-in, shown at
the start of `tirek up`) it also takes the pages about one's own account; that works once per home.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tirek.config.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import django

django.setup()

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser import scene, walk  # noqa: E402
from tests.browsers import FLAGS, chromium_or_skip  # noqa: E402

SIZES = {"wide": (1440, 900), "phone": (390, 844)}


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--languages", default="ru,kk,en")
    parser.add_argument("--sizes", default="wide,phone")
    parser.add_argument("--only", default="", help="pages whose name matches this pattern")
    parser.add_argument("--theme", choices=("light", "dark"), help="of all pages (default: each page's own)")
    parser.add_argument("--full", action="store_true", help="the whole page, not only what the window shows")
    parser.add_argument("--password", help="of the first log-in: take the pages of one's own account too")
    options = parser.parse_args()
    base = options.url.rstrip("/")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(chromium_or_skip()), args=FLAGS)
        contexts: dict[str, Any] = {}

        def context_of(person: str) -> Any:
            if person not in contexts:
                contexts[person] = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru")
                walk.sign_in(contexts[person].request, base, person)
            return contexts[person]

        first = scene.set_up(context_of, base)
        found = walk.walk(context_of, base, first=tuple(first))
        chosen = [page for page in found.pages if re.search(options.only, page.name)]
        for language in options.languages.split(","):
            for person in {page.person for page in chosen}:
                scene.speak(context_of(person).request, base, language)
            for number, page in enumerate(chosen):
                tab = context_of(page.person).new_page()
                tab.goto(base + page.url)
                name = f"{number:02}-{page.name.replace(':', '.')}-{page.person.removeprefix('sample-')}"
                _take(tab, options, f"{language}-{name}")
                tab.close()
        for problem in found.broken:
            print("broken:", problem)
        scene.put_away(context_of, base, first)
        if options.password:
            tab = browser.new_context(viewport={"width": 1440, "height": 900}, locale="ru").new_page()
            scene.own_account(tab, base, options.password, lambda page, name: _take(page, options, f"ru-own-{name}"))
        browser.close()


def _take(tab: Any, options: argparse.Namespace, name: str) -> None:
    if options.theme:
        tab.evaluate(f"document.documentElement.dataset.bsTheme = '{options.theme}'")
    for size in options.sizes.split(","):
        width, height = SIZES[size]
        tab.set_viewport_size({"width": width, "height": height})
        tab.wait_for_timeout(500)
        options.folder.mkdir(parents=True, exist_ok=True)
        tab.screenshot(path=str(options.folder / f"{name}-{size}.png"), full_page=options.full)
    tab.set_viewport_size({"width": 1440, "height": 900})


if __name__ == "__main__":
    main()
