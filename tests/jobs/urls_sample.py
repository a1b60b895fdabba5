"""How the battery asks for jobs."""

from __future__ import annotations

from typing import Any

from tests.battery.samples import Sample
from tests.fixtures import Province, make_person
from tirek.jobs.models import Job


def job(province: Province) -> dict[str, Any]:
    """Somebody else's: only administrators find it."""
    return {"pk": Job.objects.create(kind="test", title="Импорт", person=make_person("inspector")).pk}


def more_jobs(province: Province, count: int) -> None:
    for number in range(count):
        fields = {"state": Job.State.DONE, "done": number, "total": 30}
        Job.objects.create(kind="test", title=f"Импорт {number}", person=make_person("inspector"), **fields)


SAMPLES = {
    "jobs:jobs": Sample(rows=more_jobs),
    "jobs:job": Sample(make=job, answers={404}, scoped=False),
    "jobs:progress": Sample(make=job, answers={404}, scoped=False),
    "jobs:stop": Sample(make=job, answers={404}, scoped=False),
}
