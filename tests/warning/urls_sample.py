"""How the battery asks for the pages of public warning."""

from __future__ import annotations

import itertools

from tests.battery.samples import Sample
from tests.fixtures import Province, make_person
from tests.warning.support import draft, make_endpoints
from tirek.accounts.models import Person
from tirek.warning import actions, shapes
from tirek.warning.actions import Presence
from tirek.warning.actions.deciding import fingerprint
from tirek.warning.models import Alert, Endpoint, Plan
from tirek.warning.plans import load_plans

FRESH = Presence(fresh_factor=True)
_numbers = itertools.count(1)


def _officer(province: Province, name: str) -> Person:
    found = Person.objects.filter(username=name).first()
    return found or make_person("duty_officer", username=name)


def _endpoints(province: Province) -> list[Endpoint]:
    hospital = province.facilities[0]
    there = list(Endpoint.objects.filter(facility=hospital))
    if there:
        return there
    made = make_endpoints(hospital.area, hospital.lat, hospital.lon, 3, spread_m=100, prefix="battery")
    Endpoint.objects.filter(pk__in=[row.pk for row in made]).update(facility=hospital)
    return made


def _draft(province: Province) -> Alert:
    load_plans()
    _endpoints(province)
    author = _officer(province, "battery-author")
    # The settlement by its name alone: a list of made-up names would look like a sentence in English.
    shape = shapes.area_shape(province.settlements[0])
    return actions.compose_alert(author, draft(province.facilities[0], shape=shape))


def _issued(province: Province) -> Alert:
    found = Alert.objects.filter(state=Alert.State.ISSUED).first()
    if found:
        return found
    waiting = actions.send_for_confirmation(_officer(province, "battery-author"), _draft(province).pk, FRESH)
    second = _officer(province, "battery-second")
    return actions.confirm_alert(second, waiting.pk, FRESH, seen=fingerprint(waiting))


def _alert(province: Province) -> dict[str, int]:
    return {"pk": _issued(province).pk}


def _open_draft(province: Province) -> dict[str, int]:
    found = Alert.objects.filter(state=Alert.State.DRAFT, follows=None).first() or _draft(province)
    return {"pk": found.pk}


def _delivery(province: Province) -> dict[str, int]:
    alert = _issued(province)
    return {"pk": alert.pk, "delivery_pk": alert.deliveries.order_by("pk")[0].pk}


def _endpoint(province: Province) -> dict[str, int]:
    return {"pk": _endpoints(province)[0].pk}


def _plan(province: Province) -> dict[str, int]:
    load_plans()
    return {"pk": Plan.objects.get(code="shelter").pk}


def _plan_text(province: Province) -> dict[str, object]:
    return {**_plan(province), "language": "ru"}


def _more_alerts(province: Province, count: int) -> None:
    for _number in range(count):
        waiting = actions.send_for_confirmation(_officer(province, "battery-author"), _draft(province).pk, FRESH)
        actions.confirm_alert(_officer(province, "battery-second"), waiting.pk, FRESH, seen=fingerprint(waiting))


def _more_endpoints(province: Province, count: int) -> None:
    hospital = province.facilities[0]
    prefix = f"more{next(_numbers)}"
    make_endpoints(hospital.area, hospital.lat, hospital.lon, count, spread_m=300, prefix=prefix)


def _no_clip(_province: Province) -> dict[str, object]:
    return {"sha256": "0" * 64}


SAMPLES = {
    "warning:alerts": Sample(rows=_more_alerts),
    "warning:endpoints": Sample(rows=_more_endpoints),
    "warning:endpoint_points": Sample(rows=_more_endpoints),
    "warning:edit": Sample(make=_open_draft, answers={404}),
    "warning:delivery": _delivery,
    "warning:listen": _alert,
    "warning:read_back": Sample(answers={409}),
    "warning:listen_draft": Sample(answers={409}),
    "warning:change_text": Sample(make=_plan_text, scoped=False),
    "warning:clip": Sample(make=_plan_text, scoped=False),
    "agent:enrol": Sample(answers={400, 409, 429}, scoped=False),
    "agent:clips": Sample(scoped=False),
    "agent:clip": Sample(make=_no_clip, answers={404}, scoped=False),
    **{
        f"warning:{name}": _alert
        for name in (
            "alert", "board", "alert_points", "deliveries", "send", "confirm", "reject", "override", "withdraw", "acknowledge",
            "discard", "correct", "all_clear", "silence", "timeline", "timeline_json", "timeline_pdf", "cap",
        )
    },
    **{
        f"warning:{name}": _endpoint
        for name in ("endpoint", "change_endpoint", "invite", "test_endpoint", "switch")
    },
    **{f"warning:{name}": Sample(make=_plan, scoped=False) for name in ("plan", "change_plan", "listen_plan")},
}  # fmt: skip
