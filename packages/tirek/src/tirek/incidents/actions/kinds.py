"""Kinds are data, but not any data: only violence and threats of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tirek.audit.act import Refused, act, snapshot
from tirek.incidents.models import Kind
from tirek.places.models import LANGUAGES

CHANGE_KIND = "incidents.change_kind"
# Beginnings of words for what says where officers looked, not where people were hurt: arrests, stops, checks, drugs.
FOREIGN = re.compile(
    r"arrest|detention|detain|police stop|stop and search|drug|narcot|profiling"
    r"|арест|задержан|досмотр|обыск|наркот|проверка документов|профайлинг"
    r"|тұтқын|тінту|ұстап алу|есірт|құжат тексеру",
    re.IGNORECASE,
)


def change_kind(user: Any, kind: Kind, fields: Mapping[str, Any]) -> Kind:
    """Add a kind (`kind` not saved yet) or change one. Raises Refused for what no register of incidents may hold."""
    with act(CHANGE_KIND, user) as trace:
        before = snapshot(kind) if kind.pk else None
        for name, value in fields.items():
            setattr(kind, name, value)
        names = [getattr(kind, f"name_{language}") for language in LANGUAGES]
        if not any(names):
            raise Refused(_("Give the kind a name in at least one language."))
        if any(FOREIGN.search(text) for text in [kind.code.replace("_", " "), *names]):
            raise Refused(
                _(
                    "Arrests, stops, searches and drugs are not kept here: they show where officers looked, and not violence."
                )
            )
        try:
            with transaction.atomic():
                kind.save()
        except IntegrityError as error:
            raise Refused(_("The code %(code)s is taken.") % {"code": kind.code}) from error
        trace.on(kind, before=before, after=snapshot(kind))
    return kind
