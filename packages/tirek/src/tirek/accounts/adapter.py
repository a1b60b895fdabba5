"""How django-allauth works here: accounts are made by administrators, never by signing up, and no mail is sent."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tirek.accounts.models import Person
from tirek.accounts.own import record_log_in
from tirek.accounts.second_factor import has_any

TOO_MANY = _("Too many wrong attempts. Wait five minutes and try again.")
WRONG_CODE = _("This code is not right. Take the newest one.")


class AccountAdapter(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("The log-in name or the password is not right."),
        "account_inactive": _("This account is closed."),
        "enter_current_password": _("This is not your present password."),
        "incorrect_password": _("The password is not right."),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords are counted by django-axes alone: two counters would contradict each other.

        Wrong codes of the second factor, which django-axes does not see, are counted by allauth per person.
        """

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        record_log_in(user, [str(r.get("type") or r["method"]) for r in get_authentication_records(request, user)])

    def get_reauthentication_methods(self, user: Person) -> list[dict[str, Any]]:
        """Whoever has a second factor proves it, the passkey before the code; the password stands for who has none."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        stronger = [method for method in methods if method["id"] != "reauthenticate"]
        if stronger and has_any(user):
            methods = stronger
        return sorted(methods, key=lambda method: method["id"] != "mfa_reauthenticate:webauthn")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:me")


class MfaAdapter(DefaultMFAAdapter):
    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": WRONG_CODE,
        "cannot_generate_recovery_codes": _("Set up a passkey or an authenticator app first."),
    }

    def encrypt(self, text: str) -> str:
        """Secrets of authenticator apps stand encrypted in the database; the key stays in TIREK_HOME."""
        return self._fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return self._fernet().decrypt(encrypted_text.encode()).decode()

    def _fernet(self) -> Fernet:
        return Fernet(settings.HOME.secret_bytes("second-factors", Fernet.generate_key))

    def get_totp_label(self, user: Person) -> str:
        return user.username

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("My key") if count == 0 else gettext("Key %(n)d") % {"n": count + 1}
