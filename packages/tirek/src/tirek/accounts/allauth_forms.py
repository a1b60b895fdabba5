"""django-allauth's forms in our words (settings' ACCOUNT_FORMS and MFA_FORMS), so that they speak all three languages."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts
from django.utils.translation import gettext_lazy as _

from tirek.accounts.own import change_own_password

CODE = _("Code from the app")
CODE_HELP = _("Six figures from the authenticator app, or one of your recovery codes.")


def _say(field: forms.Field, label: Any, help_text: Any = "") -> None:
    field.label, field.help_text = label, help_text
    field.widget.attrs.pop("placeholder", None)


class LoginForm(account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["login"], _("Log-in name"))
        _say(self.fields["password"], _("Password"))
        self.fields["login"].widget.attrs |= {"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}


class ReauthenticateForm(account.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["password"], _("Password"))
        self.fields["password"].widget.attrs["autofocus"] = True


class ChangePasswordForm(account.ChangePasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one_time = self.user.one_time_until is not None
        _say(self.fields["oldpassword"], _("One-time password") if one_time else _("Present password"))
        _say(self.fields["password1"], _("New password"), " ".join(password_validators_help_texts()))
        _say(self.fields["password2"], _("New password again"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("password1") and cleaned.get("password1") == cleaned.get("oldpassword"):
            self.add_error("password1", _("Choose a password other than the present one."))
        return cleaned

    def save(self) -> None:
        change_own_password(self.user, self.cleaned_data["password1"])


class AuthenticateForm(mfa.AuthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], CODE, CODE_HELP)
        self.fields["code"].widget.attrs |= {"autofocus": True, "inputmode": "numeric"}


class ReauthenticateCodeForm(mfa.ReauthenticateForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], CODE, CODE_HELP)
        self.fields["code"].widget.attrs |= {"autofocus": True, "inputmode": "numeric"}


class ActivateTOTPForm(totp.ActivateTOTPForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["code"], CODE, _("The six figures that the app shows now."))
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["name"], _("Name of the key"), _("So that you know it again: “office computer”, “telephone”."))
        _say(
            self.fields["passwordless"],
            _("Also sign in with it, without a password"),
            _("The device then asks for a fingerprint, a face or a PIN."),
        )
        self.fields["passwordless"].initial = True


class NamePasskeyForm(webauthn.EditWebAuthnForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _say(self.fields["name"], _("Name of the key"))
