"""Values of CAP 1.2 in the reader's language. Messages carry the values themselves."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

_WORDS: dict[str, Promise] = {
    # category
    "Geo": pgettext_lazy("CAP", "earth"),
    "Met": pgettext_lazy("CAP", "weather"),
    "Safety": pgettext_lazy("CAP", "safety"),
    "Security": pgettext_lazy("CAP", "security"),
    "Rescue": pgettext_lazy("CAP", "rescue"),
    "Fire": pgettext_lazy("CAP", "fire"),
    "Health": pgettext_lazy("CAP", "health"),
    "Env": pgettext_lazy("CAP", "environment"),
    "Transport": pgettext_lazy("CAP", "transport"),
    "Infra": pgettext_lazy("CAP", "supply networks"),
    "CBRNE": pgettext_lazy("CAP", "dangerous substances"),
    "Other": pgettext_lazy("CAP", "other"),
    # response
    "Shelter": pgettext_lazy("CAP", "take shelter"),
    "Evacuate": pgettext_lazy("CAP", "leave"),
    "Prepare": pgettext_lazy("CAP", "prepare"),
    "Execute": pgettext_lazy("CAP", "act as planned"),
    "Avoid": pgettext_lazy("CAP", "keep away"),
    "Monitor": pgettext_lazy("CAP", "follow the news"),
    "Assess": pgettext_lazy("CAP", "judge for yourself"),
    "AllClear": pgettext_lazy("CAP", "all clear"),
    "None": pgettext_lazy("CAP", "nothing to do"),
    # urgency
    "Immediate": pgettext_lazy("CAP", "at once"),
    "Expected": pgettext_lazy("CAP", "within an hour"),
    "Future": pgettext_lazy("CAP", "soon"),
    "Past": pgettext_lazy("CAP", "is over"),
    # severity
    "Extreme": pgettext_lazy("CAP", "extraordinary threat"),
    "Severe": pgettext_lazy("CAP", "serious threat"),
    "Moderate": pgettext_lazy("CAP", "possible threat"),
    "Minor": pgettext_lazy("CAP", "little threat"),
    # certainty
    "Observed": pgettext_lazy("CAP", "it happened or goes on"),
    "Likely": pgettext_lazy("CAP", "likely"),
    "Possible": pgettext_lazy("CAP", "possible"),
    "Unlikely": pgettext_lazy("CAP", "unlikely"),
    "Unknown": pgettext_lazy("CAP", "not known"),
}


def in_words(value: str) -> str:
    """A value of CAP in words; one that is not known stands for itself."""
    return str(_WORDS.get(value, value))
