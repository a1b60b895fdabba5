"""Photos of a visit. The bytes come by the resumable uploads of `files`; here they are tied to the visit."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tirek.accounts.models import Person
from tirek.audit.act import Refused, act
from tirek.files import actions as files
from tirek.inspections.actions import taking
from tirek.inspections.actions.carrying import Put, begin, carried, read_number, tell
from tirek.inspections.clock import Clock
from tirek.inspections.models import Inspection, Photo
from tirek.inspections.values import is_number, place_of, words
from tirek.requirements.models import Requirement

ADD, REMOVE = "inspections.photograph_inspection", "inspections.unphotograph_inspection"
MOST_PHOTOS = 500


def add_photo(user: Person, uid: UUID, data: dict[str, Any]) -> tuple[Photo, Inspection]:
    """Tie an uploaded photo to a visit. The same number gives the same photo.

    Raises Inspection.DoesNotExist, ValueError or `Impossible` for nonsense, `Put` while the bytes are not here.
    """
    now = timezone.now()
    number, upload = read_number(data.get("client_id")), read_number(data.get("upload"))
    clock = Clock.of(data.get("sent_at"), now)
    caption = words(data.get("caption"), 200)
    visit = carried(user).get(uid=uid)
    if (found := _find(visit, number)) is not None:
        return found, visit
    stored = files.find(user, upload)
    if stored is None or not stored.is_picture:
        raise Put(_("The photo has not arrived yet."), "not_uploaded")
    try:
        with transaction.atomic(), act(ADD, user) as trace:
            visit = carried(user).select_for_update(of=("self",)).get(pk=visit.pk)
            if visit.photos.count() >= MOST_PHOTOS:
                raise Refused(_("This visit has too many photos. Remove some first."))
            moment = clock.right(data.get("taken_at"), taking.earliest(visit))
            lat, lon, accuracy = place_of(data)
            photo = Photo.objects.create(
                inspection=visit,
                client_id=number,
                file=stored,
                requirement=_requirement(data.get("requirement")),
                taken_at=moment.at,
                doubtful=moment.doubtful,
                late=visit.state == Inspection.State.SUBMITTED,
                lat=lat,
                lon=lon,
                accuracy_m=accuracy,
                caption=caption,
                by=user,
            )
            if visit.state in {Inspection.State.PLANNED, Inspection.State.ASSIGNED}:
                begin(user, visit, moment)
            visit.version += 1
            visit.save()
            trace.on(visit, after={"photo": _name(photo)})
            tell(trace, visit)
    except IntegrityError:  # the same came twice at once
        found = _find(visit, number)
        if found is None:
            raise
        return found, visit
    return photo, visit


def remove_photo(user: Person, uid: UUID, number: str) -> Inspection:
    """Take a photo back, by the person who took it and before the hand-in. Its number stays taken."""
    now = timezone.now()
    visit = carried(user).get(uid=uid)
    found = _find(visit, read_number(number))
    if found is not None and found.removed_at:
        return visit
    with act(REMOVE, user) as trace:
        visit = carried(user).select_for_update(of=("self",)).get(pk=visit.pk)
        photo = _find(visit, number)
        if photo is not None and photo.by_id != user.pk:
            raise Refused(_("Somebody else took this photo. Only they can take it back."))
        if visit.state == Inspection.State.SUBMITTED:
            raise Refused(_("The visit was handed in. Its photos stay with it."))
        if photo is None:
            photo = Photo(inspection=visit, client_id=number, taken_at=now, by=user)
        photo.file, photo.removed_at = None, now
        photo.save()
        visit.version += 1
        visit.save()
        trace.on(visit, before={"photo": _name(photo)}, after={"photo": ""})
        tell(trace, visit)
    return visit


def _find(visit: Inspection, number: str) -> Photo | None:
    return visit.photos.select_related("file", "by").filter(client_id=number).first()


def _requirement(pk: Any) -> Requirement | None:
    """The requirement that a photo is of. A photo of one that is gone is kept all the same, as one of the whole."""
    return Requirement.objects.filter(pk=pk).first() if is_number(pk) else None


def _name(photo: Photo) -> str:
    where = photo.requirement.paragraph if photo.requirement else ""
    return " · ".join(filter(None, (where, photo.caption, photo.client_id)))
