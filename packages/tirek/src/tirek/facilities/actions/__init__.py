"""Acts on the register."""

from tirek.facilities.actions.documents import add_document, remove_document
from tirek.facilities.actions.facility import ADD, CELL_RESOLUTION, CHANGE, add_facility, change_facility
from tirek.facilities.actions.parts import (
    add_building,
    add_contact,
    add_entrance,
    change_building,
    change_contact,
    change_entrance,
    remove_building,
    remove_contact,
    remove_entrance,
)
from tirek.facilities.actions.proposals import (
    DECIDE,
    PROPOSE,
    REVIEW,
    decide_proposals,
    propose_again,
    propose_facility,
    propose_removal,
    review_proposal,
)

__all__ = [
    "ADD",
    "CELL_RESOLUTION",
    "CHANGE",
    "DECIDE",
    "PROPOSE",
    "REVIEW",
    "add_building",
    "add_contact",
    "add_document",
    "add_entrance",
    "add_facility",
    "change_building",
    "change_contact",
    "change_entrance",
    "change_facility",
    "decide_proposals",
    "propose_again",
    "propose_facility",
    "propose_removal",
    "remove_building",
    "remove_contact",
    "remove_document",
    "remove_entrance",
    "review_proposal",
]
