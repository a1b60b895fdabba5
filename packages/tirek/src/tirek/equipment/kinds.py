"""The kinds of equipment that an installation starts with. Kinds are rows: an installation may add its own."""

from __future__ import annotations

from typing import Any

# Code, group, icon (Tabler), days between tests (None: no tests are due), name in Kazakh, Russian, English.
KINDS = (
    ("camera", "video", "device-cctv", 92, "Бейнекамера", "Видеокамера", "Camera"),
    ("video_recorder", "video", "device-desktop-analytics", 92, "Бейнетіркегіш", "Видеорегистратор", "Video recorder"),
    ("monitor", "video", "device-desktop", None, "Бақылау мониторы", "Монитор наблюдения", "Monitor of the guard"),
    ("panic_button", "alarm", "hand-finger", 30, "Дабыл түймесі", "Тревожная кнопка", "Panic button"),
    ("alarm_panel", "alarm", "urgent", 30, "Дабыл панелі", "Тревожная панель", "Alarm panel"),
    ("intrusion_detector", "alarm", "door", 92, "Күзет датчигі", "Охранный датчик", "Intrusion detector"),
    ("loudspeaker", "sound", "speakerphone", 92, "Дауыс зорайтқыш", "Громкоговоритель", "Loudspeaker"),
    ("siren", "sound", "volume", 92, "Сирена", "Сирена", "Siren"),
    ("amplifier", "sound", "device-speaker", 92, "Хабарлау күшейткіші", "Усилитель оповещения", "Public-address amplifier"),
    ("intercom", "access", "phone-call", 183, "Домофон", "Домофон", "Intercom"),
    ("access_control", "access", "lock-access", 92, "Кіруді бақылау жүйесі", "Система контроля доступа", "Access control"),
    ("turnstile", "access", "arrows-right-left", 92, "Турникет", "Турникет", "Turnstile"),
    ("metal_detector", "detection", "scan", 92, "Металл іздегіш", "Металлодетектор", "Metal detector"),
    ("xray", "detection", "luggage", 92, "Интроскоп", "Интроскоп", "X-ray scanner"),
    ("barrier", "barrier", "barrier-block", 183, "Шлагбаум", "Шлагбаум", "Barrier"),
    ("gate", "barrier", "fence", 183, "Қақпа", "Ворота", "Gate"),
    ("fence", "barrier", "fence", None, "Қоршау", "Ограждение", "Fence"),
    ("bollards", "barrier", "traffic-cone", None, "Көлікке қарсы бағандар", "Противотаранные столбы", "Bollards"),
    ("lighting", "light", "bulb", 183, "Аумақты жарықтандыру", "Освещение территории", "Lighting of the site"),
    ("emergency_light", "light", "lamp-2", 183, "Авариялық жарықтандыру", "Аварийное освещение", "Emergency lighting"),
    ("generator", "power", "engine", 92, "Генератор", "Генератор", "Generator"),
    ("ups", "power", "battery-charging", 183, "Үздіксіз қуат көзі", "Источник бесперебойного питания", "UPS"),
    ("fire_panel", "fire", "flame", 92, "Өрт дабылының панелі", "Пожарная панель", "Fire panel"),
    ("smoke_detector", "fire", "wind", 183, "Түтін датчигі", "Дымовой извещатель", "Smoke detector"),
    ("extinguishers", "fire", "fire-extinguisher", 365, "Өрт сөндіргіштер жинағы", "Комплект огнетушителей", "Extinguishers"),
    ("first_aid", "other", "first-aid-kit", 183, "Алғашқы көмек жинағы", "Комплект первой помощи", "First-aid set"),
    ("radio", "other", "device-mobile", 92, "Қызметтік радиостанция", "Служебная радиостанция", "Two-way radio"),
)  # fmt: skip


def add_missing(model: Any) -> None:
    """Add the kinds whose code `model` (Kind, perhaps a migration's) does not have; others stay as they are."""
    known = set(model.objects.values_list("code", flat=True))
    model.objects.bulk_create(
        model(code=code, group=group, icon=icon, test_every_days=days, name_kk=kk, name_ru=ru, name_en=en)
        for code, group, icon, days, kk, ru, en in KINDS
        if code not in known
    )
