"""What the pages share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import h3
from django.core.exceptions import PermissionDenied
from django.db.models import ObjectDoesNotExist
from django.forms import BaseForm
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from tirek.accounts.access import can_at
from tirek.audit.act import Refused
from tirek.flashpoints import actions, queries
from tirek.flashpoints.models import Cluster, Run
from tirek.places.models import Area
from tirek.places.queries import areas

VIEW_RUN = "flashpoints.view_run"
VIEW = "flashpoints.view_flashpoint"
VIEW_MEASURE = "flashpoints.view_measure"


def newest(request: HttpRequest) -> Run | None:
    """The newest run of the province that ?province= names, else of the first one that there is."""
    rows = queries.done(request.user)
    if (pk := number(request, "province")) is not None:
        return rows.filter(area=pk).first()
    return rows.first()


def number(request: HttpRequest, name: str) -> int | None:
    """A whole number from the address; None for nonsense."""
    return whole(request.GET.get(name, ""))


def whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else None


def visible_area(request: HttpRequest, pk: int) -> Area:
    """Raises Http404 for an area that the person may not see."""
    found = areas(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def computable(request: HttpRequest) -> list[Area]:
    """The provinces that the person may have computed."""
    rows = Area.objects.filter(kind=Area.Kind.REGION).defer("boundary").order_by("path")
    return [area for area in rows if can_at(request.user, actions.COMPUTE, area.path)]


def done(request: HttpRequest, form: BaseForm, deed: Callable[[dict[str, Any]], Any]) -> bool:
    """Whether the form was sent and the act done; a refusal is shown in the form. What is not there is 404."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed(form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return False
    except PermissionDenied:
        form.add_error(None, _("This lies outside of what you may do."))
        return False
    except ObjectDoesNotExist as error:
        raise Http404 from error
    return True


def cluster_shape(clusters: Iterable[Cluster]) -> dict[str, Any] | None:
    """The outline of clusters together, as GeoJSON."""
    cells = {cell for cluster in clusters for cell in cluster.cells}
    return dict(h3.cells_to_geo(cells, tight=False)) if cells else None
