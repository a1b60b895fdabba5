"""Kind and name of an event code, for the two systems of codes that DC-09 carries."""

from .cid_codes import ARMING, CID_CODES, CLASSES
from .codes import Code
from .sia_codes import SIA_CODES

_TABLES: dict[str, dict[str, Code]] = {"SIA": SIA_CODES, "CID": CID_CODES}

_UNKNOWN = {"en": "Unknown event {}", "ru": "Неизвестное событие {}", "kk": "Белгісіз оқиға {}"}
_RESTORED = {"en": "{}: ended", "ru": "{}: восстановлено", "kk": "{}: қалпына келді"}
_STATUS = {"en": "{}: still present", "ru": "{}: всё ещё так", "kk": "{}: әлі де солай"}
_OPENING = {"en": "Disarmed: {}", "ru": "Снято с охраны: {}", "kk": "Күзеттен алынды: {}"}
_CLOSING = {"en": "Armed: {}", "ru": "Взято под охрану: {}", "kk": "Күзетке қойылды: {}"}
_ARMED_STATUS = {"en": "Arming state: {}", "ru": "Состояние охраны: {}", "kk": "Күзет күйі: {}"}

#: Conditions whose end is an event of the same kind, not the restoring of something that was wrong.
_KEEPS_KIND = frozenset(("open_close", "test", "supervision", "other"))


def find_code(system: str, code: str) -> Code | None:
    """Return the row of `code` in "SIA" or "CID"; None when there is none. KeyError for another system."""
    return _TABLES[system].get(code)


def event_concerns(system: str, code: str) -> str:
    """Return the kind of the condition a code is about: "panic" for PA, for PR and for 120."""
    row = find_code(system, code)
    if row is not None:
        return row.concerns
    if system == "CID":
        return CLASSES.get(code[:2]) or CLASSES.get(code[:1], "other")
    return "other"


def event_kind(system: str, code: str, qualifier: str = "new") -> str:
    """Return one of KINDS for a code of "SIA" or "CID" with its qualifier ("new", "restore" or "status").

    The end of an alarm, a trouble or a bypass is a "restore"; `event_concerns` says of what.
    """
    row = find_code(system, code)
    kind = row.kind if row is not None else event_concerns(system, code)
    if qualifier == "restore" and kind not in _KEEPS_KIND:
        return "restore"
    return kind


def event_name(system: str, code: str, lang: str = "en", qualifier: str = "new") -> str:
    """Return what a code says, in "en", "ru" or "kk" (any other language gives English)."""
    lang = lang if lang in _UNKNOWN else "en"
    row = find_code(system, code)
    name = row.names[lang] if row is not None else _UNKNOWN[lang].format(code)
    if system == "CID" and code in ARMING:
        frame = {"new": _OPENING, "restore": _CLOSING}.get(qualifier, _ARMED_STATUS)
        return frame[lang].format(name)
    if qualifier == "status":
        return _STATUS[lang].format(name)
    # A SIA restoral is a code with a name of its own; only Contact ID says it by the qualifier.
    if qualifier == "restore" and system == "CID":
        return _RESTORED[lang].format(name)
    return name
