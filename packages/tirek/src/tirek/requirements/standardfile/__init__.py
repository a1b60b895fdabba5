"""A standard as a file: YAML in, plain data out, and back again. Knows no tables.

data = read(content)          # StandardData, or BadFile with every problem and its line
text = write(data)            # the canonical file; read(write(data).encode()) == data
"""

from tirek.requirements.standardfile.data import (
    APPLIES,
    EVIDENCE,
    POINTS,
    SEVERITIES,
    VERIFY,
    RequirementData,
    StandardData,
    Words,
)
from tirek.requirements.standardfile.reader import read
from tirek.requirements.standardfile.writer import write
from tirek.requirements.standardfile.yamltree import MAX_BYTES, BadFile, Problem

__all__ = [
    "APPLIES",
    "EVIDENCE",
    "MAX_BYTES",
    "POINTS",
    "SEVERITIES",
    "VERIFY",
    "BadFile",
    "Problem",
    "RequirementData",
    "StandardData",
    "Words",
    "read",
    "write",
]
