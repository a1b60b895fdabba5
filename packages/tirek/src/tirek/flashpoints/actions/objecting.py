"""Whoever sees a flash-point may hold it to be wrong and say so; another person answers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.audit.act import Refused, act, snapshot
from tirek.flashpoints.actions.signing import take_back
from tirek.flashpoints.models import Flashpoint, Objection

OBJECT = "flashpoints.object_flashpoint"
ANSWER = "flashpoints.answer_objection"


def object_to(user: Person, pk: int, text: str) -> Objection:
    """Object to a flash-point that stands. Raises Flashpoint.DoesNotExist, Refused."""
    with act(OBJECT, user) as trace:
        rows: Any = Flashpoint.objects.restrict(user, "object")
        found = rows.select_for_update(of=("self",)).select_related("area").defer("area__boundary").get(pk=pk)
        if not found.is_standing:
            raise Refused(_("This flash-point does not stand any more: there is nothing to object to."))
        if not text.strip():
            raise Refused(_("Say what is wrong."))
        if found.objections.filter(made_by=user, answered_at=None).exists():
            raise Refused(_("Your objection is not answered yet. Wait for the answer."))
        made = Objection.objects.create(flashpoint=found, text=text.strip(), made_by=user, is_sample=user.is_sample)
        trace.on(found, after={"objection": made.text})
    return made


def parties(objection: Objection, found: Flashpoint) -> set[int]:
    """Who does not answer, because they spoke in the matter: who objects, who signed and who let it stand longer."""
    renewed = [renewal.made_by_id for renewal in found.renewals.all()]
    return {objection.made_by_id, found.signed_by_id, *renewed}


def answer_objection(user: Person, pk: int, answer: str, *, upheld: bool) -> Objection:
    """Answer an objection; one that is right ends the flash-point today.

    Raises Objection.DoesNotExist, Refused.
    """
    with act(ANSWER, user) as trace:
        rows: Any = Objection.objects.restrict(user, "answer")
        objection = rows.select_for_update(of=("self",)).select_related("flashpoint__area").get(pk=pk)
        found = objection.flashpoint
        if objection.answered_at is not None:
            raise Refused(_("This objection is answered."))
        if user.pk in parties(objection, found):
            raise Refused(
                _("Another person answers: neither who objects nor who signed the flash-point or let it stand longer.")
            )
        if not answer.strip():
            raise Refused(_("Answer in words."))
        before = snapshot(found)
        objection.answer, objection.upheld = answer.strip(), upheld
        objection.answered_by, objection.answered_at = user, timezone.now()
        objection.save()
        if upheld and found.is_standing:
            take_back(found, user, _("An objection was right: %(answer)s") % {"answer": objection.answer})
        after = snapshot(found) | {"objection": objection.text, "answer": objection.answer, "upheld": upheld}
        trace.on(found, before=before, after=after)
    return objection
