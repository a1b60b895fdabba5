"""The plans that Tirek ships: calm words for the threats that a province prepares for. Officers may change every text.

Places stand after a colon, so that a name fits without being declined. No text says who is to blame or repeats fear.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction

from tirek.warning.models import Plan, PlanText

Words = tuple[str, str, str]
"""Headline, what happened, what to do."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """One plan as shipped. `fields` are columns of `Plan` that differ from its defaults."""

    code: str
    order: int
    name: tuple[str, str, str]
    event: tuple[str, str, str]
    kk: Words
    ru: Words
    en: Words
    fields: dict[str, object] = field(default_factory=dict)


SHELTER = Shipped(
    code="shelter",
    order=10,
    name=("Шабуыл қаупі: ғимаратта қалу", "Опасность нападения: укрыться", "Danger of attack: shelter"),
    event=("Шабуыл қаупі", "Опасность нападения", "Danger of attack"),
    kk=(
        "Шабуыл қаупі. Ғимараттан шықпаңыз",
        "Қауіп бар. Орны: {place}. Полиция жұмыс істеп жатыр.",
        "Үйден шықпаңыз. Есікті жауып, терезеден алыс тұрыңыз. Көшеде болсаңыз, жақын ғимаратқа кіріңіз. "
        "Бұл жерге жақындамаңыз. Келесі хабарды күтіңіз.",
    ),
    ru=(
        "Опасность нападения. Укройтесь в помещении",
        "Есть опасность. Место: {place}. Полиция работает на месте.",
        "Не выходите из помещения. Закройте дверь и держитесь дальше от окон. Если вы на улице, войдите в ближайшее "
        "здание. Не приближайтесь к этому месту. Ждите следующего сообщения.",
    ),
    en=(
        "Danger of attack. Take shelter indoors",
        "There is danger. Place: {place}. The police are there.",
        "Stay inside. Close the door and keep away from windows. If you are in the street, go into the nearest building. "
        "Do not go near this place. Wait for the next message.",
    ),
    fields={"radius_m": 600},
)
EVACUATE = Shipped(
    code="evacuate",
    order=20,
    name=("Ғимараттан шығу", "Выйти из здания", "Leave the building"),
    event=("Эвакуация", "Эвакуация", "Evacuation"),
    kk=(
        "Ғимараттан шығыңыз",
        "Ғимараттан шығу керек: {place}.",
        "Сабыр сақтаңыз. Жақын шығу есігімен далаға шығыңыз. Лифтіні пайдаланбаңыз. Балаларға және қарттарға "
        "көмектесіңіз. Жиналу орнында күтіңіз, рұқсатсыз қайта кірмеңіз.",
    ),
    ru=(
        "Выйдите из здания",
        "Нужно выйти из здания: {place}.",
        "Сохраняйте спокойствие. Выйдите через ближайший выход. Не пользуйтесь лифтом. Помогите детям и пожилым. "
        "Ждите в месте сбора и не возвращайтесь без разрешения.",
    ),
    en=(
        "Leave the building",
        "People must leave the building: {place}.",
        "Stay calm. Go out by the nearest exit. Do not use the lift. Help children and old people. Wait at the assembly "
        "point and do not go back in before you are told to.",
    ),
    fields={"radius_m": 150, "response": "Evacuate", "category": "Safety"},
)
DANGEROUS_OBJECT = Shipped(
    code="object",
    order=30,
    name=("Күдікті зат", "Подозрительный предмет", "Suspicious object"),
    event=("Күдікті зат табылды", "Найден подозрительный предмет", "Suspicious object found"),
    kk=(
        "Күдікті зат табылды. Бұл жерден кетіңіз",
        "Күдікті зат табылды. Орны: {place}. Мамандар тексеріп жатыр.",
        "Бұл жерден сабырмен алыстаңыз. Затқа тимеңіз. Жанында ұялы телефонды пайдаланбаңыз. Полицияның айтқанын "
        "орындаңыз. Келесі хабарды күтіңіз.",
    ),
    ru=(
        "Найден подозрительный предмет. Отойдите от этого места",
        "Найден подозрительный предмет. Место: {place}. Его проверяют специалисты.",
        "Спокойно отойдите от этого места. Не трогайте предмет. Рядом с ним не пользуйтесь телефоном. Выполняйте "
        "указания полиции. Ждите следующего сообщения.",
    ),
    en=(
        "A suspicious object was found. Move away from this place",
        "A suspicious object was found. Place: {place}. Specialists are checking it.",
        "Move away calmly. Do not touch the object. Do not use a telephone near it. Do what the police tell you. Wait for "
        "the next message.",
    ),
    fields={"radius_m": 300, "response": "Evacuate", "severity": "Severe", "certainty": "Possible"},
)
CHEMICAL = Shipped(
    code="chemical",
    order=40,
    name=("Химиялық апат", "Химическая авария", "Chemical release"),
    event=("Химиялық заттың шығуы", "Выброс химического вещества", "Release of a chemical"),
    kk=(
        "Ауада зиянды зат бар. Терезені жабыңыз",
        "Зиянды зат ауаға шықты. Орны: {place}. Аумақ: {area}.",
        "Үйде қалыңыз. Терезе мен есікті, желдеткішті жабыңыз. Саңылауды дымқыл шүберекпен бітеңіз. Мұрын мен ауызды "
        "дымқыл матамен жабыңыз. Далада болсаңыз, желге көлденең жүріп кетіңіз. Келесі хабарды күтіңіз.",
    ),
    ru=(
        "В воздухе вредное вещество. Закройте окна",
        "В воздух попало вредное вещество. Место: {place}. Территория: {area}.",
        "Оставайтесь в помещении. Закройте окна, двери и вентиляцию. Заткните щели влажной тканью. Прикройте нос и рот "
        "влажной тканью. На улице уходите поперёк ветра. Ждите следующего сообщения.",
    ),
    en=(
        "Harmful substance in the air. Close the windows",
        "A harmful substance got into the air. Place: {place}. Area: {area}.",
        "Stay indoors. Close windows, doors and ventilation. Seal gaps with wet cloth. Cover nose and mouth with wet cloth. "
        "Outdoors, walk away across the wind. Wait for the next message.",
    ),
    fields={"radius_m": 2000, "category": "CBRNE", "valid_min": 120},
)
FIRE = Shipped(
    code="fire",
    order=50,
    name=("Өрт", "Пожар", "Fire"),
    event=("Өрт", "Пожар", "Fire"),
    kk=(
        "Өрт. Түтіннен алыс кетіңіз",
        "Өрт шықты. Орны: {place}. Өрт сөндірушілер жұмыс істеп жатыр.",
        "Бұл жерден кетіңіз. Түтінде еңкейіп жүріңіз. Лифтіні пайдаланбаңыз. Өрт сөндірушілерге жол беріңіз. "
        "Алысырақ үйлерде терезені жабыңыз.",
    ),
    ru=(
        "Пожар. Отойдите от дыма",
        "Начался пожар. Место: {place}. Пожарные работают на месте.",
        "Уйдите от этого места. В дыму пригнитесь. Не пользуйтесь лифтом. Пропустите пожарных. В соседних домах закройте "
        "окна.",
    ),
    en=(
        "Fire. Move away from the smoke",
        "A fire has broken out. Place: {place}. Firefighters are there.",
        "Move away from this place. In smoke, bend low. Do not use the lift. Let the firefighters pass. In houses nearby, "
        "close the windows.",
    ),
    fields={"radius_m": 400, "category": "Fire", "response": "Evacuate", "severity": "Severe"},
)
ALL_CLEAR = Shipped(
    code="all-clear",
    order=80,
    name=("Қауіп сейілді", "Отбой", "All-clear"),
    event=("Қауіп сейілді", "Отбой", "All-clear"),
    kk=(
        "Қауіп сейілді",
        "Енді қауіп жоқ. Орны: {place}.",
        "Қалыпты істеріңізге оралуға болады. Сабыр сақтағаныңыз үшін рақмет.",
    ),
    ru=(
        "Отбой",
        "Опасности больше нет. Место: {place}.",
        "Можно вернуться к обычным делам. Спасибо за спокойствие и помощь друг другу.",
    ),
    en=(
        "All-clear",
        "The danger is over. Place: {place}.",
        "You can go back to what you were doing. Thank you for staying calm and helping each other.",
    ),
    fields={
        "response": "AllClear", "urgency": "Past", "severity": "Minor", "tone": "all_clear", "tone_s": 10,
        "repeats_per_hour": 0, "valid_min": 30,
    },
)  # fmt: skip
CANCELLED = Shipped(
    code="cancelled",
    order=85,
    name=("Қате хабарды жою", "Отмена ошибочного сообщения", "Cancellation of a mistaken message"),
    event=("Хабар жойылды", "Сообщение отменено", "Message cancelled"),
    kk=(
        "Алдыңғы хабар жойылды. Қауіп жоқ",
        "Алдыңғы хабар қате берілді. Орны: {place}. Қауіп жоқ.",
        "Ештеңе істеудің қажеті жоқ. Мазалағанымыз үшін кешірім сұраймыз.",
    ),
    ru=(
        "Предыдущее сообщение отменено. Опасности нет",
        "Предыдущее сообщение передано по ошибке. Место: {place}. Опасности нет.",
        "Ничего делать не нужно. Просим извинить нас за беспокойство.",
    ),
    en=(
        "The last message is cancelled. There is no danger",
        "The last message was given by mistake. Place: {place}. There is no danger.",
        "You need not do anything. We are sorry for the disturbance.",
    ),
    fields={
        "response": "AllClear", "urgency": "Past", "severity": "Minor", "tone": "all_clear", "tone_s": 10,
        "repeats_per_hour": 0, "valid_min": 30,
    },
)  # fmt: skip
TEST = Shipped(
    code="test",
    order=90,
    name=("«Барлығының назарына!» тексеру", "Проверка «Внимание всем!»", "Test of “Attention, everyone!”"),
    event=("Хабардар ету жүйесін тексеру", "Проверка системы оповещения", "Test of the warning system"),
    kk=(
        "Барлығының назарына! Хабардар ету жүйесі тексеріліп жатыр",
        "Дауыс зорайтқыштар мен сиреналар тексеріліп жатыр. Аумақ: {area}.",
        "Қауіп жоқ. Ештеңе істеудің қажеті жоқ. Қалыпты істеріңізді жалғастырыңыз.",
    ),
    ru=(
        "Внимание всем! Проверка системы оповещения",
        "Проверяются громкоговорители и сирены. Территория: {area}.",
        "Опасности нет. Ничего делать не нужно. Продолжайте заниматься обычными делами.",
    ),
    en=(
        "Attention, everyone! Test of the warning system",
        "Loudspeakers and sirens are being tested. Area: {area}.",
        "There is no danger. You need not do anything. Please go on with what you were doing.",
    ),
    fields={
        "response": "None", "urgency": "Past", "severity": "Minor", "category": "Safety", "repeats_per_hour": 0,
        "valid_min": 15, "radius_m": 1000,
    },
)  # fmt: skip

SHIPPED = (SHELTER, EVACUATE, DANGEROUS_OBJECT, CHEMICAL, FIRE, ALL_CLEAR, CANCELLED, TEST)
# Plans of these codes are used by the acts that end an alert; nobody composes a new alert from them.
ENDINGS = frozenset({ALL_CLEAR.code, CANCELLED.code})


@transaction.atomic
def load_plans() -> int:
    """Add the shipped plans that are missing. What officers changed stays as it is. Returns how many were added."""
    there = set(Plan.objects.values_list("code", flat=True))
    missing = [plan for plan in SHIPPED if plan.code not in there]
    for shipped in missing:
        _add(shipped)
    return len(missing)


def _add(shipped: Shipped) -> None:
    languages = ("kk", "ru", "en")
    names = {f"name_{code}": text for code, text in zip(languages, shipped.name, strict=True)}
    events = {f"event_{code}": text for code, text in zip(languages, shipped.event, strict=True)}
    plan = Plan.objects.create(code=shipped.code, order=shipped.order, **names, **events, **shipped.fields)
    PlanText.objects.bulk_create(
        PlanText(plan=plan, language=language, headline=words[0], description=words[1], instruction=words[2])
        for language, words in zip(languages, (shipped.kk, shipped.ru, shipped.en), strict=True)
    )
