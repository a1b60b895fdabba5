"""The installation as an app: its page of services, and what it tells the frame of every page."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tirek.ui import registry


class ConfigConfig(AppConfig):
    name = "tirek.config"

    def ready(self) -> None:
        # Views and models may be imported only now.
        from tirek.config.meeting import connect  # noqa: PLC0415
        from tirek.config.status import pill  # noqa: PLC0415

        registry.nav("services", _("Services"), "services", "server", "ui.view_status", order=95)
        registry.status_item(pill)
        connect()
