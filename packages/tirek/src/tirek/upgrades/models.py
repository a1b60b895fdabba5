"""What to protect next with the money there is: consequence, measures, scenarios and upgrade plans."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tirek.accounts.access import AreaPolicy, CommonPolicy, ScopedManager
from tirek.accounts.models import Person
from tirek.facilities.models import Facility
from tirek.facilities.policies import of_facility
from tirek.jobs.models import Job
from tirek.places.models import Area, Named


class Consequence(models.Model):
    """How much would be lost: factors of one to four points, and an adjustment with its reason. Never a probability.

    People and size come from the register, the fifth factor from the list of scenarios (`upgrades.consequence`).
    """

    facility = models.OneToOneField(Facility, models.CASCADE, primary_key=True, related_name="consequence")
    importance = models.PositiveSmallIntegerField(_("importance of the service"), default=2)
    dependence = models.PositiveSmallIntegerField(_("others that depend on it"), default=2)
    people = models.PositiveSmallIntegerField(
        _("people present"), null=True, blank=True, help_text=_("empty: from the register")
    )
    size = models.PositiveSmallIntegerField(_("size"), null=True, blank=True, help_text=_("empty: from the register"))
    basis = models.CharField(_("where the points come from"), max_length=400, blank=True)
    adjustment = models.SmallIntegerField(_("adjustment"), default=0)
    adjustment_why = models.CharField(_("why"), max_length=300, blank=True)
    judged_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    judged_at = models.DateTimeField(default=timezone.now)

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        verbose_name = _("consequence")
        constraints = [
            models.CheckConstraint(condition=Q(adjustment__range=(-1, 1)), name="adjusted_by_one_at_most"),
            models.CheckConstraint(condition=Q(adjustment=0) | ~Q(adjustment_why=""), name="adjusted_with_a_reason"),
            models.CheckConstraint(
                condition=Q(importance__range=(1, 4), dependence__range=(1, 4))
                & (Q(people=None) | Q(people__range=(1, 4)))
                & (Q(size=None) | Q(size__range=(1, 4))),
                name="factors_of_one_to_four_points",
            ),
        ]

    def __str__(self) -> str:
        return str(self.facility)

    @property
    def area_path(self) -> str:
        return self.facility.area.path


class Measure(Named):
    """Something that can be bought or done, with its price and the requirements that it meets."""

    class Unit(models.TextChoices):
        PIECE = "piece", pgettext_lazy("unit", "piece")
        SET = "set", pgettext_lazy("unit", "set")
        METRE = "m", pgettext_lazy("unit", "m")
        SQUARE_METRE = "m2", pgettext_lazy("unit", "m²")
        YEAR = "year", pgettext_lazy("unit", "year")
        WORK = "work", pgettext_lazy("unit", "job")

    class Per(models.TextChoices):
        FACILITY = "facility", _("one a facility")
        BUILDING = "building", _("one a building")
        ENTRANCE = "entrance", _("one an entrance")
        PERIMETER = "perimeter_m", _("by metres of perimeter")
        AREA = "area_m2", _("by square metres of floor")

    code = models.CharField(_("code"), max_length=60, unique=True)
    price = models.DecimalField(_("price, tenge"), max_digits=14, decimal_places=2)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit.choices, default=Unit.PIECE)
    per = models.CharField(_("how many are needed"), max_length=12, default=Per.FACILITY, choices=Per.choices)
    every = models.PositiveIntegerField(
        _("one for how many of them"), default=1, help_text=_("40: one for every 40 metres, entrances, ...")
    )
    keys = models.JSONField(default=list, help_text="keys of the requirements that it meets")
    equipment = models.CharField(max_length=30, blank=True, help_text="code of the kind of equipment that it installs")
    source = models.CharField(_("where the price is from"), max_length=200, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = CommonPolicy()

    class Meta:
        default_permissions = ()
        ordering = ["code"]
        verbose_name = _("measure")
        constraints = [
            models.CheckConstraint(condition=Q(price__gte=0), name="price_not_below_nothing"),
            models.CheckConstraint(condition=Q(every__gte=1), name="one_for_at_least_one"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("upgrades:measure", args=[self.pk])


class Scenario(Named):
    """A named event that the protection is held against: which points matter for it, and how much."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    points = models.JSONField(default=dict, help_text='{"entrances": weight, ...}')
    types = models.JSONField(default=list, help_text="codes of facility types it concerns; empty: all")
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = CommonPolicy()

    class Meta:
        default_permissions = ()
        ordering = ["code"]
        verbose_name = _("scenario")

    def get_absolute_url(self) -> str:
        return reverse("upgrades:scenario", args=[self.pk])


class KeptWhatIf(models.Model):
    """A what-if that somebody wanted to keep, as it was counted that day. It decides nothing."""

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="what_ifs")
    measures = models.JSONField(help_text="as in PlanLine")
    cost = models.DecimalField(max_digits=16, decimal_places=2)
    gap_before = models.JSONField(help_text="[low, high], shares")
    gap_after = models.JSONField(help_text="[low, high], shares")
    mandatory_before = models.PositiveSmallIntegerField()
    mandatory_after = models.PositiveSmallIntegerField()
    note = models.CharField(_("note"), max_length=300)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        ordering = ["-made_at", "-pk"]
        verbose_name = _("kept what-if")

    def __str__(self) -> str:
        return f"{self.facility}: {self.note}"

    @property
    def area_path(self) -> str:
        return self.facility.area.path


class UpgradePlan(models.Model):
    """A budget and what is best done with it."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("upgrade plan", "not computed")
        COMPUTED = "computed", pgettext_lazy("upgrade plan", "computed")
        ADOPTED = "adopted", pgettext_lazy("upgrade plan", "adopted")

    name = models.CharField(_("name"), max_length=160)
    year = models.PositiveSmallIntegerField(_("year"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("area"), related_name="+")
    budget = models.DecimalField(_("budget, tenge"), max_digits=16, decimal_places=2)
    scenario = models.ForeignKey(
        Scenario, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("scenario")
    )
    mandatory_first = models.BooleanField(_("mandatory requirements first"), default=True)
    least_per_district = models.PositiveSmallIntegerField(_("facilities a district at least"), default=0)
    tier_weights = models.JSONField(default=list, help_text="what a point of gap is worth in tiers 1 to 4")
    choices = models.JSONField(
        default=dict, help_text='{"facility id": "in" or "out"}, set by a person before computing'
    )
    result = models.JSONField(
        default=dict, help_text="gain, cost, bound, gap, frontier, what went wrong (upgrades.outcome)"
    )
    job = models.ForeignKey(Job, models.SET_NULL, null=True, blank=True, related_name="+")
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    computed_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    adopted_at = models.DateTimeField(null=True, blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = AreaPolicy("area__path")

    class Meta:
        default_permissions = ()
        ordering = ["-year", "-pk"]
        verbose_name = _("upgrade plan")

    def __str__(self) -> str:
        return f"{self.name}, {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("upgrades:plan", args=[self.pk])

    @property
    def area_path(self) -> str:
        return self.area.path


class PlanLine(models.Model):
    """What one facility gets in a plan."""

    class Package(models.TextChoices):
        MANDATORY = "mandatory", pgettext_lazy("package", "mandatory only")
        WEAKEST = "weakest", pgettext_lazy("package", "weakest point")
        VALUE = "value", pgettext_lazy("package", "most for the money")
        HALF = "half", pgettext_lazy("package", "halfway")
        FULL = "full", pgettext_lazy("package", "everything")

    plan = models.ForeignKey(UpgradePlan, models.CASCADE, related_name="lines")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    package = models.CharField(_("package"), max_length=10, choices=Package.choices, default=Package.FULL)
    tier = models.PositiveSmallIntegerField(_("tier"), default=1, help_text="as it was that day")
    measures = models.JSONField(
        help_text='[{"code", "name": {"kk", "ru", "en"}, "quantity", "unit", "price", "cost", "keys"}, ...] as they were that day'
    )
    cost = models.DecimalField(max_digits=16, decimal_places=2)
    gain = models.FloatField(help_text="points of gap closed, weighted by the tier")
    gap_before = models.FloatField()
    gap_after = models.FloatField()
    unmet_before = models.PositiveSmallIntegerField(default=0, help_text="mandatory requirements that were not met")
    unmet_after = models.PositiveSmallIntegerField(default=0)
    mandatory = models.BooleanField(default=False, help_text="meets mandatory requirements that were not met")
    stays = models.FloatField(null=True, help_text="share of plans under other weights that it is in too")
    choice = models.CharField(max_length=6, blank=True, help_text="in: put in by a person before computing")

    class Meta:
        default_permissions = ()
        ordering = ["-gain", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "facility"], name="one_line_per_facility")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.facility_id}"

    @property
    def gain_per_million(self) -> float | None:
        """Gain for a million tenge; None where it costs nothing."""
        return self.gain / float(self.cost) * 1e6 if self.cost else None
