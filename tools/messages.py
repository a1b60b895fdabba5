"""Message catalogues without the gettext programs: extract, fill in, compile, check. Needs Babel and Django only.

python tools/messages.py update [APP ...]    bring the .po files up to date with the sources
python tools/messages.py compile             write the .mo files that Django reads
python tools/messages.py check               say what is missing; exit 1 if anything is
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

SERVER = Path(__file__).resolve().parent.parent / "packages" / "tirek" / "src" / "tirek"
LANGUAGES = ("kk", "ru")
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def apps() -> list[str]:
    """Names of the server's apps, and of the languages' own additions (`config`)."""
    return sorted(p.name for p in SERVER.iterdir() if (p / "__init__.py").exists())


def sources(app: str) -> Iterator[tuple[Path, bytes]]:
    """The app's Python files, and its templates turned into Python calls by Django's own translator."""
    if not settings.configured:
        settings.configure(USE_I18N=True)
        django.setup()
    for path in sorted((SERVER / app).rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            yield path, path.read_bytes()
        elif path.suffix in {".html", ".txt", ".typ"} and "templates" in path.parts:
            calls = templatize(path.read_text(), origin=str(path))
            # What is left of the markup is letters; its indentation would mean something to a reader of Python.
            yield path, "\n".join(line.strip() for line in calls.splitlines()).encode()


def extracted(app: str) -> Catalog:
    """Every message of the app's sources, in order of appearance."""
    catalog = Catalog(charset="utf-8")
    for path, content in sources(app):
        found = extract("python", io.BytesIO(content), keywords=KEYWORDS, comment_tags=("Translators:",))
        for _line, message, comments, context in found:
            if message and message != ("", ""):
                catalog.add(
                    message,
                    locations=[(str(path.relative_to(SERVER)), 0)],
                    auto_comments=comments,
                    context=context,
                )
    return catalog


def po_path(app: str, language: str) -> Path:
    return SERVER / app / "locale" / language / "LC_MESSAGES" / "django.po"


def read(app: str, language: str) -> Catalog:
    path = po_path(app, language)
    if not path.exists():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=language, charset="utf-8")


def update(app: str) -> None:
    """Add new messages, drop gone ones, keep what is translated. Nothing is guessed ("fuzzy")."""
    found = extracted(app)
    if not len(found):
        return
    for language in LANGUAGES:
        old = read(app, language)
        new = Catalog(locale=language, charset="utf-8", fuzzy=False, header_comment=f"# {app}, {language}.")
        for message in found:
            if message.id:
                before = old.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
                string = before.string if before and isinstance(before.id, type(message.id)) else None
                new.add(
                    message.id, string, locations=message.locations, auto_comments=message.auto_comments,
                    context=message.context,
                )  # fmt: skip
        path = po_path(app, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, new, width=110, omit_header=False, sort_output=False, include_lineno=False)
        text = path.read_text()
        path.write_text(re.sub(r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid|Last-Translator|Language-Team'
                               r'|Project-Id)[^\n]*\n', "", text, flags=re.M))  # fmt: skip


def compile_all() -> int:
    """Write a .mo beside each .po. Returns how many."""
    count = 0
    for app in apps():
        for language in LANGUAGES:
            path = po_path(app, language)
            if path.exists():
                with path.with_suffix(".mo").open("wb") as file:
                    write_mo(file, read(app, language))
                count += 1
    return count


def problems(app: str) -> Iterator[str]:
    """What is untranslated, gone from the sources, or has lost a placeholder."""
    found = extracted(app)
    for language in LANGUAGES:
        catalog = read(app, language)
        where = f"{app}/{language}"
        for message in found:
            if not message.id:
                continue
            key = message.id if isinstance(message.id, str) else message.id[0]
            have = catalog.get(key, message.context)
            strings = _strings(have) if have else ()
            if not strings or not all(strings):
                yield f"{where}: not translated: {key!r}"
            elif any(set(PLACEHOLDER.findall(s)) - set(PLACEHOLDER.findall(" ".join(_ids(message)))) for s in strings):
                yield f"{where}: a placeholder that is not in the original: {key!r}"
            elif isinstance(message.id, str) and set(PLACEHOLDER.findall(key)) - set(PLACEHOLDER.findall(strings[0])):
                yield f"{where}: a placeholder is lost: {key!r}"
            elif have and have.fuzzy:
                yield f"{where}: marked as a guess: {key!r}"


def _strings(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _ids(message: Message) -> tuple[str, ...]:
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update", *names]:
            for app in names or apps():
                update(app)
        case ["compile"]:
            print(f"{compile_all()} catalogues compiled")
        case ["check"]:
            found = [p for app in apps() for p in problems(app)]
            print("\n".join(found) or "every message is translated")
            return 1 if found else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
