"""Months (`incidents.months`: `year * 12 + month - 1`) as people read them."""

from __future__ import annotations

from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import get_language

from tirek.incidents.months import first_day, month_of

__all__ = ["first_day", "in_text", "in_words", "month_of", "name", "short", "since"]


def in_words(month: int) -> str:
    """ "December 2026", as a heading of a column or a sentence begins."""
    return capfirst(formats.date_format(first_day(month), "F Y"))


def in_text(month: int) -> str:
    """The same in the middle of a sentence: Kazakh and Russian write months small there, English does not."""
    return _small(in_words(month))


def since(month: int) -> str:
    """The same after "since": "December 2016", «декабря 2016», «2016 жылғы желтоқсан»."""
    day, language = first_day(month), (get_language() or "")[:2]
    if language == "kk":
        return f"{day.year} жылғы {_small(formats.date_format(day, 'F'))}"
    return _small(formats.date_format(day, "E Y" if language == "ru" else "F Y"))


def name(month: int) -> str:
    """The month without its year, in the middle of a sentence."""
    return _small(formats.date_format(first_day(month), "F"))


def _small(text: str) -> str:
    return text if (get_language() or "").startswith("en") else text.lower()


def short(month: int) -> str:
    """ "12.26": for axes, where no name fits."""
    return f"{first_day(month):%m.%y}"
