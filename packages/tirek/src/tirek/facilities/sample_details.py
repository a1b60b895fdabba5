"""What the generated facilities are like inside: owners, heads, hours, buildings, entrances. All of it is made up."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass

from tirek.facilities.hours import ALL_DAY, Week
from tirek.facilities.models import Building, Entrance, Facility
from tirek.facilities.sample_words import language_at, said

WORKDAY, SHOP, LESSONS = [540, 780, 870, 1110], [540, 1260], [480, 1140]
ALWAYS: Week = [ALL_DAY] * 7
OPENING: dict[str, Week] = {
    "ward": ALWAYS,
    "lessons": [*[LESSONS] * 5, [480, 840], None],
    "office": [*[WORKDAY] * 5, None, None],
    "trade": [SHOP] * 7,
    "travel": [[300, 1410]] * 7,
    "evening": [*[[600, 1320]] * 7],
    "midday": [[360, 1320]] * 7,
    "guests": ALWAYS,
    "shifts": ALWAYS,
}
OWNERS = {
    "health": "Управление здравоохранения области",
    "education": "Управление образования области",
    "akimat": "Акимат, коммунальная собственность",
}
COMPANIES = ("ТОО «Дала Сервис»", "ТОО «Жайық Актив»", "АО «Мерей Холдинг»", "ТОО «Степь Инвест»", "ИП Сарсенов")
GUARDS = ("ТОО «Охрана Батыс»", "ТОО «Сенім Күзет»", "собственная служба охраны", "ТОО «Қалқан»", "сторожа, три смены")


@dataclass(frozen=True, slots=True)
class House:
    """A building of one type of facility: name, use, floors, part of the floor area."""

    name: str
    use: str
    floors: int
    part: float


HOUSES: dict[str, tuple[House, ...]] = {
    "hospital": (
        House("Главный корпус", "стационар, операционный блок", 5, 0.62),
        House("Приёмное отделение", "приём и диагностика", 2, 0.2),
        House("Хозяйственный блок", "кухня, прачечная, кислородная станция", 1, 0.18),
    ),
    "school": (House("Учебный корпус", "классы, актовый зал", 3, 0.78), House("Спортивный зал", "зал, раздевалки", 1, 0.22)),
    "college": (House("Учебный корпус", "аудитории", 4, 0.6), House("Общежитие", "комнаты студентов", 5, 0.4)),
    "market": (House("Крытый павильон", "торговые ряды", 1, 0.7), House("Администрация", "контора, охрана", 2, 0.3)),
    "stadium": (House("Арена", "трибуны, поле", 2, 0.8), House("Раздевалки", "спортсмены, судьи", 1, 0.2)),
    "transport": (House("Вокзал", "зал ожидания, кассы", 2, 0.75), House("Диспетчерская", "смена, связь", 1, 0.25)),
    "power_station": (
        House("Машинный зал", "турбины", 3, 0.5), House("Котельный цех", "котлы", 4, 0.35),
        House("Щит управления", "смена", 2, 0.15),
    ),
    "water": (House("Насосная станция", "насосы, хлораторная", 1, 0.7), House("Пункт управления", "смена", 1, 0.3)),
    "fuel": (House("Операторная", "смена, учёт", 1, 0.4), House("Насосная", "перекачка", 1, 0.6)),
    "industry": (House("Цех № 1", "производство", 2, 0.65), House("Управление", "контора, проходная", 3, 0.35)),
}  # fmt: skip
ONE = (House("Главное здание", "основная деятельность", 2, 1.0),)
DOORS = (
    ("Главный вход", Entrance.Kind.MAIN, "рамка, охранник"),
    ("Служебный вход", Entrance.Kind.STAFF, "по карте доступа"),
    ("Ворота двора", Entrance.Kind.VEHICLE, "шлагбаум, журнал въезда"),
    ("Запасный выход № {n}", Entrance.Kind.EMERGENCY, "открывается изнутри"),
)


class Details:
    """Fills in facilities; the same seed gives the same ones."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def fill(self, facility: Facility, rhythm: str, agency: str, head: str, phone: str) -> None:
        """The fields of the facility itself."""
        chance = self.random
        area = max(120, round(facility.capacity * chance.uniform(7.5, 14.0), -1))
        facility.opening = OPENING[rhythm]
        language = language_at(facility.code)
        facility.owner = said(OWNERS.get(agency) or chance.choice(COMPANIES), language)
        facility.head = head
        facility.phone = phone
        facility.email = f"office@{facility.code.lower()}.example"
        facility.staff = max(4, round(facility.capacity * chance.uniform(0.08, 0.22)))
        facility.floor_area_m2 = int(area)
        facility.site_area_m2 = int(round(area * chance.uniform(1.4, 3.2), -1))
        facility.perimeter_m = int(round(4.3 * facility.site_area_m2**0.5, -1))
        facility.guards = said(chance.choice(GUARDS), language)

    def buildings(self, facility: Facility) -> Iterator[Building]:
        """Its buildings; together they have its floor area."""
        for order, house in enumerate(HOUSES.get(facility.type.code, ONE), start=1):
            yield Building(
                facility=facility,
                name=said(house.name, language_at(facility.code)),
                use=said(house.use, language_at(facility.code)),
                floors=house.floors,
                area_m2=round((facility.floor_area_m2 or 0) * house.part),
                built=self.random.randint(1962, 2019),
                people=round(facility.capacity * house.part),
                order=order,
            )

    def entrances(self, facility: Facility, first: Building) -> Iterator[Entrance]:
        """As many ways in as the facility says it has."""
        for number in range(1, facility.entrances + 1):
            name, kind, control = DOORS[min(number, len(DOORS)) - 1]
            yield Entrance(
                facility=facility,
                building=None if kind == Entrance.Kind.VEHICLE else first,
                name=said(name, language_at(facility.code)).format(n=number - len(DOORS) + 1),
                kind=kind,
                control=said(control, language_at(facility.code)),
                order=number,
            )
