"""CAP, the Common Alerting Protocol: public warnings written strictly and read leniently.

`emit` writes CAP 1.2 and refuses what the standard forbids; `parse` reads what is out there, old versions
and faulty messages too, and says what is wrong with it. Source: OASIS Common Alerting Protocol Version 1.2.
"""

from .chains import Words, all_clear, cancel, reference_to, update
from .document import MAX_BYTES, NAMESPACE
from .errors import CapError, Problem
from .languages import group_languages
from .messages import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Info,
    MsgType,
    Pair,
    Point,
    Reference,
    Resource,
    ResponseType,
    Scope,
    Severity,
    Status,
    Urgency,
)
from .reading import Parsed, parse, parse_all
from .rules import check
from .schema import validate
from .signing import Verified, sign, verify
from .writing import emit

__all__ = [
    "MAX_BYTES",
    "NAMESPACE",
    "Alert",
    "Area",
    "CapError",
    "Category",
    "Certainty",
    "Circle",
    "Info",
    "MsgType",
    "Pair",
    "Parsed",
    "Point",
    "Problem",
    "Reference",
    "Resource",
    "ResponseType",
    "Scope",
    "Severity",
    "Status",
    "Urgency",
    "Verified",
    "Words",
    "all_clear",
    "cancel",
    "check",
    "emit",
    "group_languages",
    "parse",
    "parse_all",
    "reference_to",
    "sign",
    "update",
    "validate",
    "verify",
]
