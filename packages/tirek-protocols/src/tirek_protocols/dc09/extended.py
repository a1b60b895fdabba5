"""Extended data `[x...]` behind the data block (section 5.5.1.8), and what is worked out from it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_NAMES = {
    "A": ("Authentication hash", "Проверочный хеш", "Тексеру хеші"),
    "C": ("Supervision category", "Категория надзора", "Қадағалау санаты"),
    "G": ("Network path", "Сетевой путь", "Желі жолы"),
    "H": ("Time of occurrence", "Время события", "Оқиға уақыты"),
    "I": ("Alarm text", "Текст тревоги", "Дабыл мәтіні"),
    "J": ("JSON data", "Данные JSON", "JSON деректері"),
    "K": ("Encryption key", "Ключ шифрования", "Шифрлау кілті"),
    "L": ("Location", "Место", "Орны"),
    "M": ("MAC address", "MAC-адрес", "MAC-мекенжай"),
    "N": ("Network address", "Сетевой адрес", "Желілік мекенжай"),
    "O": ("Building", "Здание", "Ғимарат"),
    "P": ("Programming data", "Данные настройки", "Баптау деректері"),
    "R": ("Room", "Помещение", "Үй-жай"),
    "S": ("Site", "Объект", "Нысан"),
    "T": ("Trigger", "Источник", "Дереккөз"),
    "V": ("Verification", "Подтверждение", "Растау"),
    "X": ("Longitude", "Долгота", "Бойлық"),
    "Y": ("Latitude", "Широта", "Ендік"),
    "Z": ("Altitude", "Высота", "Биіктік"),
}
_LANGUAGES = {"en": 0, "ru": 1, "kk": 2}

_DEGREES = re.compile(r"(\d{1,3})([NSEW])(\d{1,2}(?:\.\d*)?)", re.IGNORECASE)
_DECIMAL = re.compile(r"[+-]?\d{1,3}\.\d+")
_MAC = re.compile(r"[0-9A-Fa-f]{12}")


@dataclass(slots=True)
class ExtendedData:
    """One block of extended data: a capital letter and its text. A value: do not change it."""

    id: str
    value: str

    def name(self, lang: str = "en") -> str:
        """What the letter stands for, in "en", "ru" or "kk"; the letter itself when nobody knows."""
        names = _NAMES.get(self.id)
        return self.id if names is None else names[_LANGUAGES.get(lang, 0)]


def first_value(blocks: Iterable[ExtendedData], letter: str) -> str | None:
    """Return the text of the first block with this letter."""
    return next((block.value for block in blocks if block.id == letter), None)


def read_location(blocks: Iterable[ExtendedData]) -> tuple[float, float] | None:
    """Return (latitude, longitude) in degrees from blocks X and Y; None unless both are there and possible.

    The standard's form is degrees, hemisphere, minutes (`045N12.2`); plain decimal degrees are read as well.
    """
    found = {block.id: block.value for block in blocks if block.id in "XY"}
    latitude = _degrees(found.get("Y", ""), "NS", 90)
    longitude = _degrees(found.get("X", ""), "EW", 180)
    return None if latitude is None or longitude is None else (latitude, longitude)


def _degrees(text: str, hemispheres: str, limit: int) -> float | None:
    found = _DEGREES.fullmatch(text)
    if found is not None:
        side = found[2].upper()
        minutes = float(found[3])
        if side not in hemispheres or minutes >= 60:
            return None
        value = int(found[1]) + minutes / 60
        value = -value if side in "SW" else value
    elif _DECIMAL.fullmatch(text):
        value = float(text)
    else:
        return None
    return value if abs(value) <= limit else None


def location_blocks(latitude: float, longitude: float) -> tuple[ExtendedData, ExtendedData]:
    """Write degrees as blocks X and Y, to a ten-thousandth of a minute (0.2 m)."""
    return (
        ExtendedData("X", _degrees_text(longitude, "EW", 3)),
        ExtendedData("Y", _degrees_text(latitude, "NS", 2)),
    )


def _degrees_text(value: float, sides: str, width: int) -> str:
    # Rounded as a whole number of the smallest step, so that minutes never round up to 60.
    steps = round(abs(value) * 600_000)
    whole, rest = divmod(steps, 600_000)
    return f"{whole:0{width}d}{sides[value < 0]}{rest / 10_000:07.4f}"


def read_mac(blocks: Iterable[ExtendedData]) -> str | None:
    """Return the MAC address of block M as `00:26:b9:e4:26:8b`."""
    digits = (first_value(blocks, "M") or "").replace(":", "").replace("-", "")
    if not _MAC.fullmatch(digits):
        return None
    return ":".join(digits[at : at + 2] for at in range(0, 12, 2)).lower()
