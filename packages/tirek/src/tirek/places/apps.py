"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlacesConfig(AppConfig):
    name = "tirek.places"

    def ready(self) -> None:
        from tirek.places.search import find_areas  # needs models  # noqa: PLC0415
        from tirek.ui import registry  # noqa: PLC0415

        registry.nav("places", _("Places"), "places:areas", "map", "places.view_area", order=60)
        registry.search_provider(find_areas)
