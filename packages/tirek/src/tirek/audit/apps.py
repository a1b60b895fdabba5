"""App configuration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tirek.ui import registry


class AuditConfig(AppConfig):
    name = "tirek.audit"
    verbose_name = _("Log")

    def ready(self) -> None:
        registry.nav("audit", _("Log"), "audit:entries", "list-check", "audit.view_entry", order=90)
