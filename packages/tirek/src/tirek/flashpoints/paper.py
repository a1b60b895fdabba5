"""The board on paper: a brief for the commission, with the hash of what it says and a QR that leads to the computation."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from tirek.flashpoints import months, words
from tirek.flashpoints.board import Board, Line
from tirek.ui import paper
from tirek.ui.templatetags.tirek import number

TEMPLATE = Path(__file__).resolve().parent / "typst" / "brief.typ"
MOST_REASONS = 3


def content(board: Board) -> dict[str, Any]:
    """What the brief says, as plain data in the reader's language."""
    run = board.run
    facts = [
        (_("Province"), run.area.name),
        (_("Known until"), _day(run.known_on)),
        (_("Rests on"), _rests_on(board)),
        (_("Computation"), run.input_sha256[:16]),
    ]
    return {
        "title": _("Flash-points: %(month)s") % {"month": months.in_text(board.month)},
        "lead": _("Places only, never people. Every number has its error, and beside it stands the simplest forecast."),
        "facts": facts,
        "skill": _skill(board),
        "head": [
            _("Place"),
            _("District"),
            _("Forecast, a month"),
            _("90 % interval"),
            _("Among the first %(n)s") % {"n": board.top},
            _("Simplest forecast"),
            _("Its place"),
            _("Why"),
        ],
        "rows": [_row(line) for line in board.ranked],
        "unsaid_title": _("Not enough data to say. This does not mean safe."),
        "unsaid": [
            [line.area.name, "; ".join(words.reason(key) for key in line.outlook.reasons)] for line in board.unsaid
        ],
        "surge_title": _("Found by officers, not reported"),
        "surges": [[line.area.name, line.surge] for line in board.surges],
        "attention_title": _("Places of attention this month"),
        "attention": [[line.area.name, str(line.outlook.get_attention_display())] for line in board.attention],
        "signed_title": _("Signed flash-points"),
        "signed": [_signed(line) for line in board.lines if line.flashpoint],
        "none": _("none"),
        "note": _(
            "What follows from this is protection and prevention: visits to facilities, mediation, lighting, "
            "meetings, help for victims. "
            "It is no ground for searching, stopping or listing anybody."
        ),
    }


def brief_pdf(board: Board, url: str) -> bytes:
    """The brief as PDF; `url` is where the QR leads."""
    data = content(board)
    return paper.pdf(TEMPLATE, {**data, "hash": paper.digest(data)}, url=url)


def _skill(board: Board) -> str:
    """How good it is, and the season: it is left out of the reasons of each line where it is the same for all."""
    skill = words.skill(board.run.figures.get("skill", {}))
    return f"{skill} {capfirst(board.season)}." if board.season else skill


def _row(line: Line) -> list[str]:
    forecast = line.forecast
    marks = [str(_("flash-point"))] if line.flashpoint else []
    name = line.area.name + (f" ({', '.join(marks)})" if marks else "")
    return [
        number(forecast.rank),
        name,
        words.amount(forecast.mean),
        words.interval(forecast.q05, forecast.q95),
        words.probability(forecast.p_top),
        words.amount(forecast.baseline_mean),
        number(forecast.baseline_rank),
        "; ".join(line.why[:MOST_REASONS]),
    ]


def _rests_on(board: Board) -> str:
    run = board.run
    return _("%(incidents)s reported by residents in %(months)s months") % {
        "incidents": words.counted(run.incidents),
        "months": number(run.months),
    }


def _signed(line: Line) -> list[str]:
    flag = line.flashpoint
    assert flag is not None
    until = _("until %(day)s") % {"day": _day(flag.expires_on)}
    return [line.area.name, f"{flag.signed_by}, {flag.get_signed_as_display()}; {until}", flag.reasons]


def _day(day: Any) -> str:
    return formats.date_format(day, "DATE_FORMAT")
