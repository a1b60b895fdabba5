"""Pages of this app."""

from tirek.facilities.views.bulk import bulk, bulk_done
from tirek.facilities.views.documents import document_new, document_remove, document_replace
from tirek.facilities.views.facilities import edit, facility, new
from tirek.facilities.views.parts import (
    building_edit,
    building_new,
    building_remove,
    contact_edit,
    contact_new,
    contact_remove,
    entrance_edit,
    entrance_new,
    entrance_remove,
)
from tirek.facilities.views.proposals import decide, decision, proposal, proposals, propose, propose_change, review
from tirek.facilities.views.register import map_json, register

__all__ = [
    "building_edit",
    "building_new",
    "building_remove",
    "bulk",
    "bulk_done",
    "contact_edit",
    "contact_new",
    "contact_remove",
    "decide",
    "decision",
    "document_new",
    "document_remove",
    "document_replace",
    "edit",
    "entrance_edit",
    "entrance_new",
    "entrance_remove",
    "facility",
    "map_json",
    "new",
    "proposal",
    "proposals",
    "propose",
    "propose_change",
    "register",
    "review",
]
