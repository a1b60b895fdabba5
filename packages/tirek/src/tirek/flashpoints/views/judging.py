"""What the forecasts were worth, and who carries the burden of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET
from django_tables2 import RequestConfig

from tirek.accounts.guards import page
from tirek.flashpoints import burden as burdens
from tirek.flashpoints import outcomes as turned
from tirek.flashpoints import queries, rules, words
from tirek.flashpoints.tables import BurdenTable
from tirek.flashpoints.views.common import VIEW, VIEW_RUN, newest


@require_GET
@page(VIEW_RUN)
def outcomes(request: HttpRequest) -> HttpResponse:
    """Every computation of the province with what came, calibration, and whether the forecast beats the simplest one."""
    run = newest(request)
    context: dict[str, Any] = {"run": run}
    if run is not None:
        context |= {
            "found": turned.outcomes(request.user, run.area),
            "skill": words.skill(run.figures.get("skill", {})),
            "figures": run.figures.get("skill", {}),
            "block_months": rules.SKILL_BLOCK,
            "top": run.settings.get("top", rules.TOP),
            "provinces": queries.provinces(request.user),
        }
    return render(request, "flashpoints/outcomes.html", context)


@require_GET
@page(VIEW)
def burden(request: HttpRequest) -> HttpResponse:
    """How often each district was a flash-point, beside how many people live there."""
    rows = burdens.table(request.user)
    table = BurdenTable(rows, most_days=rules.most_flag_days())
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "table": table,
        "any": any(row.flags for row in rows),
        "months": burdens.MONTHS,
        "most": rules.most_flag_months(),
        "rest": rules.REST_DAYS,
    }
    return render(request, "flashpoints/burden.html", context)
