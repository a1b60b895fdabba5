"""Areas in a tree, their cells, and where people live."""

from __future__ import annotations

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import ScopedManager
from tirek.places.policies import TreePolicy

LANGUAGES = ("kk", "ru", "en")


class Named(models.Model):
    """A name in three languages. `name` is the one of the reader, or the nearest that is filled in."""

    name_kk = models.CharField(_("name in Kazakh"), max_length=200, blank=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def name(self) -> str:
        return self.name_in(get_language() or "ru")

    def name_in(self, language: str) -> str:
        """The name in `language` ("kk", "ru", "en"), or in the first language that has one."""
        return self.text_in("name", language)

    def text_in(self, field: str, language: str) -> str:
        """The same for any text that is kept in fields `<field>_kk`, `<field>_ru`, `<field>_en`."""
        order = (language[:2], "ru", "kk", "en")
        return next((n for code in order if code in LANGUAGES and (n := getattr(self, f"{field}_{code}"))), "")

    def __str__(self) -> str:
        return self.name


class Area(Named):
    """A region, district or settlement."""

    class Kind(models.TextChoices):
        COUNTRY = "country", _("country")
        REGION = "region", _("region")
        DISTRICT = "district", _("district")
        SETTLEMENT = "settlement", _("settlement")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    path = models.CharField(
        max_length=200, db_index=True, editable=False, blank=True, help_text='ids from the root, "1/4/27/"'
    )
    code = models.CharField(_("code"), max_length=60, unique=True)
    boundary = models.JSONField(_("boundary"), null=True, blank=True, help_text=_("a GeoJSON geometry"))
    lat = models.FloatField(_("latitude"), null=True)
    lon = models.FloatField(_("longitude"), null=True)
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    source = models.CharField(
        _("source"), max_length=200, blank=True, help_text=_("where boundary and figures are from")
    )
    is_sample = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True, db_index=True)

    objects = ScopedManager()
    policy = TreePolicy()

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["kind", "code"])]
        verbose_name = _("area")

    def get_absolute_url(self) -> str:
        return reverse("places:area", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.path

    @property
    def depth(self) -> int:
        """How many areas this one lies in."""
        return self.path.count("/") - 1


class AreaCell(models.Model):
    """One H3 cell of the compacted cover of an area's boundary (mixed resolutions).

    `whole`: everything in the cell lies in the area, so a look-up need not ask the boundary.
    """

    area = models.ForeignKey(Area, models.CASCADE, related_name="cells")
    cell = models.CharField(max_length=16, db_index=True)
    whole = models.BooleanField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["area", "cell"], name="one_cell_once_per_area")]

    def __str__(self) -> str:
        return self.cell


class PopulationCell(models.Model):
    """How many people live in an H3 cell of resolution 9. Only populated cells are stored.

    `area` is the settlement that most of them belong to. An estimate: see `tirek_engines.geo.spread_population`.
    """

    cell = models.CharField(max_length=16, primary_key=True)
    area = models.ForeignKey(Area, models.CASCADE, null=True, related_name="population_cells")
    population = models.FloatField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.cell
