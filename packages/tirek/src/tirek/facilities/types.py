"""The types of facilities that an installation starts with. Types are rows: an installation may add its own."""

from __future__ import annotations

from typing import Any

# Code, icon (Tabler), name in Kazakh, Russian, English.
TYPES = (
    ("hospital", "building-hospital", "Аурухана", "Больница", "Hospital"),
    ("clinic", "stethoscope", "Емхана", "Поликлиника", "Clinic"),
    ("school", "school", "Мектеп", "Школа", "School"),
    ("kindergarten", "horse-toy", "Балабақша", "Детский сад", "Kindergarten"),
    ("college", "certificate", "Колледж, жоғары оқу орны", "Колледж, вуз", "College or university"),
    ("government", "building-bank", "Мемлекеттік мекеме", "Государственное учреждение", "Public authority"),
    ("market", "basket", "Базар", "Рынок", "Market"),
    ("shopping_centre", "shopping-bag", "Сауда орталығы", "Торговый центр", "Shopping centre"),
    ("worship", "building-monument", "Ғибадат үйі", "Культовое здание", "Place of worship"),
    ("transport", "bus", "Көлік торабы", "Транспортный узел", "Transport hub"),
    ("stadium", "ball-football", "Спорт нысаны", "Спортивный объект", "Sports ground"),
    ("culture", "masks-theater", "Мәдениет нысаны", "Объект культуры", "Culture"),
    ("hotel", "bed", "Қонақүй", "Гостиница", "Hotel"),
    ("power_station", "bolt", "Электр станциясы", "Электростанция", "Power station"),
    ("water", "droplet", "Сумен жабдықтау нысаны", "Объект водоснабжения", "Water supply"),
    ("fuel", "gas-station", "Жанармай қоймасы", "Склад топлива", "Fuel depot"),
    ("industry", "building-factory-2", "Өнеркәсіп нысаны", "Промышленный объект", "Industry"),
    ("broadcast", "broadcast", "Байланыс және телерадио", "Связь и телерадиовещание", "Telecom and broadcasting"),
)


def add_missing(model: Any) -> None:
    """Add the types whose code `model` (FacilityType, perhaps a migration's) does not have; others stay as they are."""
    known = set(model.objects.values_list("code", flat=True))
    model.objects.bulk_create(
        model(code=code, icon=icon, name_kk=kk, name_ru=ru, name_en=en)
        for code, icon, kk, ru, en in TYPES
        if code not in known
    )
