"""Acts on runs, flash-points, objections and measures of prevention."""

from tirek.flashpoints.actions.measuring import (
    ADD_MEASURE,
    CHANGE_MEASURE,
    CLOSE_MEASURE,
    add_measure,
    change_measure,
    close_measure,
)
from tirek.flashpoints.actions.objecting import ANSWER, OBJECT, answer_objection, object_to, parties
from tirek.flashpoints.actions.runs import COMPUTE, JOB, compute_due, compute_run, start_computing
from tirek.flashpoints.actions.signing import RENEW, SIGN, WITHDRAW, renew, sign, withdraw

__all__ = [
    "ADD_MEASURE",
    "ANSWER",
    "CHANGE_MEASURE",
    "CLOSE_MEASURE",
    "COMPUTE",
    "JOB",
    "OBJECT",
    "RENEW",
    "SIGN",
    "WITHDRAW",
    "add_measure",
    "answer_objection",
    "change_measure",
    "close_measure",
    "compute_due",
    "compute_run",
    "object_to",
    "parties",
    "renew",
    "sign",
    "start_computing",
    "withdraw",
]
