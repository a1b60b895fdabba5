"""Acts on many facilities: our own three, and the loop that runs any of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from tirek.accounts.models import Agency
from tirek.audit.act import Refused
from tirek.facilities import actions
from tirek.facilities.forms import BulkAgencyForm, BulkCategoryForm, ReasonForm
from tirek.facilities.models import Facility
from tirek.facilities.registry import BulkAct, bulk_act, find_bulk_act
from tirek.jobs import registry as jobs

JOB = "facilities.bulk"
MOST_TOLD = 200  # refusals are shown one by one up to here


@dataclass(slots=True)
class Outcome:
    """What became of an act on many: how many it was done to, how many were so already, and who refused and why."""

    done: int = 0
    same: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    more_refused: int = 0

    def refuse(self, pk: int, name: str, why: str) -> None:
        if len(self.refused) < MOST_TOLD:
            self.refused.append((pk, name, why))
        else:
            self.more_refused += 1

    @property
    def refused_count(self) -> int:
        return len(self.refused) + self.more_refused


def run(
    user: Any,
    deed: BulkAct,
    ids: Iterable[int],
    data: dict[str, Any],
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Outcome:
    """Do `deed` to each facility in a transaction of its own. One that refuses does not hold up the others.

    `progress(done, total)` may raise to stop; what was done stays done.
    """
    wanted = list(ids)
    each = deed.each
    assert each is not None, "an act that leads elsewhere is not done here"
    names = {row.pk: row.name for row in Facility.objects.filter(pk__in=wanted).only("name_kk", "name_ru", "name_en")}
    outcome = Outcome()
    for number, pk in enumerate(wanted, start=1):
        try:
            if each(user, pk, data) is False:
                outcome.same += 1
            else:
                outcome.done += 1
        except Refused as refusal:
            outcome.refuse(pk, names.get(pk, ""), str(refusal))
        except (ObjectDoesNotExist, PermissionDenied):
            outcome.refuse(pk, names.get(pk, ""), _("You may not do this to this facility."))
        progress(number, len(wanted))
    return outcome


def work(handle: Any, deed: str, ids: list[int], data: dict[str, Any], back: str = "") -> dict[str, Any]:
    """The job: the same loop in the worker, with progress."""
    found = find_bulk_act(deed)
    if found is None or handle.user is None:
        raise Refused(_("This act is not known any more."))
    outcome = run(handle.user, found, ids, data, handle.progress)
    told = ngettext("Done for %(n)d facility.", "Done for %(n)d facilities.", outcome.done) % {"n": outcome.done}
    return {
        "text": told,
        "url": reverse("facilities:bulk_done", args=[handle.job.pk]),
        "outcome": asdict(outcome),
    }


def _change_agency(user: Any, pk: int, data: dict[str, Any]) -> object:
    agency = Agency.objects.get(pk=data["agency"]) if data["agency"] else None
    if Facility.objects.filter(pk=pk, agency=agency).exists():
        return False
    return actions.change_facility(user, pk, {"agency": agency})


def _change_category(user: Any, pk: int, data: dict[str, Any]) -> object:
    if Facility.objects.filter(pk=pk, category=data["category"]).exists():
        return False
    return actions.change_facility(user, pk, {"category": int(data["category"])})


def _propose_removal(user: Any, pk: int, data: dict[str, Any]) -> object:
    return actions.propose_removal(user, pk, data["reason"])


def offer() -> None:
    """Put our own acts on the register; called when the app is ready."""
    jobs.register(JOB, work)
    bulk_act(
        BulkAct(
            "agency",
            gettext_lazy("Change the agency"),
            icon="building-community",
            permission=actions.CHANGE,
            each=_change_agency,
            form=BulkAgencyForm,
            plain=lambda cleaned: {"agency": cleaned["agency"].pk if cleaned["agency"] else None},
            action="change",
            order=10,
        )
    )
    bulk_act(
        BulkAct(
            "category",
            gettext_lazy("Change the category"),
            icon="tag",
            permission=actions.CHANGE,
            each=_change_category,
            form=BulkCategoryForm,
            plain=lambda cleaned: {"category": int(cleaned["category"])},
            action="change",
            order=20,
        )
    )
    bulk_act(
        BulkAct(
            "propose_removal",
            gettext_lazy("Propose to take off"),
            icon="playlist-x",
            permission=actions.PROPOSE,
            each=_propose_removal,
            form=ReasonForm,
            note=gettext_lazy(
                "Each facility gets a proposal of its own; it stays on the list until the commission decides."
            ),
            order=30,
        )
    )
