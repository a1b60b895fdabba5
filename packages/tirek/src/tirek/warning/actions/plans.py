"""Acts on plans: their words, their timing, their recordings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tirek.accounts.access import require
from tirek.audit.act import Refused, act, snapshot
from tirek.warning import rules, sound, wording
from tirek.warning.actions.presence import refuse_sample
from tirek.warning.models import Plan, PlanText

SETTINGS = ("valid_min", "radius_m", "repeats_per_hour", "is_active")


def change_plan(user: Any, plan_id: int, fields: Mapping[str, Any]) -> Plan:
    """Change how long a plan is valid, what radius it offers, how often it sounds, whether it is in use."""
    with act("warning.change_plan", user) as trace:
        plan = _locked(user, plan_id)
        before = snapshot(plan)
        for name in SETTINGS:
            if name in fields:
                setattr(plan, name, fields[name])
        found = rules.timing_problems(
            tone=plan.tone, tone_s=plan.tone_s, message_s=0, repeats_per_hour=plan.repeats_per_hour
        )
        if found:
            raise Refused(" ".join(found))
        if not 1 <= plan.valid_min <= rules.LONGEST_VALID_MIN:
            raise Refused(_("A warning is valid for 1 to %(most)d minutes.") % {"most": rules.LONGEST_VALID_MIN})
        plan.save()
        trace.on(plan, before=before, after=snapshot(plan))
    return plan


def change_plan_text(user: Any, plan_id: int, language: str, words: Mapping[str, str]) -> PlanText:
    """Change a plan's words in one language. A recording of the old words is put aside: it would say something else."""
    with act("warning.change_plan", user) as trace:
        plan = _locked(user, plan_id)
        text = _text(plan, language)
        before = snapshot(text)
        for part in wording.PARTS:
            setattr(text, part, wording.clean(words.get(part, "")))
        _refuse_words(language, text)
        if before != snapshot(text):
            _drop_clip(text)
        text.save()
        trace.on(plan, before={language: before}, after={language: snapshot(text)})
    return text


def upload_clip(user: Any, plan_id: int, language: str, data: bytes) -> PlanText:
    """Take a recording of a plan's words. From now on it wins over synthesis."""
    checked = sound.check_clip(data)
    with act("warning.change_plan", user) as trace:
        plan = _locked(user, plan_id)
        text = _text(plan, language)
        before = snapshot(text)
        text.clip.save(checked.file.name, checked.file, save=False)
        text.clip_sha256, text.clip_s = checked.sha256, checked.seconds
        text.save()
        trace.on(plan, before={language: before}, after={language: snapshot(text)})
    return text


def remove_clip(user: Any, plan_id: int, language: str) -> PlanText:
    """Put a recording aside: the words are spoken by synthesis again. The file stays, since commands may name it."""
    with act("warning.change_plan", user) as trace:
        plan = _locked(user, plan_id)
        text = _text(plan, language)
        before = snapshot(text)
        _drop_clip(text)
        text.save()
        trace.on(plan, before={language: before}, after={language: snapshot(text)})
    return text


def _locked(user: Any, plan_id: int) -> Plan:
    plan = Plan.objects.select_for_update().filter(pk=plan_id).first()
    if plan is None:
        raise Refused(_("There is no such plan."))
    require(user, "warning.change_plan", plan)
    refuse_sample(user, plan)
    return plan


def _text(plan: Plan, language: str) -> PlanText:
    text = plan.texts.filter(language=language).first()
    if text is None:
        raise Refused(_("This plan has no text in that language."))
    return text


def _drop_clip(text: PlanText) -> None:
    text.clip, text.clip_sha256, text.clip_s = "", "", None


def _refuse_words(language: str, text: PlanText) -> None:
    words = {part: getattr(text, part) for part in wording.PARTS}
    if strange := {name for part in words.values() for name in wording.unknown_slots(part)}:
        raise Refused(
            _("Tirek cannot fill in {%(name)s}. Only {place} and {area} are known.") % {"name": sorted(strange)[0]}
        )
    if any(not part for part in words.values()):
        raise Refused(_("Every part of the text must be filled in."))
    if any(len(words[part]) > wording.LONGEST[part] for part in wording.PARTS):
        raise Refused(_("The text is too long. Short texts are understood better."))
    if wording.wrong_language(language, " ".join(words.values())):
        raise Refused(_("This text does not look like %(language)s.") % {"language": wording.LANGUAGE_NAMES[language]})
    if language in wording.SPOKEN and rules.speech_seconds(wording.spoken(words)) > rules.TIMING.message_s / 2:
        raise Refused(_("This text takes too long to say: both languages together may last 5 minutes."))
