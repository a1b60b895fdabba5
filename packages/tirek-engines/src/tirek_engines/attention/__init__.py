"""Attention: how few visits are shared among many areas so that a forecast cannot feed on itself, and who carries the burden.

Where people look they find more, and a forecast that is fed with what was found sends them back to where they looked (D. Ensign,
S. A. Friedler, S. Neville, C. Scheidegger, S. Venkatasubramanian, "Runaway feedback loops in predictive policing", Proceedings of
Machine Learning Research 81 (2018) 160-171). Three rules hold against it: forecasts are fitted on what residents reported, never on
what officers found on visits; a fixed share of attention is drawn by chance; and no area is flagged without end. The first one is
kept by whoever fits the forecast; the two others are here.
"""

from tirek_engines.attention.burden import Burden, burden, rest
from tirek_engines.attention.sharing import Allocation, allocate, inclusion

__all__ = ["Allocation", "Burden", "allocate", "burden", "inclusion", "rest"]
