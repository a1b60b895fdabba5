"""Acts on standards and standings. See the modules for what each promises."""

from tirek.requirements.actions.declaring import declare_standing
from tirek.requirements.actions.editions import enforce_and_count, enforce_edition, import_edition, remove_edition
from tirek.requirements.actions.live import refresh_live, refresh_live_all
from tirek.requirements.actions.recording import Record, record_many, record_standings

__all__ = [
    "Record",
    "declare_standing",
    "enforce_and_count",
    "enforce_edition",
    "import_edition",
    "record_many",
    "record_standings",
    "refresh_live",
    "refresh_live_all",
    "remove_edition",
]
