"""The kinds of incident that an installation starts with. Kinds are rows: an installation may add its own.

Violence and threats of it, and nothing else. Drugs, arrests, stops and checks of people stand on no register of Tirek: they
say where officers looked, not where people were hurt.
"""

from __future__ import annotations

from typing import Any

# Code, group, usual severity, icon (Tabler), name in Kazakh, Russian, English.
KINDS = (
    ("attack", "violence", 4, "sword", "Шабуыл жасау", "Нападение", "Attack"),
    ("brawl", "violence", 3, "hand-stop", "Қару қолданылған төбелес", "Драка с применением оружия", "Brawl with weapons"),
    ("mass_brawl", "violence", 4, "users-group", "Жаппай төбелес", "Массовая драка", "Mass brawl"),
    ("armed_clash", "violence", 5, "swords", "Қарулы қақтығыс", "Вооружённое столкновение", "Armed clash"),
    ("shooting", "violence", 4, "current-location", "Атыс", "Стрельба", "Shooting"),
    ("explosion", "violence", 5, "bomb", "Жарылыс", "Взрыв", "Explosion"),
    ("arson", "violence", 4, "flame", "Өртеу", "Поджог", "Arson"),
    ("hate", "violence", 4, "mood-angry", "Өшпенділіктен туған зорлық", "Насилие на почве ненависти", "Violence out of hate"),
    ("vandalism", "violence", 2, "hammer", "Қорғалатын нысанды бүлдіру", "Вандализм на охраняемом объекте",
     "Vandalism of a protected place"),
    ("threat", "threat", 2, "message-report", "Зорлықпен қорқыту", "Угроза насилием", "Threat of violence"),
    ("armed_threat", "threat", 3, "target", "Қарумен қорқыту", "Угроза оружием", "Threat with a weapon"),
    ("bomb_threat", "threat", 3, "phone-off", "Жарылыс туралы хабарлама", "Сообщение о минировании", "Bomb threat"),
    ("found_device", "threat", 4, "alert-octagon", "Қауіпті зат табылды", "Обнаружен опасный предмет", "Dangerous object found"),
)  # fmt: skip


def add_missing(model: Any) -> None:
    """Add the kinds whose code `model` (Kind, perhaps a migration's) does not have; others stay as they are."""
    known = set(model.objects.values_list("code", flat=True))
    model.objects.bulk_create(
        model(code=code, group=group, severity=severity, icon=icon, name_kk=kk, name_ru=ru, name_en=en, order=10 * n)
        for n, (code, group, severity, icon, kk, ru, en) in enumerate(KINDS, start=1)
        if code not in known
    )
