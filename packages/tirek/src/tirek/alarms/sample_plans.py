"""Response plans of the sample province: what a duty officer and a facility have agreed beforehand.

Plausible, and made up. A step is its words in Kazakh, Russian and English, and what its button does.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Step = tuple[str, str, str, str]

RING: Step = (
    "Күзет бекетімен байланысу",
    "Связаться с постом охраны",
    "Ring the guard post",
    "call_contact",
)
PATROL: Step = (
    "Полиция: жасақ жіберу",
    "Полиция: направить наряд",
    "Police: send a patrol",
    "call_police",
)
LOCK: Step = (
    "Ғимаратқа «Есіктерді жабыңыз» деп хабарлау",
    "Объявить по зданию «Закрыть двери»",
    "Announce in the building: lock the doors",
    "warn_building",
)
LEAVE: Step = (
    "Ғимаратқа эвакуация туралы хабарлау",
    "Объявить по зданию эвакуацию",
    "Announce in the building: leave by the nearest exit",
    "warn_building",
)
CONFIRM: Step = (
    "Жағдайды анықтау: күзет немесе жасақ орнында",
    "Подтвердить обстановку: охрана или наряд на месте",
    "Confirm what is going on: guard or patrol on the spot",
    "",
)
DECIDE: Step = (
    "Шешу: ауданды хабардар ету керек пе?",
    "Решить: оповещать район?",
    "Decide: warn the neighbourhood?",
    "warn_area",
)
REPORT: Step = (
    "Бастыққа баяндау",
    "Доложить начальнику",
    "Report to the chief",
    "",
)
FIRE_SERVICE: Step = (
    "101: өрт сөндіру қызметін шақыру",
    "101: вызвать пожарную службу",
    "101: call the fire service",
    "",
)
AMBULANCE: Step = (
    "103: жедел жәрдем шақыру",
    "103: вызвать скорую помощь",
    "103: call an ambulance",
    "",
)
QUIET_RING: Step = (
    "Объектіге қоңырау шалмау: қауіп төнген адамға зиян келуі мүмкін",
    "Не звонить на объект: это может навредить тому, кому угрожают",
    "Do not ring the facility: it may harm the person under threat",
    "",
)
TECHNICIAN: Step = (
    "Техникке хабарлап, мерзімін белгілеу",
    "Сообщить технику и записать срок",
    "Tell the technician and note by when",
    "",
)
POWER: Step = (
    "Нысандағы электр мен интернетті тексеруді сұрау",
    "Попросить проверить на объекте электричество и интернет",
    "Ask the facility to check power and internet",
    "call_contact",
)
CHILDREN: Step = (
    "Балалардың саны мен орнын нақтылау",
    "Уточнить, сколько детей и где они",
    "Find out how many children there are, and where",
    "call_contact",
)
GATHERING: Step = (
    "Жиналу орнында адамдарды санау",
    "Пересчитать людей в месте сбора",
    "Count the people at the meeting place",
    "",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """One response plan. `type` is the code of a type of facility, or empty for all."""

    code: str
    kind: str
    type: str
    kk: str
    ru: str
    en: str
    steps: tuple[Step, ...]
    warning: str = ""
    radius_m: int = 400


PLANS = (
    Plan("B-1", "panic", "", "Шабуыл", "Нападение", "Attack", (RING, PATROL, LOCK, CONFIRM, DECIDE, REPORT), "shelter"),
    Plan("B-2", "panic", "school", "Шабуыл, мектеп", "Нападение, школа", "Attack, school",
         (RING, PATROL, LOCK, CHILDREN, CONFIRM, DECIDE, REPORT), "shelter", 600),
    Plan("B-3", "panic", "hospital", "Шабуыл, аурухана", "Нападение, больница", "Attack, hospital",
         (RING, PATROL, LOCK, CONFIRM, DECIDE, REPORT), "shelter"),
    Plan("B-4", "panic", "market", "Шабуыл, базар", "Нападение, рынок", "Attack, market",
         (RING, PATROL, LEAVE, CONFIRM, DECIDE, REPORT), "evacuate", 500),
    Plan("H-1", "holdup", "", "Қарақшылық шабуыл", "Разбойное нападение", "Hold-up", (QUIET_RING, PATROL, CONFIRM, REPORT)),
    Plan("D-1", "duress", "", "Мәжбүрлеу", "Принуждение", "Duress", (QUIET_RING, PATROL, CONFIRM, REPORT)),
    Plan("F-1", "fire", "", "Өрт", "Пожар", "Fire", (FIRE_SERVICE, RING, LEAVE, GATHERING, DECIDE, REPORT), "fire", 300),
    Plan("M-1", "medical", "", "Медициналық көмек", "Медицинская помощь", "Medical help", (AMBULANCE, RING, CONFIRM)),
    Plan("I-1", "burglary", "", "Басып кіру", "Проникновение", "Intrusion", (RING, PATROL, CONFIRM)),
    Plan("T-1", "tamper", "", "Құрылғыны ашу", "Вскрытие прибора", "Tampering", (RING, CONFIRM, TECHNICIAN)),
    Plan("S-1", "silent", "", "Панель жауап бермейді", "Панель не отвечает", "Panel does not answer", (POWER, TECHNICIAN)),
    Plan("S-2", "trouble", "", "Техникалық ақау", "Техническая неисправность", "Technical trouble", (POWER, TECHNICIAN)),
)  # fmt: skip


class SampleZone(NamedTuple):
    """A zone of a sample panel. Name and place in Kazakh, Russian, English; `codes` are the events that it can send."""

    number: str
    name: tuple[str, str, str]
    place: tuple[str, str, str]
    codes: str = ""


PRESSED = ("Дабыл түймесі", "Тревожная кнопка", "Panic button")
COVER = ("Панель корпусы", "Корпус панели", "Cover of the panel")
GUARD = ("күзет бекеті", "пост охраны", "guard post")
YARD = ("аула", "двор", "yard")
SWITCHES = ("электр қалқаны", "щитовая", "switchboard")
ROW = ("жабық қатар", "крытый ряд", "covered row")
FIRST_FLOOR = ("1-қабат", "1 этаж", "ground floor")

#: Zones of a sample panel by type of facility. The first is a panic button.
COMMON = (
    SampleZone(
        "1",
        PRESSED,
        ("басты кіреберістегі күзет", "пост охраны у главного входа", "guard at the main entrance"),
        "PA MA",
    ),
    SampleZone("4", ("Қызметтік есік", "Служебная дверь", "Service door"), YARD, "BA"),
    SampleZone("6", ("Түтін, дәліз", "Дым, коридор", "Smoke, corridor"), FIRST_FLOOR, "FA"),
    SampleZone("9", COVER, SWITCHES, "TA AT"),
)
ZONES: dict[str, tuple[SampleZone, ...]] = {
    "hospital": (
        SampleZone("12", PRESSED, ("қабылдау бөлімі", "приёмный покой", "admissions"), "PA MA"),
        SampleZone("13", PRESSED, ("тіркеу орны, 1-қабат", "регистратура, 1 этаж", "front desk, ground floor"), "PA MA"),
        SampleZone(
            "14", PRESSED, ("балалар бөлімі, 3-қабат", "детское отделение, 3 этаж", "children's ward, third floor"), "PA MA"
        ),
        SampleZone(
            "21", ("Түтін, дәрі қоймасы", "Дым, аптечный склад", "Smoke, pharmacy store"), ("жертөле", "подвал", "basement"), "FA"
        ),
        SampleZone(
            "31", ("Қосалқы шығу есігі", "Двери запасного выхода", "Emergency exit doors"),
            ("батыс қанат", "западное крыло", "west wing"), "BA",
        ),
        SampleZone("40", COVER, SWITCHES, "TA AT"),
    ),
    "school": (
        SampleZone("1", PRESSED, GUARD, "PA MA"),
        SampleZone("2", PRESSED, ("директор кабинеті", "кабинет директора", "headmaster's office"), "PA MA"),
        SampleZone("4", ("Спорт залының есігі", "Дверь спортзала", "Gym door"), YARD, "BA"),
        SampleZone("6", ("Түтін, асхана", "Дым, столовая", "Smoke, canteen"), FIRST_FLOOR, "FA"),
        SampleZone("9", COVER, SWITCHES, "TA AT"),
    ),
    "market": (
        SampleZone("1", PRESSED, ("әкімшілік", "администрация", "administration"), "PA MA"),
        SampleZone("2", PRESSED, ("солтүстік қақпа", "северные ворота", "north gate"), "PA MA"),
        SampleZone("4", ("1-павильон есіктері", "Двери павильона 1", "Doors of pavilion 1"), ROW, "BA"),
        SampleZone("5", ("Түтін, 2-павильон", "Дым, павильон 2", "Smoke, pavilion 2"), ROW, "FA"),
        SampleZone("9", COVER, ("күзет бөлмесі", "охрана", "guard room"), "TA AT"),
    ),
}  # fmt: skip
