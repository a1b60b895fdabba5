"""No data of people in free text. A gentle check: it finds what is surely a number of a person, and says so.

It does not find names: that none belongs there stands under each field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

ADDRESS = re.compile(r"(?:https?://|www\.)\S+")  # numbers in the address of a page belong to the page
NATIONAL_ID = re.compile(r"(?<![\d№#/-])(?:\d[ -]?){11}\d(?!\d)")
PHONE = re.compile(r"(?<![\d№#/-])(?:\+7|8|7)[\s(.-]*\d{3}[\s).-]*\d{3}[\s.-]?\d{2}[\s.-]?\d{2}(?!\d)")
ABROAD = re.compile(r"\+\d[\d\s().-]{8,}\d")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.\w+")


def told(text: str) -> str:
    """What in a text is data of a person, as a sentence that says what to do; "" where nothing is found."""
    text = ADDRESS.sub(" ", text or "")
    if PHONE.search(text) or ABROAD.search(text):
        return _("This looks like a phone number. No data of people is kept here: take it out.")
    if NATIONAL_ID.search(text):
        return _("This looks like the number of a person (12 digits). No data of people is kept here: take it out.")
    if EMAIL.search(text):
        return _("This looks like an e-mail address. No data of people is kept here: take it out.")
    return ""


def told_in(texts: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same for several fields: [(field, sentence)] of those in which something is found."""
    return [(field, sentence) for field, text in texts if (sentence := told(text))]
