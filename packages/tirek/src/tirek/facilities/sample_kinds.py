"""What the generated facilities of the sample province are like: how many, how large, how full, what they are called."""

from __future__ import annotations

from dataclasses import dataclass

# How full a place is at each hour of a working day, midnight first, as parts of its capacity.
RHYTHMS = {
    "ward": [0.55] * 7 + [0.6, 0.75, 0.9, 1.0, 1.0, 0.95, 0.95, 1.0, 0.95, 0.9, 0.8, 0.75, 0.7, 0.65, 0.6, 0.58, 0.55],
    "lessons": [0.0] * 7 + [0.15, 0.85, 0.95, 1.0, 1.0, 0.95, 0.9, 0.9, 0.85, 0.75, 0.55, 0.3, 0.1, 0.02, 0.0, 0.0, 0.0],
    "office": [0.02] * 7 + [0.1, 0.6, 0.9, 1.0, 1.0, 0.9, 0.6, 0.9, 0.95, 0.9, 0.7, 0.3, 0.1, 0.05, 0.03, 0.02, 0.02],
    "trade": [0.01] * 8 + [0.05, 0.25, 0.5, 0.65, 0.75, 0.8, 0.8, 0.8, 0.85, 0.95, 1.0, 0.9, 0.6, 0.25, 0.05, 0.01],
    "travel": [0.15, 0.1, 0.1, 0.1, 0.15, 0.3, 0.55, 0.85, 1.0, 0.9, 0.7, 0.65,
               0.7, 0.7, 0.65, 0.7, 0.8, 0.95, 1.0, 0.85, 0.6, 0.45, 0.3, 0.2],
    "evening": [0.0] * 8 + [0.02, 0.05, 0.1, 0.1, 0.15, 0.15, 0.15, 0.2, 0.3, 0.5, 0.9, 1.0, 0.9, 0.4, 0.05, 0.0],
    "midday": [0.0] * 5 + [0.1, 0.15, 0.1, 0.1, 0.1, 0.15, 0.2, 0.6, 1.0, 0.4, 0.2, 0.25, 0.35, 0.4, 0.45, 0.35, 0.15] + [0.0] * 2,
    "guests": [0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.85, 0.7, 0.5, 0.35, 0.3,
               0.3, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.65, 0.7, 0.8, 0.85, 0.9],
    "shifts": [0.55] * 7 + [0.7, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.95, 0.8, 0.65, 0.6, 0.6, 0.6, 0.55, 0.55],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of facility in the sample. One for every `per` people of a settlement that has at least `least` of them.

    `agency`: the code of the sample agency in charge, without "sample-"; "" is none.
    `near`: how far from the centre, as parts of the settlement's radius. Names hold `{n}` (a number) or `{word}`.
    """

    type: str
    agency: str
    per: int
    least: int
    category: int
    capacity: tuple[int, int]
    rhythm: str
    near: tuple[float, float]
    kk: str
    ru: str
    en: str


KINDS = (
    Kind("hospital", "health", 80_000, 5_000, 1, (120, 480), "ward", (0.1, 0.5),
         "№ {n} аурухана", "больница № {n}", "hospital No. {n}"),
    Kind("clinic", "health", 70_000, 15_000, 2, (90, 300), "office", (0.1, 0.7),
         "№ {n} емхана", "поликлиника № {n}", "clinic No. {n}"),
    Kind("school", "education", 24_000, 2_000, 2, (350, 1400), "lessons", (0.05, 0.8),
         "№ {n} орта мектеп", "средняя школа № {n}", "school No. {n}"),
    Kind("kindergarten", "education", 30_000, 7_000, 3, (90, 320), "lessons", (0.05, 0.8),
         "№ {n} балабақша", "детский сад № {n}", "kindergarten No. {n}"),
    Kind("college", "education", 100_000, 20_000, 2, (400, 2200), "lessons", (0.05, 0.5),
         "№ {n} колледж", "колледж № {n}", "college No. {n}"),
    Kind("government", "akimat", 90_000, 4_000, 1, (60, 260), "office", (0.0, 0.25),
         "№ {n} әкімшілік ғимараты", "административное здание № {n}", "public building No. {n}"),
    Kind("market", "akimat", 120_000, 15_000, 2, (300, 1800), "trade", (0.1, 0.5),
         "«{word}» базары", "рынок «{word}»", "{word} market"),
    Kind("shopping_centre", "akimat", 65_000, 23_000, 2, (250, 2600), "trade", (0.05, 0.6),
         "«{word}» сауда орталығы", "торговый центр «{word}»", "{word} shopping centre"),
    Kind("worship", "", 90_000, 8_000, 2, (80, 900), "midday", (0.05, 0.6),
         "№ {n} ғибадат үйі", "культовое здание № {n}", "place of worship No. {n}"),
    Kind("transport", "", 130_000, 8_000, 1, (120, 1500), "travel", (0.1, 0.4),
         "№ {n} автобекет", "автостанция № {n}", "bus station No. {n}"),
    Kind("stadium", "akimat", 130_000, 20_000, 2, (300, 6500), "evening", (0.15, 0.6),
         "«{word}» спорт кешені", "спорткомплекс «{word}»", "{word} sports centre"),
    Kind("culture", "akimat", 130_000, 11_000, 3, (120, 800), "evening", (0.02, 0.4),
         "«{word}» мәдениет үйі", "дом культуры «{word}»", "{word} house of culture"),
    Kind("hotel", "", 100_000, 25_000, 3, (40, 280), "guests", (0.02, 0.4),
         "«{word}» қонақүйі", "гостиница «{word}»", "{word} hotel"),
    Kind("power_station", "", 250_000, 25_000, 1, (15, 160), "shifts", (0.7, 1.0),
         "№ {n} жылу-электр орталығы", "теплоэлектроцентраль № {n}", "heat and power plant No. {n}"),
    Kind("water", "", 250_000, 18_000, 1, (6, 40), "shifts", (0.6, 1.0),
         "№ {n} су тазарту станциясы", "водозаборная станция № {n}", "waterworks No. {n}"),
    Kind("fuel", "", 300_000, 23_000, 1, (8, 40), "shifts", (0.7, 1.0),
         "№ {n} мұнай базасы", "нефтебаза № {n}", "fuel depot No. {n}"),
    Kind("industry", "", 85_000, 18_000, 2, (80, 900), "shifts", (0.6, 1.0),
         "«{word}» зауыты", "завод «{word}»", "{word} works"),
    Kind("broadcast", "", 400_000, 100_000, 1, (20, 80), "shifts", (0.1, 0.5),
         "№ {n} телерадио орталығы", "телерадиоцентр № {n}", "broadcasting centre No. {n}"),
)  # fmt: skip

# Words for names: Kazakh, Russian, English spelling.
WORDS = (
    ("Арай", "Арай", "Arai"),
    ("Береке", "Береке", "Bereke"),
    ("Достық", "Достык", "Dostyk"),
    ("Жұлдыз", "Жулдыз", "Zhuldyz"),
    ("Көктем", "Коктем", "Koktem"),
    ("Мерей", "Мерей", "Merei"),
    ("Самал", "Самал", "Samal"),
    ("Шаңырақ", "Шанырак", "Shanyrak"),
    ("Алтын дала", "Алтын дала", "Altyn Dala"),
    ("Ақ бұлақ", "Ак булак", "Ak Bulak"),
    ("Болашақ", "Болашак", "Bolashak"),
    ("Келешек", "Келешек", "Keleshek"),
)
STREETS = (
    ("Абай даңғылы", "проспект Абая"),
    ("Бейбітшілік көшесі", "улица Мира"),
    ("Тәуелсіздік даңғылы", "проспект Независимости"),
    ("Жастар көшесі", "улица Молодёжная"),
    ("Мектеп көшесі", "улица Школьная"),
    ("Теміржол көшесі", "улица Железнодорожная"),
    ("Бөгенбай батыр көшесі", "улица Богенбай батыра"),
    ("Дала көшесі", "улица Степная"),
    ("Орталық көше", "улица Центральная"),
    ("Саябақ көшесі", "улица Парковая"),
    ("Құрылысшылар көшесі", "улица Строителей"),
    ("Геологтар көшесі", "улица Геологов"),
)
FIRST_NAMES = (
    "Айгүл",
    "Асқар",
    "Бауыржан",
    "Гүлнар",
    "Данияр",
    "Ержан",
    "Жанар",
    "Ирина",
    "Мәди",
    "Нұрлан",
    "Сергей",
    "Сәуле",
)
LAST_NAMES = ("Ахметов", "Досжанов", "Ибраев", "Ким", "Қасымов", "Лебедев", "Оспанов", "Сәрсенов", "Тілеуов")
WOMEN = {"Айгүл", "Гүлнар", "Жанар", "Ирина", "Сәуле"}
