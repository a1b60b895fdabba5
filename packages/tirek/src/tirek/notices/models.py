"""Notices: the written warning to a facility to put findings right by a date, and everything that follows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField, transition

from tirek.accounts.access import ScopedManager
from tirek.accounts.models import Person
from tirek.facilities.models import Contact, Facility
from tirek.facilities.policies import of_facility
from tirek.files.models import StoredFile
from tirek.inspections.models import Finding, Inspection


class Notice(models.Model):
    """One notice. Whether it is overdue is not a state: it follows from `due_on` and the day."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("notice", "draft")
        ISSUED = "issued", pgettext_lazy("notice", "issued, not served")
        SERVED = "served", pgettext_lazy("notice", "served")
        ANSWERED = "answered", pgettext_lazy("notice", "answered, to be verified")
        CLOSED = "closed", pgettext_lazy("notice", "closed")
        WITHDRAWN = "withdrawn", pgettext_lazy("notice", "withdrawn")

    class Method(models.TextChoices):
        PORTAL = "portal", pgettext_lazy("service", "in Tirek")
        MAIL = "mail", pgettext_lazy("service", "by post")
        HAND = "hand", pgettext_lazy("service", "by hand")

    OPEN = (State.ISSUED, State.SERVED, State.ANSWERED)

    number = models.CharField(_("number"), max_length=40, blank=True, help_text="given when it is issued")
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    sequence = models.PositiveIntegerField(null=True, blank=True)
    state = FSMField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT, protected=True)
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="notices", verbose_name=_("facility"))
    inspection = models.ForeignKey(Inspection, models.PROTECT, related_name="notices", verbose_name=_("inspection"))
    intro_kk = models.TextField(_("opening words in Kazakh"), blank=True)
    intro_ru = models.TextField(_("opening words in Russian"), blank=True)
    due_on = models.DateField(_("term"), db_index=True, help_text="the nearest term of what is not put right yet")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(default=timezone.now)
    issued_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    issued_at = models.DateTimeField(null=True, blank=True, db_index=True)
    served_method = models.CharField(_("how it is served"), max_length=6, choices=Method.choices, blank=True)
    served_to = models.CharField(_("person served"), max_length=160, blank=True)
    served_position = models.CharField(_("position"), max_length=160, blank=True)
    served_contact = models.ForeignKey(Contact, models.SET_NULL, null=True, blank=True, related_name="+")
    served_at = models.DateTimeField(null=True, blank=True)
    served_proof = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(
        null=True, blank=True, help_text="when a contact of the facility first opened it here"
    )
    read_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, blank=True, related_name="+")
    content = models.JSONField(default=dict, help_text="the words as they were issued; the paper is set from them")
    content_sha256 = models.CharField(max_length=64, blank=True, help_text="of what was issued; stands on the paper")
    escalated_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, db_index=True)
    closed_by = models.ForeignKey(Inspection, models.PROTECT, null=True, blank=True, related_name="closed_notices")
    withdrawn_why = models.TextField(blank=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = of_facility()

    class Meta:
        default_permissions = ()
        ordering = ["-issued_at", "-pk"]
        verbose_name = _("notice")
        indexes = [models.Index(fields=["facility", "state"]), models.Index(fields=["state", "due_on"])]
        constraints = [
            models.UniqueConstraint(fields=["year", "sequence"], name="one_notice_per_number"),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False), name="closed_only_by_a_re_inspection"
            ),
        ]

    # The moves that there are. What must be true before each, `actions` says.
    @transition(state, source="draft", target="issued")
    def to_issued(self) -> None: ...

    @transition(state, source="issued", target="served")
    def to_served(self) -> None: ...

    @transition(state, source="served", target="answered")
    def to_answered(self) -> None: ...

    @transition(state, source="answered", target="served")
    def to_served_again(self) -> None: ...

    @transition(state, source=["issued", "served", "answered"], target="closed")
    def to_closed(self) -> None: ...

    @transition(state, source="closed", target="served")
    def to_reopened(self) -> None: ...

    @transition(state, source="closed", target="issued")
    def to_reopened_unserved(self) -> None: ...

    @transition(state, source=["draft", "issued", "served", "answered"], target="withdrawn")
    def to_withdrawn(self) -> None: ...

    def __str__(self) -> str:
        return f"№ {self.number}" if self.number else f"{self.get_state_display()}: {self.facility}"

    def get_absolute_url(self) -> str:
        return reverse("notices:notice", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def days_left(self) -> int:
        """Days to the term; negative when it is over."""
        return (self.due_on - timezone.localdate()).days

    @property
    def is_overdue(self) -> bool:
        return self.is_open and self.days_left < 0

    @property
    def area_path(self) -> str:
        return self.facility.area.path


class Line(models.Model):
    """One finding in a notice, with what is demanded."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="lines")
    finding = models.ForeignKey(Finding, models.PROTECT, related_name="lines")
    stands = models.BooleanField(
        default=True, help_text="false in a notice that was withdrawn: the finding is free for another"
    )
    number = models.PositiveSmallIntegerField(default=1)
    demand_kk = models.TextField(_("demand in Kazakh"), blank=True)
    demand_ru = models.TextField(_("demand in Russian"), blank=True)
    due_on = models.DateField(_("term"))

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["finding"], condition=Q(stands=True), name="one_notice_per_finding")
        ]

    def __str__(self) -> str:
        return f"{self.notice_id}.{self.number}"

    @property
    def demand(self) -> str:
        """The demand in the reader's language, or in the one that is filled in."""
        kk, ru = self.demand_kk, self.demand_ru
        return (kk or ru) if (get_language() or "ru").startswith("kk") else (ru or kk)


class Reply(models.Model):
    """What the facility answered."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="replies")
    line = models.ForeignKey(Line, models.CASCADE, null=True, blank=True, related_name="replies")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(_("answer"))
    files = models.ManyToManyField(StoredFile, blank=True, related_name="+")

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return self.text[:80]


class Extension(models.Model):
    """The facility's wish for more time. A person decides."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="extensions")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=timezone.now)
    until = models.DateField(_("until"))
    reason = models.TextField(_("reason"))
    granted = models.BooleanField(null=True)
    granted_until = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.TextField(_("why"), blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["notice"], condition=Q(granted=None), name="one_open_wish_per_notice"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=models.F("asked_by")), name="nobody_grants_an_own_wish"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.until}"


class Reminder(models.Model):
    """One reminder or escalation that went out, so that none goes out twice and all can be proved."""

    class Kind(models.TextChoices):
        SERVED = "served", _("a notice for your facility")
        BEFORE = "before", _("the term comes near")
        ON_DAY = "on_day", _("the term is today")
        OVERDUE = "overdue", _("the term is over")
        ESCALATED = "escalated", _("overdue, told to the chief and the agency in charge")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    for_due = models.DateField(help_text="the term it spoke of; a new term starts a new row of reminders")
    days = models.SmallIntegerField(help_text="days to the term when it went; negative after it")
    at = models.DateTimeField(default=timezone.now)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="reminders")
    channel = models.CharField(max_length=10, default="inbox", help_text="inbox, mail")
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "kind", "for_due", "days", "person", "channel"], name="no_reminder_twice"
            )
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.kind}"
