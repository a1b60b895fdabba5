"""The pages of django-allauth that Tirek uses, each with a guard. What is not named here (sign-up, e-mail, password
reset by mail) does not exist: accounts are made, and passwords reset, by an administrator.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import path

from tirek.accounts import second_factor
from tirek.accounts.access import is_sample_session
from tirek.accounts.guards import page, public


def own(view: Callable[..., Any]) -> Callable[..., Any]:
    """Guard a page about one's own password and second factors. Sample people have none, and get none."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if is_sample_session(request):
            raise PermissionDenied("sample people have no password and no second factor")
        return view(request, *args, **kwargs)

    return page()(guarded)


def own_factor(view: Callable[..., Any]) -> Callable[..., Any]:
    """Guard a page that changes one's own second factors or shows the recovery codes: whoever has a factor proves it."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if second_factor.stale(request):
            return second_factor.demand(request, request.get_full_path())
        answer: HttpResponseBase = view(request, *args, **kwargs)
        return answer

    return own(guarded)


urlpatterns = [
    path("login/", public(account.login), name="account_login"),
    path("login/passkey/", public(webauthn.login_webauthn), name="mfa_login_webauthn"),
    path("login/code/", public(mfa.authenticate), name="mfa_authenticate"),
    path("logout/", public(account.logout), name="account_logout"),
    path("inactive/", public(account.account_inactive), name="account_inactive"),
    path("password/", own(account.password_change), name="account_change_password"),
    path("confirm/password/", own(account.reauthenticate), name="account_reauthenticate"),
    path("confirm/code/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path("confirm/passkey/", own(webauthn.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("factors/", own(mfa.index), name="mfa_index"),
    path("factors/app/add/", own_factor(totp.activate_totp), name="mfa_activate_totp"),
    path("factors/app/remove/", own_factor(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("factors/codes/", own_factor(recovery_codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("factors/codes/new/", own_factor(recovery_codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("factors/codes/file/", own_factor(recovery_codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path("factors/passkeys/", own(webauthn.list_webauthn), name="mfa_list_webauthn"),
    path("factors/passkeys/add/", own_factor(webauthn.add_webauthn), name="mfa_add_webauthn"),
    path("factors/passkeys/<int:pk>/name/", own_factor(webauthn.edit_webauthn), name="mfa_edit_webauthn"),
    path("factors/passkeys/<int:pk>/remove/", own_factor(webauthn.remove_webauthn), name="mfa_remove_webauthn"),
]
