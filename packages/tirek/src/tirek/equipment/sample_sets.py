"""What is installed where in the sample province. Makers and models are made up."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """So many of a kind at a facility; `share` is how often a facility of this type has any."""

    kind: str
    least: int
    most: int
    share: float = 1.0
    places: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    quantity: int = 1


OUTSIDE = (
    "главный вход",
    "двор",
    "въезд",
    "периметр, север",
    "периметр, юг",
    "холл",
    "коридор, 1 этаж",
    "коридор, 2 этаж",
)
GUARD = ("пост охраны",)

HOSPITAL = (
    Line("camera", 19, 19, places=(
        "главный вход", "холл", "регистратура", "приёмное отделение", "приёмное отделение, коридор", "коридор, 1 этаж",
        "коридор, 2 этаж", "коридор, 3 этаж", "детское отделение", "лестница, запад", "лестница, восток", "аптечный склад",
        "кислородная станция", "двор, север", "двор, юг", "въезд скорой", "стоянка", "западный вход", "ворота двора",
    )),
    Line("video_recorder", 1, 1, places=("серверная",)),
    Line("monitor", 1, 1, places=GUARD),
    Line("panic_button", 3, 3, places=("приёмный покой", "регистратура", "детское отделение"), zones=("12", "13", "14")),
    Line("intrusion_detector", 2, 2, places=("западное крыло", "аптечный склад"), zones=("31", "32")),
    Line("amplifier", 1, 1, places=("серверная",)),
    Line("intercom", 1, 1, places=("въезд скорой",)),
    Line("access_control", 2, 2, places=("главный вход", "аптечный склад")),
    Line("metal_detector", 1, 1, places=("главный вход",)),
    Line("barrier", 1, 1, places=("въезд скорой",)),
    Line("gate", 1, 1, places=("ворота двора",)),
    Line("fence", 1, 1, places=("периметр",)),
    Line("lighting", 1, 1, places=("двор",), quantity=14),
    Line("emergency_light", 1, 1, places=("пути эвакуации",), quantity=40),
    Line("generator", 1, 1, places=("котельная",)),
    Line("ups", 2, 2, places=("серверная", "реанимация")),
    Line("fire_panel", 1, 1, places=GUARD),
    Line("smoke_detector", 1, 1, places=("все этажи",), quantity=180, zones=("21",)),
    Line("extinguishers", 2, 2, places=("этажи 1–3", "этажи 4–5"), quantity=12),
    Line("radio", 1, 1, places=GUARD, quantity=4),
)  # fmt: skip

BASE = (
    Line("camera", 2, 8, 0.9, OUTSIDE),
    Line("video_recorder", 1, 1, 0.85, GUARD),
    Line("panic_button", 1, 2, 0.75, GUARD),
    Line("access_control", 1, 1, 0.35, ("главный вход",)),
    Line("fence", 1, 1, 0.5, ("периметр",)),
    Line("lighting", 1, 1, 0.7, ("двор",), quantity=6),
    Line("emergency_light", 1, 1, 0.6, ("пути эвакуации",), quantity=8),
    Line("fire_panel", 1, 1, 0.85, GUARD),
    Line("extinguishers", 1, 1, 0.95, ("все этажи",), quantity=6),
)

SETS = {
    "school": (
        Line("camera", 4, 12, 0.95, OUTSIDE),
        Line("video_recorder", 1, 1, 0.95, GUARD),
        Line("panic_button", 1, 2, 0.9, ("пост охраны", "кабинет директора"), zones=("1", "2")),
        Line("turnstile", 1, 2, 0.6, ("главный вход",)),
        Line("metal_detector", 1, 1, 0.35, ("главный вход",)),
        Line("amplifier", 1, 1, 0.6, ("учительская",)),
        Line("fence", 1, 1, 0.9, ("периметр",)),
        Line("gate", 1, 1, 0.7, ("въезд",)),
        Line("lighting", 1, 1, 0.8, ("двор",), quantity=8),
        Line("emergency_light", 1, 1, 0.7, ("пути эвакуации",), quantity=16),
        Line("fire_panel", 1, 1, 0.95, GUARD),
        Line("extinguishers", 1, 1, 1.0, ("все этажи",), quantity=14),
    ),
    "market": (
        Line("camera", 6, 16, 0.95, OUTSIDE),
        Line("video_recorder", 1, 2, 0.9, GUARD),
        Line("panic_button", 1, 2, 0.7, ("администрация", "северные ворота"), zones=("1", "2")),
        Line("barrier", 1, 2, 0.7, ("въезд",)),
        Line("bollards", 1, 1, 0.4, ("главный вход",), quantity=8),
        Line("metal_detector", 1, 2, 0.3, ("главный вход",)),
        Line("fire_panel", 1, 1, 0.8, GUARD),
        Line("extinguishers", 1, 1, 0.9, ("павильоны",), quantity=20),
        Line("lighting", 1, 1, 0.8, ("ряды",), quantity=20),
    ),
    "power_station": (
        Line("camera", 10, 24, 1.0, OUTSIDE),
        Line("video_recorder", 1, 2, 1.0, GUARD),
        Line("panic_button", 1, 2, 0.95, GUARD),
        Line("access_control", 1, 3, 0.95, ("проходная",)),
        Line("turnstile", 1, 2, 0.9, ("проходная",)),
        Line("barrier", 1, 2, 0.95, ("въезд",)),
        Line("fence", 1, 1, 1.0, ("периметр",)),
        Line("intrusion_detector", 4, 10, 0.85, ("периметр, север", "периметр, юг")),
        Line("generator", 1, 1, 0.95, ("машинный зал",)),
        Line("ups", 1, 2, 0.9, ("щитовая",)),
        Line("lighting", 1, 1, 1.0, ("периметр",), quantity=30),
        Line("fire_panel", 1, 1, 1.0, GUARD),
        Line("extinguishers", 1, 2, 1.0, ("машинный зал",), quantity=24),
        Line("radio", 1, 1, 0.9, GUARD, quantity=6),
    ),
}  # fmt: skip
SETS["hospital"] = (
    Line("camera", 5, 14, 0.95, OUTSIDE),
    *(line for line in HOSPITAL if line.kind not in ("camera", "panic_button")),
)
SETS["hospital"] += (Line("panic_button", 1, 3, 0.85, ("приёмный покой", "регистратура"), zones=("12", "13", "14")),)
SETS["water"] = SETS["fuel"] = SETS["broadcast"] = SETS["power_station"]
SETS["shopping_centre"] = SETS["transport"] = SETS["market"]
SETS["college"] = SETS["school"]

MODELS = {
    "camera": (("Далалық", "DK-210"), ("Далалық", "DK-420 IP"), ("Бақыла", "B-4M")),
    "video_recorder": (("Бақыла", "NVR-16"), ("Бақыла", "NVR-32")),
    "panic_button": (("Белгі", "T-1"), ("Белгі", "T-2R")),
    "intrusion_detector": (("Белгі", "IR-12"),),
    "amplifier": (("Дауыс", "A-240"),),
    "metal_detector": (("Қақпа", "M-18"),),
    "generator": (("Қуат", "G-100"), ("Қуат", "G-250")),
    "ups": (("Қуат", "U-6"),),
    "turnstile": (("Қақпа", "T-3"),),
    "access_control": (("Қақпа", "K-8"),),
    "fire_panel": (("Белгі", "F-24"),),
}  # fmt: skip
