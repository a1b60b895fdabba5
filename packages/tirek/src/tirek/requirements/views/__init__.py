"""Pages of this app."""

from tirek.requirements.views.editions import compare, edition, edition_file, enforce, remove, standard, standards
from tirek.requirements.views.importing import import_confirm, import_file
from tirek.requirements.views.requirements import declare, facilities, requirement, standing

__all__ = [
    "compare",
    "declare",
    "edition",
    "edition_file",
    "enforce",
    "facilities",
    "import_confirm",
    "import_file",
    "remove",
    "requirement",
    "standard",
    "standards",
    "standing",
]
