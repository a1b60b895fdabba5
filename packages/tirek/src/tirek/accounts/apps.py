"""App configuration: what accounts tell the frame of the pages."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from tirek.ui import registry


class AccountsConfig(AppConfig):
    name = "tirek.accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        # Views, models and allauth may be imported only now.
        from allauth.mfa import signals  # noqa: PLC0415

        from tirek.accounts import own, queries, sample_bar  # noqa: PLC0415
        from tirek.accounts.sheets import AgencySheet  # noqa: PLC0415
        from tirek.sheets.registry import register  # noqa: PLC0415

        registry.nav("people", _("People"), "accounts:people", "users", "accounts.view_person", order=80)
        registry.user_link("me", _("Your page"), "accounts:me", "user", order=10)
        registry.search_provider(queries.search)
        registry.sample_bar(sample_bar.bar)
        register(AgencySheet())
        registry.strings(
            {
                "passkey.stopped": _("The passkey was not used. Try again, or take another way to sign in."),
                "passkey.known": _("This device already holds a passkey of yours."),
                "passkey.address": _("Passkeys need an address with a name. On this machine open {address} instead."),
            }
        )
        # allauth offers no other hook here. Nothing is decided: each only leaves its trace in the audit log.
        signals.authenticator_added.connect(own.second_factor_added)
        signals.authenticator_removed.connect(own.second_factor_removed)
        signals.authenticator_reset.connect(own.second_factor_renewed)
