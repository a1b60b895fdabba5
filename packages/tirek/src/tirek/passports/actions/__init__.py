"""Acts on passports."""

from tirek.passports.actions.drafting import draw_up
from tirek.passports.actions.outdating import check_all, check_one
from tirek.passports.actions.printing import print_passport
from tirek.passports.actions.signing import agree, approve, refuse

__all__ = ["agree", "approve", "check_all", "check_one", "draw_up", "print_passport", "refuse"]
