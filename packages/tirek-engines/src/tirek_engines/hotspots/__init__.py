"""Hot spots: small cells ranked by where incidents may fall next, and how good such a ranking was.

For benches on public data only, where methods are compared that others have published on small cells. What a province sees is
never finer than a district or an H3 cell of resolution 6, and never shorter than a month; the server holds that floor and does not
call this.
"""

from tirek_engines.hotspots.accuracy import Accuracy, accuracy
from tirek_engines.hotspots.ranking import Method, Plan, Trial, plan, rank
from tirek_engines.hotspots.raster import Raster

__all__ = ["Accuracy", "Method", "Plan", "Raster", "Trial", "accuracy", "plan", "rank"]
