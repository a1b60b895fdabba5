"""Between the plain data of a file and rows of the tables, both ways."""

from __future__ import annotations

from typing import Any

from tirek.requirements.models import Edition, Requirement
from tirek.requirements.standardfile import RequirementData, StandardData, Words

LANGUAGES = ("kk", "ru", "en")


def requirement_row(edition: Edition, data: RequirementData, order: int) -> Requirement:
    """An unsaved row."""
    return Requirement(
        edition=edition,
        key=data.key,
        paragraph=data.paragraph,
        order=order,
        point=data.point,
        mandatory=data.mandatory,
        weight=data.weight,
        severity=data.severity,
        verify=data.verify,
        live_check=data.live,
        evidence=list(data.evidence),
        applies=data.applies,
        deadline_days=data.deadline_days,
        measures=list(data.measures),
        **_columns("section", data.section),
        **_columns("text", data.text),
        **_columns("hint", data.hint),
    )


def standard_data(edition: Edition) -> StandardData:
    """What a file would have to say to give these rows."""
    return StandardData(
        code=edition.standard.code,
        name=_words(edition.standard, "name"),
        label=edition.label,
        instrument=_words(edition, "instrument"),
        source=edition.source_url,
        valid_from=edition.valid_from,
        valid_to=edition.valid_to,
        sample=edition.is_sample,
        requirements=tuple(requirement_data(row) for row in edition.requirements.order_by("order")),
    )


def requirement_data(row: Requirement) -> RequirementData:
    return RequirementData(
        key=row.key,
        paragraph=row.paragraph,
        section=_words(row, "section"),
        text=_words(row, "text"),
        hint=_words(row, "hint"),
        point=row.point,
        mandatory=row.mandatory,
        weight=row.weight,
        severity=row.severity,
        verify=row.verify,
        live=row.live_check,
        evidence=tuple(row.evidence),
        applies=row.applies,
        deadline_days=row.deadline_days,
        measures=tuple(row.measures),
    )


def _columns(name: str, words: Words) -> dict[str, str]:
    return {f"{name}_{code}": getattr(words, code) for code in LANGUAGES}


def _words(row: Any, name: str) -> Words:
    return Words(*(getattr(row, f"{name}_{code}") for code in LANGUAGES))
