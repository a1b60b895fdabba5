"""What the battery needs to know of this part's addresses."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.battery.samples import Sample
from tests.fixtures import Province, make_area, make_person
from tests.flashpoints import makers
from tirek.accounts.models import Agency, Person
from tirek.flashpoints.models import Flashpoint, Measure, Objection, Run
from tirek.incidents import series


def _run(province: Province) -> Run:
    """A run of the first district of the North: seen by its people, and by nobody of the South."""
    north = province.districts[0]
    found = Run.objects.filter(area=north).first()
    return found or makers.made_run(north, {north: 2.0, province.settlements[0]: 1.0, province.settlements[1]: None})


def _signer() -> Person:
    return Person.objects.filter(username="signer").first() or make_person("chief", username="signer")


def _flashpoint(province: Province) -> Flashpoint:
    run = _run(province)
    found = makers.flashpoint(run, province.districts[0], _signer())
    Objection.objects.create(flashpoint=found, text="Bazaar 7", made_by=make_person("overseer"))
    return found


def _measure(province: Province) -> Measure:
    return Measure.objects.create(
        area=province.districts[0],
        kind=Measure.Kind.LIGHTING,
        text="Lamps",
        agency=Agency.objects.order_by("pk").first(),
        due_on=timezone.localdate() + timedelta(days=7),
    )


def board(province: Province) -> dict[str, Any]:
    _flashpoint(province)
    return {}


def area(province: Province) -> dict[str, Any]:
    _flashpoint(province)
    _measure(province)
    return {"pk": province.districts[0].pk}


def flashpoint(province: Province) -> dict[str, Any]:
    return {"pk": _flashpoint(province).pk}


def objection(province: Province) -> dict[str, Any]:
    found = _flashpoint(province).objections.first()
    assert found is not None
    return {"pk": found.pk}


def measure(province: Province) -> dict[str, Any]:
    return {"pk": _measure(province).pk}


def run(province: Province) -> dict[str, Any]:
    return {"pk": _run(province).pk}


def more_districts(province: Province, n: int) -> None:
    """A newer run with more districts, each with a forecast and a flash-point."""
    north = province.districts[0]
    extra = [make_area("district", f"More {k}", 50.5, 57.0, 0.05, north) for k in range(n)]
    made = makers.made_run(north, dict.fromkeys(extra, 1.0))
    for each in extra:
        makers.flashpoint(made, each, _signer())


def more_flashpoints(province: Province, n: int) -> None:
    for _ in range(n):
        makers.flashpoint(_run(province), province.districts[0], _signer())


def more_measures(province: Province, n: int) -> None:
    for _ in range(n):
        _measure(province)


def more_runs(province: Province, n: int) -> None:
    north, last = province.districts[0], series.month_before()
    for k in range(n):
        makers.made_run(north, {north: 1.0}, origin=last - 40 - k)


SAMPLES = {
    "flashpoints:board": Sample(make=board, rows=more_districts),
    "flashpoints:map_json": Sample(make=board),
    "flashpoints:brief": Sample(make=board, answers={404}),
    "flashpoints:area": Sample(make=area, rows=more_flashpoints),
    "flashpoints:sign": area,
    "flashpoints:measure_new": area,
    "flashpoints:flashpoints": Sample(make=board, rows=more_flashpoints),
    "flashpoints:flashpoint": flashpoint,
    "flashpoints:renew": flashpoint,
    "flashpoints:withdraw": flashpoint,
    "flashpoints:object": flashpoint,
    "flashpoints:answer": objection,
    "flashpoints:measures": Sample(rows=more_measures),
    "flashpoints:measure": measure,
    "flashpoints:measure_edit": measure,
    "flashpoints:measure_close": measure,
    "flashpoints:outcomes": Sample(make=board),
    "flashpoints:burden": Sample(make=board, rows=more_flashpoints),
    "flashpoints:runs": Sample(make=board, rows=more_runs),
    "flashpoints:run": run,
    "flashpoints:compute": Sample(answers={404}),
}
