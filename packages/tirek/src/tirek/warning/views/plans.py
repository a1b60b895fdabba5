"""Plans: the words and the timing agreed beforehand."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tirek.accounts.access import can
from tirek.accounts.guards import page
from tirek.audit.act import Refused
from tirek.warning import actions, board, queries, rules, sound, wording
from tirek.warning.forms import PlanForm, PlanTextForm
from tirek.warning.models import Mode, Plan, PlanText
from tirek.warning.views.common import refused
from tirek.warning.views.composing import wav


@never_cache
@require_GET
@page("warning.view_plan")
def plans(request: HttpRequest) -> HttpResponse:
    """All plans."""
    context = {"plans": queries.plans(request.user), "timing": rules.TIMING}
    return render(request, "warning/plans.html", context)


@never_cache
@require_GET
@page("warning.view_plan")
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One plan: its words in three languages, how they sound, and whether that keeps to the rules."""
    found = get_object_or_404(queries.plans(request.user), pk=pk)
    return render(request, "warning/plan.html", _context(request, found))


def _context(request: HttpRequest, found: Plan) -> dict[str, object]:
    texts = {text.language: text for text in found.texts.all()}
    said = _example(found, Mode.LIVE)
    return {
        "plan": found,
        "texts": [
            (language, wording.LANGUAGE_NAMES[language], texts.get(language), language in wording.SPOKEN)
            for language in wording.LANGUAGE_NAMES
        ],
        "tone": board.tone_name(found.tone),
        "message_s": round(sound.message_seconds(sound.audio(said))),
        "problems": sound.problems(said, found.repeats_per_hour),
        "timing": rules.TIMING,
        "may_change": can(request.user, "warning.change_plan", found),
    }


def _example(found: Plan, mode: str) -> sound.Script:
    """The plan with its slots filled by plain words, as an example of how it sounds."""
    place = {"kk": "№ 1 мектеп", "ru": "Школа № 1", "en": "School No. 1"}
    slots = {language: {"place": name, "area": name} for language, name in place.items()}
    texts = {text.language: {part: getattr(text, part) for part in wording.PARTS} for text in found.texts.all()}
    return sound.script(found, mode, wording.fill(texts, slots), slots)


@never_cache
@page("warning.change_plan")
def change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Change how long it is valid, how often it sounds, the radius it offers."""
    found = get_object_or_404(queries.plans(request.user), pk=pk)
    form = PlanForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_plan(request.user, pk, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("warning:plan", pk)
    return render(request, "warning/plan_form.html", {"form": form, "plan": found})


@never_cache
@page("warning.change_plan")
def change_text(request: HttpRequest, pk: int, language: str) -> HttpResponseBase:
    """Change the words in one language."""
    found = get_object_or_404(queries.plans(request.user), pk=pk)
    text = get_object_or_404(found.texts, language=language)
    form = PlanTextForm(request.POST or None, instance=text)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_plan_text(request.user, pk, language, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("warning:plan", pk)
    context = {"form": form, "plan": found, "language": wording.LANGUAGE_NAMES[language]}
    return render(request, "warning/plan_form.html", context)


@require_POST
@page("warning.change_plan")
def clip(request: HttpRequest, pk: int, language: str) -> HttpResponseBase:
    """Take a recording, or put the one there aside."""
    get_object_or_404(PlanText, plan__in=queries.plans(request.user), plan_id=pk, language=language)
    upload = request.FILES.get("clip")
    try:
        if request.POST.get("act") == "remove":
            actions.remove_clip(request.user, pk, language)
        elif upload is None:
            raise Refused(_("Choose a WAV file first."))
        else:
            actions.upload_clip(request.user, pk, language, upload.read(sound.CLIP_BYTES + 1))
            messages.success(request, _("The recording is kept. It sounds instead of synthesis from now on."))
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("warning:plan", pk)


@never_cache
@require_GET
@page("warning.view_plan")
def listen(request: HttpRequest, pk: int) -> HttpResponse:
    """How the plan sounds: ?mode=live or exercise."""
    found = get_object_or_404(queries.plans(request.user), pk=pk)
    mode = Mode.LIVE if request.GET.get("mode") == Mode.LIVE else Mode.EXERCISE
    try:
        return wav(sound.audio(_example(found, mode)), mode)
    except Refused as refusal:
        return refused(refusal)
