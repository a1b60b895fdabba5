"""The notice on paper: Kazakh first, then Russian, as it is served."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import formats, translation
from django.utils.translation import gettext as _

from tirek.notices.models import Line, Notice
from tirek.places.models import Named
from tirek.ui import paper

TEMPLATE = Path(__file__).resolve().parent / "typst" / "notice.typ"
LANGUAGES = ("kk", "ru")


def content(notice: Notice) -> dict[str, Any]:
    """What the notice says, as plain data. It is frozen when the notice is issued; the hash is that of these words."""
    lines = list(notice.lines.select_related("finding__requirement__edition__standard", "finding__inspection"))
    return {
        "number": notice.number,
        "parts": [_part(notice, lines, language) for language in LANGUAGES],
    }


def freeze(notice: Notice) -> None:
    """Keep the words and their hash with the notice; later terms, names and editions do not change what was issued."""
    notice.content = content(notice)
    notice.content_sha256 = paper.digest(notice.content)


def notice_pdf(notice: Notice, url: str) -> bytes:
    """The notice as PDF, with the QR that leads to `url`. A draft says on every page that it is one."""
    data = notice.content or content(notice)
    digest = paper.digest(data)
    draft = notice.state == Notice.State.DRAFT
    marks = {language: _word("DRAFT", language) if draft else "" for language in LANGUAGES}
    received = notice.served_to if notice.served_at else ""
    given = {**data, "hash": digest, "draft": marks["ru"], "draft_kk": marks["kk"], "received": received}
    return paper.pdf(TEMPLATE, given, url=url)


def _part(notice: Notice, lines: list[Line], language: str) -> dict[str, Any]:
    facility = notice.facility
    with translation.override(language):
        visited = notice.inspection.finished_at
        return {
            "language": language,
            "title": _("Notice to put violations right"),
            "number": _("No. %(number)s of %(date)s")
            % {"number": notice.number or "—", "date": _date(notice.issued_at or notice.made_at)},
            "facts": [
                (_("To"), _named(facility, language)),
                (_("Address"), (facility.address_kk if language == "kk" else facility.address_ru) or facility.address),
                (_("Head"), facility.head or "—"),
                (_("On the ground of"), _("the visit of %(date)s") % {"date": _date(visited)}),
                (_("Inspector"), f"{notice.made_by.full_name}, {notice.made_by.position}".rstrip(", ")),
            ],
            "intro": (notice.intro_kk if language == "kk" else notice.intro_ru)
            or _(
                "On the visit the following violations of requirements were found. Put them right by the dates given."
            ),
            "head": [_("No."), _("Requirement and its source"), _("What was found"), _("What is demanded"), _("Until")],
            "lines": [_line(line, language) for line in lines],
            "closing": _(
                "Report in Tirek or in writing what was done, with evidence. The notice is closed by a re-inspection by another "
                "inspector. More time can be asked for, with reasons, before the date."
            ),
            "issued_by": (_("Issued by"), str(notice.issued_by or notice.made_by)),
            "received": _("Received, name and signature"),
        }


def _line(line: Line, language: str) -> dict[str, str]:
    requirement = line.finding.requirement
    edition = requirement.edition
    source = (edition.instrument_kk if language == "kk" else edition.instrument_ru) or edition.instrument
    where = f" ({line.finding.place})" if line.finding.place else ""
    return {
        "number": str(line.number),
        "requirement": requirement.text_in(language),
        "source": f"{source}, {requirement.paragraph}",
        "found": (line.finding.text or _("not met")) + where,
        "demand": line.demand_kk if language == "kk" else line.demand_ru,
        "until": line.due_on.strftime("%d.%m.%Y"),
    }


def _named(record: Named, language: str) -> str:
    return record.name_in(language)


def _date(at: Any) -> str:
    return formats.date_format(at, "DATE_FORMAT") if at else "—"


def _word(text: str, language: str) -> str:
    with translation.override(language):
        return {"DRAFT": _("DRAFT")}[text]
