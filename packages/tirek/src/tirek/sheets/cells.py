"""From the text of a cell to a value, and back. A parser says in words what is wrong with a text.

A cell of any file is text first (`as_text`), so that a table reads the same from CSV and from XLSX, today and when it is written.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.utils import formats, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Text = str | Promise
GUARDED = ("=", "+", "-", "@", "\t", "\r")
PLAIN_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")
ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
SHOWN = 60
YES = {"1", "true", "yes", "y", "да", "иә", "ия", "+", "x", "х", "✓"}
NO = {"0", "false", "no", "n", "нет", "жоқ", "-", ""}


class CellError(ValueError):
    """What is wrong with a cell: a translated sentence."""


def as_text(cell: Any) -> str:
    """A cell as a person would have typed it, without the apostrophe that our CSV puts before signs of formulas."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ", "minutes")
    if isinstance(cell, date | time):
        return cell.isoformat()
    text = ILLEGAL.sub("", str(cell)).replace("\u00a0", " ").replace("\r\n", "\n").strip()
    return text[1:] if len(text) > 1 and text[0] == "'" and text[1] in GUARDED else text


def guarded(text: str) -> str:
    """Text for CSV that no spreadsheet takes for a formula. `as_text` takes the guard off again."""
    return f"'{text}" if text.startswith(GUARDED) and not PLAIN_NUMBER.fullmatch(text) else text


def plain(name: str) -> str:
    """A heading or a choice for comparison: small letters and digits only."""
    return "".join(c for c in name.casefold().replace("ё", "е") if c.isalnum())


def in_every_language(text: Text) -> set[str]:
    """A text as each language says it, for comparison."""
    found = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found.add(plain(str(text)))
    return found


class Parser:
    """Text of any kind, and the pattern of the others. `empty` is the value of an empty cell."""

    empty: Any = ""

    def __init__(self, longest: int = 0) -> None:
        self.longest = longest

    def prepared(self, user: Any) -> Callable[[str], Any]:
        """The function that reads cells in one import of `user`: where it needs a list from the database, it is read here."""
        return self.read

    def read(self, text: str) -> Any:
        """The value of a text that is not empty. Raises CellError."""
        if self.longest and len(text) > self.longest:
            raise CellError(_("Longer than %(most)d characters.") % {"most": self.longest})
        return text

    def write(self, value: Any) -> Any:
        """The value for an exported cell: text, a number, a date or None. `read` understands it again."""
        return value

    def show(self, value: Any) -> str:
        """The value for a reader."""
        return "" if value is None else str(self.write(value))


class Number(Parser):
    """A number, "50,28" and "28 196" too, within bounds that count as allowed."""

    empty = None

    def __init__(self, least: float | None = None, most: float | None = None, *, whole: bool = False) -> None:
        super().__init__()
        self.least, self.most, self.whole = least, most, whole

    def read(self, text: str) -> Any:
        bare = re.sub(r"[\s\u00a0\u202f]", "", text)
        if "," in bare and "." not in bare:
            bare = bare.replace(",", ".")
        try:
            number = (
                float(bare) if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", bare, re.IGNORECASE) else math.nan
            )
        except (ValueError, OverflowError):
            number = math.nan
        if not math.isfinite(number):
            raise CellError(_("“%(text)s” is not a number.") % {"text": text[:SHOWN]})
        if self.whole and not number.is_integer():
            raise CellError(_("“%(text)s” is not a whole number.") % {"text": text[:SHOWN]})
        if self.least is not None and number < self.least:
            raise CellError(_("Must be at least %(least)s.") % {"least": _digits(self.least)})
        if self.most is not None and number > self.most:
            raise CellError(_("Must be at most %(most)s.") % {"most": _digits(self.most)})
        return int(number) if self.whole else number


class YesNo(Parser):
    """Yes or no, in three languages, or 1 and 0."""

    empty = False

    def read(self, text: str) -> bool:
        said = text.strip().casefold()
        if said in YES or plain(said) in in_every_language(gettext_lazy("yes")):
            return True
        if said in NO or plain(said) in in_every_language(gettext_lazy("no")):
            return False
        raise CellError(_("“%(text)s” is neither yes nor no.") % {"text": text[:SHOWN]})

    def write(self, value: Any) -> str:
        return _("yes") if value else _("no")


class Date(Parser):
    """A date: 2026-11-25, 25.11.2026 or 25/11/2026."""

    empty = None

    def read(self, text: str) -> date:
        for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d.%m.%y"):
            try:
                return datetime.strptime(text[:10], pattern).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
        raise CellError(_("“%(text)s” is not a date such as 25.11.2026.") % {"text": text[:SHOWN]})

    def show(self, value: Any) -> str:
        return "" if value is None else formats.date_format(value, "SHORT_DATE_FORMAT")


class Choice(Parser):
    """One of a few values, said by itself or by its name in any language."""

    empty = ""

    def __init__(self, choices: Iterable[tuple[Any, Text]], *, empty: Any = "") -> None:
        super().__init__()
        self.choices = dict(choices)
        self.empty = empty

    def prepared(self, user: Any) -> Callable[[str], Any]:
        known: dict[str, Any] = {}
        for value, name in self.choices.items():
            for word in {plain(str(value)), *in_every_language(name)}:
                known.setdefault(word, value)

        def read(text: str) -> Any:
            if (word := plain(text)) in known:
                return known[word]
            names = ", ".join(str(name) for name in list(self.choices.values())[:12])
            raise CellError(_("“%(text)s” is not one of: %(names)s.") % {"text": text[:SHOWN], "names": names})

        return read

    def read(self, text: str) -> Any:
        return self.prepared(None)(text)

    def write(self, value: Any) -> str:
        return str(self.choices.get(value, "" if value in (None, "") else value))


class Reference(Parser):
    """A row of another table, by its code (or by whatever other names `load` gives it).

    `load(user)` returns {code or name: code} of what `user` may refer to, read once for each import; compared without case. The
    value is the code, so that it is shown and written down without a query; the sheet's `write` knows the row behind it.
    """

    def __init__(self, load: Callable[[Any], Mapping[str, str]]) -> None:
        super().__init__()
        self.load = load

    def prepared(self, user: Any) -> Callable[[str], Any]:
        known = {code.strip().casefold(): value for code, value in self.load(user).items()}

        def read(text: str) -> Any:
            try:
                return known[text.casefold()]
            except KeyError:
                raise CellError(_("“%(text)s” is not known here.") % {"text": text[:SHOWN]}) from None

        return read

    def read(self, text: str) -> Any:
        raise NotImplementedError("a reference reads through prepared(user)")


def _digits(number: float) -> str:
    return formats.number_format(int(number) if float(number).is_integer() else number, use_l10n=True)
