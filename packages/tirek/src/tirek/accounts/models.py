"""Agencies, people and what they may do."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.access import AreaPolicy, Grant, ScopedManager, ScopedQuerySet, bearing
from tirek.accounts.policies import PeoplePolicy
from tirek.accounts.roles import ROLE_CHOICES, ROLES
from tirek.places.models import Area, Named


class Agency(Named):
    """An authority or organisation that people belong to."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("area"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = AreaPolicy("area__path", agency="pk")

    class Meta:
        verbose_name = _("agency")
        default_permissions = ()
        ordering = ["code"]

    def get_absolute_url(self) -> str:
        return reverse("accounts:agency", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.area.path if self.area else ""


class PersonManager(BaseUserManager.from_queryset(ScopedQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username__iexact=username)


class Person(AbstractBaseUser):
    """Somebody who works with Tirek."""

    username = models.CharField(
        _("log-in name"),
        max_length=60,
        unique=True,
        error_messages={"unique": _("This log-in name is taken. Choose another.")},
    )
    full_name = models.CharField(pgettext_lazy("person", "name"), max_length=160)
    position = models.CharField(_("position"), max_length=160, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("agency")
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        default="ru",
        choices=[("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")],
    )
    theme = models.CharField(
        _("theme"),
        max_length=5,
        blank=True,
        choices=[("", _("as the page")), ("light", _("light")), ("dark", _("dark"))],
    )
    is_active = models.BooleanField(_("active"), default=True)
    one_time_until = models.DateTimeField(
        _("one-time password valid until"),
        null=True,
        blank=True,
        editable=False,
        help_text="while it stands here, the password came from an administrator and must be changed before anything else",
    )
    is_sample = models.BooleanField(default=False)
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]
    AUDIT_SECRET = ("password", "last_login")

    objects = PersonManager()
    policy = PeoplePolicy()

    class Meta:
        verbose_name = _("person")
        default_permissions = ()
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_absolute_url(self) -> str:
        return reverse("accounts:person", args=[self.pk])

    @property
    def area_path(self) -> str:
        """Where the person belongs: the area of their agency."""
        return self.agency.area_path if self.agency else ""

    @property
    def audit_name(self) -> str:
        return f"{self.full_name} ({self.username})"

    def grants(self, permission: str) -> list[Grant]:
        """Where this person holds `permission`: nowhere for a closed account, and only by assignments that run.

        Read from the database once per object, so once per request. What lives longer than a request (an open stream)
        must fetch the person anew, or a closed account would go on seeing.
        """
        return bearing(permission, [g for g in self.all_grants if permission in ROLES[g.role].permissions])

    @property
    def all_grants(self) -> list[Grant]:
        """One grant per assignment that runs."""
        if not self.is_active:
            return []
        if self._grants is None:
            now = timezone.now()
            running = list(self.assignments.filter(Q(until=None) | Q(until__gt=now)).select_related("area"))
            # A settlement that was imported before its district has no parent either: it is no top of everything.
            tops = {a.area_id for a in running if a.area and a.area.parent_id is None}
            top = tops if tops and Area.objects.filter(parent=None).count() == 1 else set()
            self._grants = [
                Grant(a.area.path if a.area else None, a.agency_id, a.role, holds_all=a.area_id in top)
                for a in running
                # A role that is gone from the code, or an area that has no place in the tree yet, gives nothing.
                if a.role in ROLES and (a.area is None or a.area.path)
            ]
        return self._grants

    _grants: list[Grant] | None = None

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        super().refresh_from_db(*args, **kwargs)
        self._grants = None

    @property
    def roles(self) -> list[str]:
        """Role keys, in the order in which roles are written down."""
        held = {grant.role for grant in self.all_grants}
        return [key for key in ROLES if key in held]


class Assignment(models.Model):
    """A role, bound to a person and to a part of the world."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="assignments", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=30, choices=ROLE_CHOICES)
    area = models.ForeignKey(
        Area,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("area"),
        help_text=_("empty: the whole province"),
    )
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, verbose_name=_("agency"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                "person", "role", Coalesce("area", 0), Coalesce("agency", 0), name="assignment_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_role_display()}"


class SavedView(models.Model):
    """A register as somebody likes to see it: the filters and the order in its address, under a name."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="saved_views")
    register = models.CharField(max_length=60, help_text="name of the register's address, e.g. facilities:register")
    name = models.CharField(_("name"), max_length=80)
    query = models.CharField(max_length=1000, blank=True)
    shared = models.BooleanField(_("others may use it too"), default=False)
    is_default = models.BooleanField(_("open the register with it"), default=False)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        ordering = ["name"]
        verbose_name = _("saved view")
        constraints = [
            models.UniqueConstraint(fields=["person", "register", "name"], name="one_saved_view_per_name"),
            models.UniqueConstraint(
                fields=["person", "register"], condition=Q(is_default=True), name="one_default_view_per_register"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Session(AbstractBaseSession):
    """A log-in. Django's own table of sessions cannot say whose they are, and a closed account must lose all of them."""

    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="sessions")
    began_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True, help_text="the last act of the person, to the minute")
    address = models.CharField(max_length=64, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls) -> type:
        return import_module(settings.SESSION_ENGINE).SessionStore
