"""The passport on A4: the signatures, six parts, how things stood on the day, and the plans themselves."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import tempfile
from bisect import bisect
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import segno
import typst
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from PIL import Image

from tirek.accounts.models import Person
from tirek.files import disk
from tirek.files.kinds import JPEG, PDF, PICTURES
from tirek.files.models import StoredFile
from tirek.passports import words
from tirek.passports.content import PLAN_PARTS, Facts
from tirek.passports.models import Passport
from tirek.ui.paper import moment

TEMPLATE = Path(__file__).resolve().parent / "typst" / "passport.typ"
ALONE = '#image(sys.inputs.picture, page: int(sys.inputs.page), width: 100%, height: 100%, fit: "contain")'
LANGUAGES = ("kk", "ru")
LONGEST_SIDE = 2000  # 200 dots an inch over the width of A4
SMALL_BYTES = 400_000
MOST_PAGES = 20  # of one plan; a building has a sheet for each floor


def passport_pdf(passport: Passport, languages: Sequence[str], url: str) -> bytes:
    """The passport as PDF in these languages ("kk", "ru"), with the QR that leads to `url`. A draft says that it is one.

    One plan that cannot be read (a damaged or encrypted PDF, one without pages) does not keep the rest from being printed.
    """
    with tempfile.TemporaryDirectory(prefix="tirek-passport-") as folder:
        given = task(passport, languages, url, Path(folder))
        try:
            return bytes(typst.compile(**given))
        except typst.TypstError:
            return bytes(typst.compile(**_without_unreadable(given, languages, Path(folder))))


def task(passport: Passport, languages: Sequence[str], url: str, folder: Path) -> dict[str, Any]:
    """What typst is given: a folder with the template and the plans, and the words. Fonts are those that come with typst."""
    shutil.copyfile(TEMPLATE, folder / TEMPLATE.name)
    code = io.BytesIO()
    segno.make(url, error="m").save(code, kind="svg", border=0)
    data = content(passport, languages) | {"url": url, "plans": plans(passport, languages, folder)}
    return {
        "input": str(folder / TEMPLATE.name),
        "root": str(folder),
        "ignore_system_fonts": True,
        "sys_inputs": {"data": json.dumps(data, ensure_ascii=False), "qr": code.getvalue().decode()},
    }


def content(passport: Passport, languages: Sequence[str]) -> dict[str, Any]:
    """The words of the document."""
    return {
        "hash": passport.sha256,
        "printed": timezone.localtime().strftime("%d.%m.%Y %H:%M"),
        "marks": [_in(language, _mark) for language in languages],
        "draft": [_in(language, lambda: _draft(passport)) for language in languages],
        "languages": [_language(passport, language) for language in languages],
    }


def _language(passport: Passport, language: str) -> dict[str, Any]:
    with translation.override(language):
        facts = passport.facts
        return {
            "language": language,
            "title": _("Passport of protection against acts of terrorism"),
            "name": words.text(facts["general"]["name"]),
            "version": _("Version %(n)d, drawn up %(date)s")
            % {"n": passport.version, "date": formats.date_format(timezone.localtime(passport.made_at), "DATE_FORMAT")},
            "signatures": [
                _signature(_("AGREED"), passport.agreed_by, passport.agreed_at),
                _signature(_("APPROVED"), passport.approved_by, passport.approved_at),
            ],
            "signature": _("signature"),
            "bound": _("Approved and agreed in Tirek, bound to the facts by the hash at the foot of each page.")
            if passport.agreed_by
            else "",
            "parts": [_part(part, facts) for part in words.parts(facts)],
        }


def _signature(word: str, person: Person | None, at: Any) -> dict[str, str]:
    return {
        "word": word,
        "position": person.position if person else "",
        "name": person.full_name if person else "",
        "at": moment(at) if at else "",
    }


def _part(part: words.Part, facts: Facts) -> dict[str, Any]:
    hours = facts["characteristics"]["visitors"] if part.key == "characteristics" else []
    return {
        "title": _("Part %(n)d. %(title)s") % {"n": part.number, "title": part.title} if part.number else part.title,
        "facts": part.facts,
        "hours": hours if len(hours) == words.DAY_HOURS and any(hours) else [],
        "hours_label": _("People by hour"),
        "tables": [
            {"label": table.label, "head": table.head, "rows": table.rows, "nothing": table.nothing}
            for table in part.tables
        ],
    }


def _draft(passport: Passport) -> str:
    return _("DRAFT") if passport.state in Passport.OPEN else _("REPLACED") if passport.state == "replaced" else ""


def _mark() -> str:
    return _("For official use")


def _in(language: str, word: Any) -> str:
    with translation.override(language):
        return str(word())


# --- the plans ---------------------------------------------------------------------------------------------------------
def plans(passport: Passport, languages: Sequence[str], folder: Path) -> list[dict[str, Any]]:
    """The plans of parts 4 to 6, each with its title in these languages and its picture in `folder`."""
    named = [(part, plan) for part in PLAN_PARTS.values() for plan in passport.facts[part]["plans"]]
    stored = StoredFile.objects.in_bulk([plan["file"] for _part, plan in named])
    titles = {part.key: (number, part.title) for number, part in enumerate(words.PARTS, start=1)}
    found = []
    for index, (part, plan) in enumerate(named):
        number, title = titles[part]
        caption = _both(languages, lambda n=number, t=title: f"{n}. {t}")
        about = ", ".join(text for text in (plan["title"], plan["building"]) if text)
        file = stored.get(plan["file"])
        picture = picture_of(file, folder, index) if file is not None and file.sha256 == plan["sha256"] else None
        pages, more = _pages(picture, folder) if picture else (1, False)
        found.append(
            {
                "title": caption,
                "about": about,
                "sha256": plan["sha256"],
                "picture": picture or "",
                "pages": pages,
                "more": _both(languages, _rest) if more else "",
                "missing": "" if picture else _both(languages, _elsewhere),
            }
        )
    return found


def _pages(picture: str, folder: Path) -> tuple[int, bool]:
    """How many pages of a plan are printed, and whether it has more. typst has no count of them: it is asked for some."""
    if not picture.endswith(".pdf"):
        return 1, False
    if not _compiles(picture, folder, 2):  # as most are
        return 1, False
    pages = 2 + bisect(range(3, MOST_PAGES + 2), False, key=lambda page: not _compiles(picture, folder, page))
    return min(pages, MOST_PAGES), pages > MOST_PAGES


def picture_of(file: StoredFile, folder: Path, index: int) -> str | None:
    """Put the plan into `folder` as typst can set it: a PDF as it is, a picture small enough to be quick.

    None for what is no picture, or is not on the disk.
    """
    try:
        source = disk.full(file.path)
        if file.media_type == PDF:
            return _put(source, folder / f"plan-{index}.pdf")
        if file.media_type not in PICTURES:
            return None
        if not _needs_copy(file):
            return _put(source, folder / f"plan-{index}.jpg")
        return _put(_small(source), folder / f"plan-{index}.jpg")
    except OSError:
        return None


def _without_unreadable(given: dict[str, Any], languages: Sequence[str], folder: Path) -> dict[str, Any]:
    """The same task, with a sentence in place of each plan that typst cannot set by itself."""
    data = json.loads(given["sys_inputs"]["data"])
    for plan in data["plans"]:
        if plan["picture"] and not _compiles(plan["picture"], folder):
            plan |= {"picture": "", "pages": 1, "more": "", "missing": _both(languages, _elsewhere)}
    return given | {"sys_inputs": given["sys_inputs"] | {"data": json.dumps(data, ensure_ascii=False)}}


def _compiles(picture: str, folder: Path, page: int = 1) -> bool:
    alone = folder / "alone.typ"
    alone.write_text(ALONE)
    given = {"picture": picture, "page": str(page)}
    try:
        typst.compile(str(alone), root=str(folder), ignore_system_fonts=True, sys_inputs=given)
    except typst.TypstError:
        return False
    return True


def prepare(files: Iterable[StoredFile]) -> None:
    """Draw the copies for printing ahead of the document, which must not wait for them."""
    for file in files:
        if file.media_type in PICTURES and _needs_copy(file):
            with contextlib.suppress(OSError):  # the document says that the file is not there
                _small(disk.full(file.path))


def _needs_copy(file: StoredFile) -> bool:
    return file.media_type != JPEG or file.size > SMALL_BYTES


def _small(source: Path) -> Path:
    """A copy of the picture for printing, kept beside it: drawing a large plan anew takes longer than the document may."""
    kept = source.with_name(f"{source.name}.print")
    if kept.exists() and source.exists():  # a copy of what is gone proves nothing
        return kept
    with Image.open(source) as picture:
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        if picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info:
            clear = picture.convert("RGBA")
            picture = Image.new("RGB", clear.size, "white")
            picture.paste(clear, mask=clear.getchannel("A"))
        small = picture.convert("RGB")
        small.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    with disk.draft() as aside:
        small.save(aside, "JPEG", quality=88)
        aside.chmod(0o600)
        os.replace(aside, kept)
    return kept


def _put(source: Path, target: Path) -> str:
    shutil.copyfile(source, target)
    return target.name


def _both(languages: Sequence[str], word: Any) -> str:
    return " · ".join(_in(language, word) for language in languages)


def _elsewhere() -> str:
    return _("The file cannot be shown here; it is kept in Tirek under this hash.")


def _rest() -> str:
    return _("The pages after these are kept in Tirek with the file.")
