"""How the battery asks for the page of what was done."""

from tests.battery.samples import Sample
from tests.fixtures import Province
from tests.notices.making import make_visit


def more(province: Province, count: int) -> None:
    for _n in range(count):
        make_visit(province.facilities[0])


SAMPLES = {"reports:done": Sample(rows=more)}
