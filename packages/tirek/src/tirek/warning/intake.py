"""What the compose page sends, as plain JSON, turned into a checked `Draft` and into what is read back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from tirek.audit.act import Refused
from tirek.facilities.models import Facility
from tirek.places.models import LANGUAGES, Area
from tirek.ui.rounding import about
from tirek.warning import queries, reach, registry, shapes, sound, wording
from tirek.warning.actions import Draft
from tirek.warning.models import Mode, Plan
from tirek.warning.shapes import Shape

MOST_FOUND = 8


@dataclass(frozen=True, slots=True)
class Chosen:
    """A shape with the name of the place it was built around, by language (empty when it was drawn)."""

    shape: Shape
    place: dict[str, str]


def chosen(user: Any, data: Mapping[str, Any]) -> Chosen:
    """The shape that `data` describes: {facility, radius} or {area} or {circle: {lat, lon, radius}} or {geometry}.

    Raises `Refused` when there is none: no area is an error, never everywhere.
    """
    try:
        if data.get("facility"):
            facility = Facility.objects.restrict(user, "view").filter(pk=int(data["facility"])).first()
            if facility is None:
                raise Refused(_("There is no such facility."))
            found = shapes.round_shape(facility.lat, facility.lon, float(data.get("radius") or 0))
            return Chosen(found, {language: facility.name_in(language) for language in LANGUAGES})
        if data.get("area"):
            area = Area.objects.restrict(user, "view").filter(pk=int(data["area"])).first()
            if area is None:
                raise Refused(_("There is no such area."))
            return Chosen(shapes.area_shape(area), {})
        if circle := data.get("circle"):
            return Chosen(
                shapes.round_shape(float(circle["lat"]), float(circle["lon"]), float(circle["radius"])), _names(data)
            )
        return Chosen(shapes.drawn_shape(data.get("geometry")), {})
    except (TypeError, ValueError, KeyError) as error:
        raise Refused(_("No area is chosen. Choose a facility, a district, a radius, or draw a shape.")) from error


def _names(data: Mapping[str, Any]) -> dict[str, str]:
    given = data.get("place") or {}
    return {language: str(given.get(language, ""))[:200] for language in LANGUAGES} if isinstance(given, dict) else {}


def plan_of(user: Any, data: Mapping[str, Any]) -> Plan:
    plan = queries.composable_plans(user).filter(code=str(data.get("plan", ""))).first()
    if plan is None:
        raise Refused(_("Choose a plan first."))
    return plan


def draft(user: Any, data: Mapping[str, Any]) -> Draft:
    """The draft that the page describes. Texts that the officer did not touch are the plan's, with slots filled."""
    plan, picked = plan_of(user, data), chosen(user, data.get("shape") or {})
    slots = _slots(picked)
    texts = wording.fill(_plain(plan), slots)
    for language, words in (data.get("texts") or {}).items():
        if language in LANGUAGES and isinstance(words, dict):
            texts[language] = {part: wording.clean(str(words.get(part, ""))[:4000]) for part in wording.PARTS}
    alarm = alarm_of(data)
    return Draft(
        mode=str(data.get("mode") or ""),
        plan=plan,
        shape=picked.shape,
        texts=texts,
        slots=slots,
        place=picked.place,
        alarm_id=alarm,
        alarm_words=registry.words_of_alarm(user, alarm),
    )


def alarm_of(data: Mapping[str, Any]) -> int | None:
    """The id of the alarm that `data` names, if it names one."""
    given = str(data.get("alarm") or "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 19 else None


def _plain(plan: Plan) -> wording.Texts:
    return {text.language: {part: getattr(text, part) for part in wording.PARTS} for text in plan.texts.all()}


def _slots(picked: Chosen) -> wording.Texts:
    areas = reach.words_for(picked.shape, picked.place)
    return {
        language: {"place": picked.place.get(language) or areas[language], "area": areas[language]}
        for language in LANGUAGES
    }


def read_back(user: Any, data: Mapping[str, Any]) -> dict[str, Any]:
    """What would happen, for the officer to check: who sounds, who lives there, what is said, what is wrong with it."""
    made = draft(user, data)
    found = reach.read(made.shape.geometry, sample=user.is_sample)
    mode = made.mode if made.mode in Mode.values else Mode.EXERCISE
    said = sound.script(made.plan, mode, made.texts, made.slots)
    parts = sound.audio(said)
    areas = reach.words_for(made.shape, made.place)
    problems = wording.problems(made.texts) + sound.problems(said, made.plan.repeats_per_hour)
    if not found.endpoints:
        problems.append(
            _("No loudspeaker or siren stands in this area, so nobody would hear. Enlarge the area or choose another.")
        )
    return {
        "geometry": made.shape.geometry,
        "circle": made.shape.circle,
        "endpoints": len(found.endpoints),
        "ids": [spot.pk for spot in found.endpoints],
        "not_ready": found.silent,
        "not_commanded": found.not_commanded,
        "people": about(found.people),  # it is read out as "about"
        "area": areas,
        "texts": made.texts,
        "seconds": {"tone": made.plan.tone_s, "message": round(sound.message_seconds(parts))},
        "valid_min": made.plan.valid_min,
        "repeats": made.plan.repeats_per_hour,
        "problems": problems,
    }


def places(user: Any, query: str) -> list[dict[str, Any]]:
    """Facilities and areas whose name begins or contains `query`, for the search box."""
    words = [word for word in query.split() if word][:4]
    if not words:
        return []
    condition = Q()
    for word in words:
        condition &= Q(name_kk__icontains=word) | Q(name_ru__icontains=word) | Q(name_en__icontains=word)
    areas = Area.objects.restrict(user, "view").filter(condition).filter(boundary__isnull=False).defer("boundary")
    facilities = Facility.objects.restrict(user, "view").listed().filter(condition | Q(code__iexact=query.strip()))
    return [
        *(
            {"area": area.pk, "name": area.name, "kind": area.get_kind_display()}
            for area in areas.order_by("path")[:MOST_FOUND]
        ),
        *(
            {"facility": facility.pk, "name": facility.name, "kind": facility.area.name}
            for facility in facilities.select_related("area")[:MOST_FOUND]
        ),
    ]
