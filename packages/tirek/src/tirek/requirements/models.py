"""Requirements as data: standards, their editions, and where each facility stands."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import CommonPolicy, ScopedManager
from tirek.accounts.models import Person
from tirek.facilities.models import Facility
from tirek.facilities.policies import of_facility
from tirek.places.models import Named
from tirek.requirements.standing import LIVE, Statement


class Point(models.TextChoices):
    """Where a requirement protects. A facility is as strong as its weakest point."""

    PERIMETER = "perimeter", pgettext_lazy("point", "perimeter")
    ENTRANCES = "entrances", pgettext_lazy("point", "entrances")
    INSIDE = "inside", pgettext_lazy("point", "inside the building")
    VIDEO = "video", pgettext_lazy("point", "video surveillance")
    ALARM = "alarm", pgettext_lazy("point", "alarm and communication")
    WARNING = "warning", pgettext_lazy("point", "warning people")
    PEOPLE = "people", pgettext_lazy("point", "staff and drills")
    PAPERS = "papers", pgettext_lazy("point", "documents and order")


class Standard(Named):
    """A set of requirements with one legal source, in one or more editions."""

    code = models.CharField(_("code"), max_length=60, unique=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = CommonPolicy()

    class Meta:
        default_permissions = ()
        ordering = ["code"]
        verbose_name = _("standard")

    def get_absolute_url(self) -> str:
        return reverse("requirements:standard", args=[self.pk])


class Edition(models.Model):
    """One edition of a standard, as it came from a file. Once in force it is not changed: a new edition follows it."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("edition", "draft")
        IN_FORCE = "in_force", pgettext_lazy("edition", "in force")
        REPLACED = "replaced", pgettext_lazy("edition", "replaced")

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="editions")
    label = models.CharField(_("edition"), max_length=40)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.DRAFT)
    instrument_kk = models.CharField(_("legal source in Kazakh"), max_length=400, blank=True)
    instrument_ru = models.CharField(_("legal source in Russian"), max_length=400, blank=True)
    instrument_en = models.CharField(_("legal source in English"), max_length=400, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=400, blank=True)
    valid_from = models.DateField(_("in force from"), null=True, blank=True)
    valid_to = models.DateField(_("in force until"), null=True, blank=True)
    sha256 = models.CharField(max_length=64, help_text="of the file as it was imported")
    file = models.TextField(blank=True, editable=False, help_text="the file as it was imported")
    enforced_on = models.DateField(_("put in force"), null=True, blank=True)
    enforced_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    replaced_on = models.DateField(_("replaced"), null=True, blank=True)
    imported_at = models.DateTimeField(default=timezone.now)
    imported_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = CommonPolicy()

    class Meta:
        default_permissions = ()
        ordering = ["standard", "-valid_from", "-pk"]
        verbose_name = _("edition")
        constraints = [
            models.UniqueConstraint(fields=["standard", "label"], name="one_edition_per_label"),
            models.UniqueConstraint(
                fields=["standard"], condition=Q(state="in_force"), name="one_edition_in_force_per_standard"
            ),
        ]

    # The file is named by its hash.
    AUDIT_SECRET = ("file",)

    def __str__(self) -> str:
        return f"{self.standard.name}, {self.label}"

    def get_absolute_url(self) -> str:
        return reverse("requirements:edition", args=[self.pk])

    @property
    def instrument(self) -> str:
        """The legal source in the reader's language, or in the first that has it."""
        order = ((get_language() or "ru")[:2], "ru", "kk", "en")
        return next((text for code in order if (text := getattr(self, f"instrument_{code}", ""))), "")


class Requirement(models.Model):
    """One numbered demand. `key` is the same in all editions of its standard; it links a facility's standing over time."""

    class Verify(models.TextChoices):
        LOOK = "look", pgettext_lazy("requirement", "look")
        DOCUMENT = "document", pgettext_lazy("requirement", "document")
        TEST = "test", pgettext_lazy("requirement", "test")
        LIVE = "live", pgettext_lazy("requirement", "from live data")

    class Severity(models.TextChoices):
        MINOR = "minor", pgettext_lazy("finding", "minor")
        SERIOUS = "serious", pgettext_lazy("finding", "serious")
        CRITICAL = "critical", pgettext_lazy("finding", "critical")

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="requirements")
    key = models.CharField(_("key"), max_length=60, db_index=True)
    paragraph = models.CharField(_("paragraph"), max_length=40)
    order = models.PositiveIntegerField(default=0)
    section_kk = models.CharField(max_length=200, blank=True)
    section_ru = models.CharField(max_length=200, blank=True)
    section_en = models.CharField(max_length=200, blank=True)
    text_kk = models.TextField(_("text in Kazakh"))
    text_ru = models.TextField(_("text in Russian"))
    text_en = models.TextField(_("text in English"), blank=True)
    hint_kk = models.TextField(blank=True, help_text="how to verify, for the inspector")
    hint_ru = models.TextField(blank=True)
    hint_en = models.TextField(blank=True)
    point = models.CharField(_("protects"), max_length=12, choices=Point.choices)
    mandatory = models.BooleanField(_("mandatory"), default=False)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity.choices, default=Severity.SERIOUS)
    verify = models.CharField(_("how it is verified"), max_length=8, choices=Verify.choices, default=Verify.LOOK)
    live_check = models.JSONField(default=dict, blank=True, help_text='{"name": ..., parameters} of a registered check')
    evidence = models.JSONField(default=list, blank=True, help_text='what is wanted: "photo", "document", "date"')
    applies = models.JSONField(
        default=dict, blank=True, help_text='{"types": [...], "categories": [...], "min_people": n, ...}; empty: all'
    )
    deadline_days = models.PositiveSmallIntegerField(_("usual term, days"), default=30)
    measures = models.JSONField(default=list, blank=True, help_text="codes of measures that meet it")

    class Meta:
        default_permissions = ()
        ordering = ["edition", "order"]
        verbose_name = _("requirement")
        constraints = [models.UniqueConstraint(fields=["edition", "key"], name="one_requirement_per_key")]

    def __str__(self) -> str:
        return f"{self.paragraph} {self.text}"[:200]

    def _in(self, field: str, language: str | None = None) -> str:
        order = ((language or get_language() or "ru")[:2], "ru", "kk", "en")
        return next((text for code in order if (text := getattr(self, f"{field}_{code}", ""))), "")

    @property
    def text(self) -> str:
        return self._in("text")

    @property
    def section(self) -> str:
        return self._in("section")

    @property
    def hint(self) -> str:
        return self._in("hint")

    def text_in(self, language: str) -> str:
        return self._in("text", language)

    def section_in(self, language: str) -> str:
        return self._in("section", language)

    def hint_in(self, language: str) -> str:
        return self._in("hint", language)

    def get_absolute_url(self) -> str:
        return reverse("requirements:requirement", args=[self.pk])


class Standing(models.Model):
    """Where a facility stands on one requirement: the newest thing that is known, and from what.

    `state`, `since`, `source`, `source_id` and `note` are what counts. What a person said last (`said_...`) and what live data says
    (`live_...`) are kept beside it, so that both can be shown where they disagree (`requirements.standing` decides).
    """

    class State(models.TextChoices):
        MET = "met", pgettext_lazy("standing", "met")
        UNMET = "unmet", pgettext_lazy("standing", "not met")
        NA = "na", pgettext_lazy("standing", "does not apply")
        UNKNOWN = "unknown", pgettext_lazy("standing", "not known")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="standings")
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="standings")
    key = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=State.choices)
    since = models.DateTimeField(help_text="evidence date: when it was seen, not when it was typed")
    source = models.CharField(max_length=12, help_text="inspection, notice, live, declared")
    source_id = models.BigIntegerField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    said_state = models.CharField(max_length=8, choices=State.choices, blank=True)
    said_since = models.DateTimeField(null=True)
    said_source = models.CharField(max_length=12, blank=True)
    said_source_id = models.BigIntegerField(null=True)
    said_note = models.CharField(max_length=300, blank=True)
    live_state = models.CharField(max_length=8, choices=State.choices, blank=True)
    live_since = models.DateTimeField(null=True)
    live_text = models.JSONField(default=dict, help_text='{"kk": ..., "ru": ..., "en": ...}')

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        verbose_name = _("standing")
        constraints = [models.UniqueConstraint(fields=["facility", "standard", "key"], name="one_standing_per_key")]
        indexes = [models.Index(fields=["facility", "state"]), models.Index(fields=["standard", "key", "state"])]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.key} {self.state}"

    @property
    def area_path(self) -> str:
        return self.facility.area.path

    @property
    def said(self) -> Statement | None:
        """What a person said last."""
        if not self.said_state or self.said_since is None:
            return None
        return Statement(self.said_state, self.said_since, self.said_source, self.said_source_id, self.said_note)

    @property
    def live(self) -> Statement | None:
        """What live data says."""
        if not self.live_state or self.live_since is None:
            return None
        return Statement(self.live_state, self.live_since, LIVE)

    @property
    def live_words(self) -> str:
        """What live data says, in the reader's language."""
        order = ((get_language() or "ru")[:2], "ru", "kk", "en")
        return next((text for code in order if (text := self.live_text.get(code))), "")

    @property
    def is_disputed(self) -> bool:
        """Whether a person and live data say different things."""
        said, live = self.said, self.live
        return bool(said and live and said.is_known and live.is_known and said.state != live.state)


class FormerStanding(models.Model):
    """A standing that no longer counts: something newer was said, or the requirement is no longer in force."""

    class Why(models.TextChoices):
        NEWER = "newer", pgettext_lazy("former standing", "something newer is known")
        DROPPED = "dropped", pgettext_lazy("former standing", "no longer required")

    facility = models.ForeignKey(Facility, models.CASCADE, related_name="former_standings")
    standard = models.ForeignKey(Standard, models.CASCADE, related_name="+")
    key = models.CharField(max_length=60)
    state = models.CharField(max_length=8, choices=Standing.State.choices)
    since = models.DateTimeField()
    until = models.DateTimeField()
    why = models.CharField(max_length=8, choices=Why.choices, default=Why.NEWER)
    source = models.CharField(max_length=12)
    source_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True)

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        ordering = ["-until", "-pk"]
        indexes = [models.Index(fields=["facility", "standard", "key"])]

    def __str__(self) -> str:
        return f"{self.facility_id} {self.key} {self.state} until {self.until:%Y-%m-%d}"
