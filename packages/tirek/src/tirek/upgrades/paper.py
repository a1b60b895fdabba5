"""The order list of a plan on paper: what to buy, by agency and by facility, with the prices of the day it was computed."""

from __future__ import annotations

from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from tirek.ui import paper
from tirek.ui.templatetags.tirek import number
from tirek.upgrades import queries, words
from tirek.upgrades.models import PlanLine, UpgradePlan

TEMPLATE = Path(__file__).resolve().parent / "typst" / "order.typ"


def content(plan: UpgradePlan) -> dict[str, Any]:
    """What the list says, as plain data in the reader's language."""
    lines = sorted(queries.lines(plan), key=lambda line: (_agency(line), line.facility.name, line.pk))
    groups = [(name, list(rows)) for name, rows in groupby(lines, key=_agency)]
    facts = [
        (_("Area"), plan.area.name),
        (_("Budget"), words.money(plan.budget)),
        (_("Cost"), words.money(_sum(lines))),
        (_("Facilities"), number(len(lines))),
        (_("Computed"), formats.date_format(plan.computed_at, "DATE_FORMAT") if plan.computed_at else "—"),
        (pgettext("upgrade plan", "State"), str(plan.get_state_display())),
    ]
    if plan.adopted_by is not None and plan.adopted_at is not None:
        facts.append((_("Adopted by"), f"{plan.adopted_by}, {formats.date_format(plan.adopted_at, 'DATE_FORMAT')}"))
    return {
        "title": _("Order list: %(plan)s") % {"plan": plan},
        "facts": facts,
        "note": _(
            "Prices are those of the day on which the plan was computed. Quantities marked with * are estimates."
        ),
        "head": [_("Measure"), _("Quantity"), _("Price, ₸"), _("Cost, ₸")],
        "total": _("Together"),
        "sum": _plain(_sum(lines)),
        "groups": [_group(name, rows) for name, rows in groups],
    }


def order_pdf(plan: UpgradePlan, url: str) -> bytes:
    """The list as PDF, with a QR that leads to `url` and the hash of what it says."""
    data = content(plan)
    return paper.pdf(TEMPLATE, {**data, "hash": paper.digest(data)}, url=url)


def _agency(line: PlanLine) -> str:
    return line.facility.agency.name if line.facility.agency else _("no agency in charge")


def _group(name: str, lines: list[PlanLine]) -> dict[str, Any]:
    count = ngettext("%(n)s facility", "%(n)s facilities", len(lines)) % {"n": number(len(lines))}
    return {
        "name": name,
        "count": count,
        "sum": _plain(_sum(lines)),
        "measures": [
            [words.name_in(one.name), f"{number(one.quantity)} {words.unit(one.unit)}", "", _plain(one.cost)]
            for one in queries.bought(lines)
        ],
        "facilities": [
            {
                "name": line.facility.name,
                "place": line.facility.address or line.facility.area.name,
                "sum": _plain(line.cost),
                "lines": [
                    [
                        words.name_in(one["name"]),
                        f"{number(one['quantity'])} {words.unit(one['unit'])}{'*' if one.get('estimated') else ''}",
                        _plain(Decimal(one["price"])),
                        _plain(Decimal(one["cost"])),
                    ]
                    for one in line.measures
                ],
            }
            for line in lines
        ],
    }


def _sum(lines: list[PlanLine]) -> Decimal:
    return sum((line.cost for line in lines), Decimal(0))


def _plain(amount: Decimal) -> str:
    whole = int(amount)
    return number(whole if whole == amount else amount)
