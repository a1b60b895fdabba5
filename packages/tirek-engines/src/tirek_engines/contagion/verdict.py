"""What the model with contagion and the one without say beside each other."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What the two models beside each other say."""

    CONTAGION = "contagion"  # the model with contagion is clearly better
    CANNOT_TELL = "cannot tell"  # both describe the data about as well
    NOT_ENOUGH = "not enough"  # too few incidents to say anything
