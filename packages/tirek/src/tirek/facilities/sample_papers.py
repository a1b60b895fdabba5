"""Plans, proposals and decisions of the sample province. The plans are drawn, the decisions written, by nobody but this file."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone

from tirek.accounts.models import Person
from tirek.facilities.models import Document, Facility, ListDecision, Proposal
from tirek.facilities.sample_words import language_at, said
from tirek.files.actions import store
from tirek.files.models import StoredFile

TYPST = Path(__file__).resolve().parent / "typst"
NOTE = "Үлгі деректер · Учебные данные"
COLOURS = ("#d7e6e5", "#e6ebee", "#efe6d8", "#e3e0ee")
WITH_PLAN = 10
Act, State = Proposal.Act, Proposal.State
ADD_REASON = "Массовое пребывание людей, на учёте ещё не состоит."
REMOVE_REASON = "Объект закрыт, людей на нём больше нет."


class Papers:
    """Writes the papers: `today` is the day from which all dates are counted back."""

    def __init__(self, today: date) -> None:
        self.today = today
        people = {p.username: p for p in Person.objects.filter(is_sample=True)}
        self.inspector = people.get("sample-inspector")
        self.chief = people.get("sample-chief")
        self.secretary = people.get("sample-secretary")

    # --- plans ---------------------------------------------------------------------------------------------------
    def plans(self, facilities: list[Facility]) -> int:
        """A site plan for the most important facilities, and a floor plan of the hospital in two versions."""
        made = [self._plan(facility) for facility in facilities[:WITH_PLAN]]
        hospital = facilities[0]
        old = self._floor(hospital, 900, "2019")
        new = self._floor(hospital, 60, "2026")
        Document.objects.filter(pk=old.pk).update(replaced_by=new)
        return len(made) + 2

    def _plan(self, facility: Facility) -> Document:
        buildings = list(facility.buildings.all())
        shapes, marks, legend = [], [], []
        x, y = 14.0, 16.0
        for number, building in enumerate(buildings):
            side = max(12.0, min(52.0, ((building.area_m2 or 400) / max(1, building.floors or 1)) ** 0.5))
            if x + side > 112:
                x, y = 14.0, y + 34
            shapes.append(_shape(x, y, side, min(26.0, side * 0.62), building.name, COLOURS[number % 4]))
            x += side + 9
        ways = facility.entrance_rows.all()
        for number, way in enumerate(ways[:6]):
            sign = f"{number + 1}"
            marks.append({"x": 12 + 19 * number, "y": 0 if way.kind == "vehicle" else 80, "sign": sign, "strong": True})
            legend.append({"sign": sign, "text": f"{way.name}: {way.control}"})
        for sign, text, at in (
            ("А", "жиналу орны / место сбора", (112, 10)),
            ("В", "гидрант", (6, 44)),
            ("К", "камера", (112, 72)),
        ):
            marks.append({"x": at[0], "y": at[1], "sign": sign, "strong": False})
            legend.append({"sign": sign, "text": text})
        data = _sheet(f"Бас жоспар · План территории: {facility.name_ru}", facility, shapes, marks, legend)
        stored = _stored("site_plan.typ", data, f"plan-{facility.code}.png", "png")
        title = said("План территории", language_at(facility.code))
        return self._document(facility, Document.Kind.SITE_PLAN, title, stored, 120)

    def _floor(self, facility: Facility, days: int, year: str) -> Document:
        building = facility.buildings.first()
        rooms = [
            _shape(4 + 23 * n, 6, 20, 22, f"{101 + n}", "#ffffff", small=True) for n in range(5)
        ] + [_shape(4 + 23 * n, 46, 20, 22, f"{106 + n}", "#ffffff", small=True) for n in range(5)]  # fmt: skip
        rooms.append(_shape(4, 29, 112, 16, "дәліз / коридор", "#f6f8f9"))
        marks = [
            {"x": 60, "y": 70, "sign": "1", "strong": True},
            {"x": 4, "y": 37, "sign": "2", "strong": True},
            {"x": 112, "y": 37, "sign": "Т", "strong": False},
        ]
        legend = [
            {"sign": "1", "text": "негізгі кіреберіс / главный вход"},
            {"sign": "2", "text": "қосалқы шығу / запасный выход"},
            {"sign": "Т", "text": "дабыл түймесі / тревожная кнопка"},
        ]
        data = _sheet(f"1-қабат · План 1 этажа: {facility.name_ru}", facility, rooms, marks, legend, height=74)
        stored = _stored("site_plan.typ", data, f"floor-1-{year}.pdf", "pdf")
        return self._document(facility, Document.Kind.FLOOR_PLAN, "План 1 этажа", stored, days, building)

    def _document(
        self, facility: Facility, kind: str, title: str, stored: StoredFile, days: int, building: Any = None
    ) -> Document:
        return Document.objects.create(
            facility=facility, building=building, kind=kind, title=title, file=stored,
            dated=self.today - timedelta(days=days), added_at=self._at(days), added_by=self.inspector,
        )  # fmt: skip

    # --- the list ------------------------------------------------------------------------------------------------
    def decisions(self, listed: list[Facility], off: dict[str, list[Facility]]) -> int:
        """Two decisions. `listed`: ten that they took up; `off`: by state, those that are not on the list."""
        removed, declined = off["removed"], off["declined"]
        first = [(f, Act.ADD, True) for f in listed[:4]] + [(f, Act.REMOVE, True) for f in removed[:3]]
        first += [(f, Act.ADD, False) for f in declined[:2]]
        second = [(f, Act.ADD, True) for f in listed[4:10]] + [(f, Act.REMOVE, True) for f in removed[3:]]
        second += [(f, Act.ADD, False) for f in declined[2:]]
        self._decide("14", 168, first)
        self._decide("23", 23, second)
        return 2

    def waiting(self, candidates: list[Facility], leaving: list[Facility]) -> int:
        """Proposals that wait: some for an opinion, some for the commission."""
        rows = []
        for number, facility in enumerate([*candidates, *leaving]):
            adds = facility in candidates
            rows.append(self._proposal(facility, Act.ADD if adds else Act.REMOVE, 3 + 4 * number, number % 2 == 1))
        Proposal.objects.bulk_create(rows)
        return len(rows)

    def _decide(self, number: str, days: int, rows: list[tuple[Facility, str, bool]]) -> None:
        dated = self.today - timedelta(days=days)
        parts = [
            ("Тізбеге енгізілсін · Включить в перечень", [f for f, act, yes in rows if act == Act.ADD and yes]),
            ("Тізбеден шығарылсын · Исключить из перечня", [f for f, act, yes in rows if act == Act.REMOVE and yes]),
            ("Енгізілмесін · Не включать", [f for f, act, yes in rows if act == Act.ADD and not yes]),
        ]
        data = {
            "title": "Об изменениях в перечне объектов, уязвимых в террористическом отношении",
            "body": "Облыстық комиссияның шешімі · Решение областной комиссии",
            "number": number,
            "dated": dated.strftime("%d.%m.%Y"),
            "note": NOTE,
            "parts": [
                {"title": title, "lines": [f"{f.name_ru}, {f.address_ru}" for f in chosen]}
                for title, chosen in parts
                if chosen
            ],
            "signed_as": "Секретарь комиссии",
            "signed_by": self.secretary.full_name if self.secretary else "",
        }
        decision = ListDecision.objects.create(
            number=number, dated=dated, title=data["title"], made_by=self.secretary, made_at=self._at(days - 1),
            file=_stored("decision.typ", data, f"decision-{number}.pdf", "pdf", kind="document"), is_sample=True,
        )  # fmt: skip
        proposals = []
        for facility, act, accepted in rows:
            proposal = self._proposal(facility, act, days + 20, True)
            proposal.state = State.ACCEPTED if accepted else State.DECLINED
            proposal.decision, proposal.decided_at = decision, self._at(days - 1)
            proposals.append(proposal)
        Proposal.objects.bulk_create(proposals)

    def _proposal(self, facility: Facility, act: str, days: int, reviewed: bool) -> Proposal:
        reason = ADD_REASON if act == Act.ADD else REMOVE_REASON
        proposal = Proposal(
            facility=facility, act=act, reason=said(reason, language_at(facility.code)),
            proposed_by=self.inspector, proposed_at=self._at(days), is_sample=True,
        )  # fmt: skip
        if reviewed and self.chief is not None:
            proposal.state = State.REVIEWED
            proposal.reviewed_by, proposal.reviewed_at = self.chief, self._at(days - 2)
            proposal.review, proposal.supported = "Осмотрено на месте, согласен.", True
        return proposal

    def _at(self, days: int) -> datetime:
        day = self.today - timedelta(days=days)
        return datetime(day.year, day.month, day.day, 11, 20, tzinfo=timezone.get_default_timezone())


def clear_files(stored: list[int]) -> None:
    """Remove the rows of files whose papers are gone; the worker clears their content away."""
    StoredFile.objects.filter(pk__in=stored, is_sample=True).delete()


def _shape(x: float, y: float, w: float, h: float, name: str, fill: str, small: bool = False) -> dict[str, Any]:
    return {"x": x, "y": y, "w": round(w, 1), "h": round(h, 1), "name": name, "fill": fill, "small": small}


def _sheet(title: str, facility: Facility, shapes: Any, marks: Any, legend: Any, height: int = 80) -> dict[str, Any]:
    return {
        "title": title,
        "subtitle": facility.address_ru,
        "note": NOTE,
        "dated": facility.code,
        "scale": 1.55,
        "width": 118,
        "height": height,
        "shapes": shapes,
        "marks": marks,
        "legend_title": "Шартты белгілер · Обозначения",
        "legend": legend,
        "scale_text": "20 м",
        "north": "С",
    }


def _stored(template: str, data: dict[str, Any], name: str, form: str, kind: str = "plan") -> StoredFile:
    """Draw it and keep it."""
    values = {"data": json.dumps(data, ensure_ascii=False)}
    drawn = typst.compile(str(TYPST / template), sys_inputs=values, format=form, ppi=110)
    return store(None, bytes(drawn), kind=kind, name=name, system="sample", is_sample=True)
