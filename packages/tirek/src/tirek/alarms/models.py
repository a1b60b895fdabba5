"""Panels, the signals they send, and the alarms that people work on."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, override, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import AreaPolicy, CommonPolicy, ScopedManager
from tirek.accounts.models import Person
from tirek.equipment.models import Item
from tirek.facilities.models import Facility, FacilityType
from tirek.places.models import Named


class Kind(models.TextChoices):
    """What an alarm is about. The order is the order of urgency on the desk."""

    PANIC = "panic", _("panic button")
    HOLDUP = "holdup", _("hold-up")
    DURESS = "duress", _("duress")
    FIRE = "fire", _("fire")
    MEDICAL = "medical", _("medical help")
    BURGLARY = "burglary", _("intrusion")
    TAMPER = "tamper", _("tampering")
    SILENT = "silent", _("panel does not answer")
    TROUBLE = "trouble", _("technical trouble")
    TEST = "test", pgettext_lazy("alarm", "test")
    OTHER = "other", _("other signal")


KIND_NAMES = dict(Kind.choices)
URGENCY = {kind: rank for rank, kind in enumerate(Kind.values)}


class Problem(models.TextChoices):
    """What was wrong with a frame. All but `PLAIN` mean that it was not taken as a signal."""

    CRC = "crc", _("wrong check sum")
    NO_KEY = "no_key", _("encrypted, but the panel has no key here")
    WRONG_KEY = "wrong_key", _("the key does not open it")
    TIME = "time", _("the time stamp is not of now")
    UNREADABLE = "unreadable", _("the content cannot be read")
    TOKEN = "token", _("a kind of message that is not known")
    PLAIN = "plain", _("not encrypted, although the panel has a key")


class Panel(models.Model):
    """An alarm panel (transmitter) at a facility."""

    account = models.CharField(_("account"), max_length=16, db_index=True)
    prefix = models.CharField(_("line prefix"), max_length=8, blank=True, help_text=_("empty: any"))
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="panels", verbose_name=_("facility"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    key = models.BinaryField(
        null=True, blank=True, editable=True, help_text="AES key, encrypted with the installation's own key"
    )
    profile = models.CharField(_("profile"), max_length=20, default="auto")
    heartbeat_s = models.PositiveIntegerField(_("heartbeat, seconds"), default=120)
    check_time = models.BooleanField(_("check the time stamp"), default=False)
    last_seen = models.DateTimeField(_("last heard"), null=True, blank=True)
    last_address = models.CharField(max_length=64, blank=True)
    newest_stamp = models.DateTimeField(
        pgettext_lazy("log", "newest time stamp"),
        null=True,
        help_text="of an encrypted frame; older ones are no sign of life",
    )
    clock_anew_at = models.DateTimeField(
        pgettext_lazy("log", "clock started anew at"), null=True, help_text="stamps from before do not count any more"
    )
    old_stamps_at = models.DateTimeField(
        pgettext_lazy("log", "last call with an old time stamp"),
        null=True,
        help_text="taken in, but no sign of life; written seldom",
    )
    silent_since = models.DateTimeField(_("silent since"), null=True, blank=True)
    test_until = models.DateTimeField(_("under test until"), null=True, blank=True)
    signals_total = models.PositiveBigIntegerField(default=0)
    duplicates_total = models.PositiveBigIntegerField(default=0)
    item = models.OneToOneField(
        Item, models.SET_NULL, null=True, blank=True, editable=False, related_name="panel", verbose_name=_("equipment")
    )
    is_sample = models.BooleanField(default=False)

    AUDIT_SECRET = ("key",)
    objects = ScopedManager()
    policy = AreaPolicy(
        "facility__area__path", own=lambda user: Q(facility__contacts__person=user), agency="facility__agency"
    )

    class Meta:
        default_permissions = ()
        ordering = ["account"]
        constraints = [models.UniqueConstraint(fields=["account", "prefix"], name="one_panel_per_account")]

    def __str__(self) -> str:
        return f"{self.account} {self.name}".strip()

    @property
    def area_path(self) -> str:
        return self.facility.area.path

    @property
    def has_old_stamps(self) -> bool:
        """Whether its last call was no sign of life, since its time stamp was an old one."""
        if self.key is None or self.old_stamps_at is None:
            return False
        return self.last_seen is None or self.last_seen < self.old_stamps_at


class Zone(Named):
    """A zone of a panel: a button, a door, a detector. Its name and its place are read in the reader's language."""

    panel = models.ForeignKey(Panel, models.CASCADE, related_name="zones")
    number = models.CharField(_("number"), max_length=10)
    place_kk = models.CharField(_("place in the building, in Kazakh"), max_length=160, blank=True)
    place_ru = models.CharField(_("place in the building, in Russian"), max_length=160, blank=True)
    place_en = models.CharField(_("place in the building, in English"), max_length=160, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["panel", "number"], name="one_zone_per_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"

    @property
    def place(self) -> str:
        """Where in the building, in the reader's language or in the nearest that is filled in."""
        return self.text_in("place", get_language() or "ru")


class Alarm(models.Model):
    """What a person has to deal with. Groups the signals of one facility and kind while it is open."""

    class State(models.TextChoices):
        NEW = "new", pgettext_lazy("alarm", "new")
        ACKNOWLEDGED = "acknowledged", pgettext_lazy("alarm", "accepted")
        IN_HAND = "in_hand", pgettext_lazy("alarm", "in hand")
        CLOSED = "closed", pgettext_lazy("alarm", "closed")

    class Outcome(models.TextChoices):
        REAL = "real", pgettext_lazy("alarm", "real")
        FALSE = "false", pgettext_lazy("alarm", "false")
        TEST = "test", pgettext_lazy("alarm", "test")
        ITSELF = "itself", pgettext_lazy("alarm", "ended by itself")

    facility = models.ForeignKey(Facility, models.PROTECT, related_name="alarms")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    urgency = models.PositiveSmallIntegerField(default=99, help_text="0 is the most urgent; follows from the kind")
    state = models.CharField(max_length=12, choices=State.choices, default=State.NEW)
    opened_at = models.DateTimeField(help_text="when the first signal was received")
    shown_at = models.DateTimeField(null=True, help_text="when a desk first showed it")
    last_signal_at = models.DateTimeField()
    signal_count = models.PositiveIntegerField(default=0)
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    again_at = models.DateTimeField(
        pgettext_lazy("log", "rang again at"), null=True, help_text="when a further call last set it back to new"
    )
    again_acknowledged_at = models.DateTimeField(pgettext_lazy("log", "accepted again at"), null=True)
    again_acknowledged_by = models.ForeignKey(
        Person, models.PROTECT, null=True, related_name="+", verbose_name=pgettext_lazy("log", "accepted again by")
    )
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    close_note = models.TextField(blank=True)
    is_test = models.BooleanField(default=False, help_text="the panel was under test")
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = AreaPolicy(
        "facility__area__path", own=lambda user: Q(facility__contacts__person=user), agency="facility__agency"
    )

    class Meta:
        default_permissions = ()
        ordering = ["-opened_at"]
        indexes = [models.Index(fields=["state", "urgency", "opened_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind", "is_test"],
                condition=~Q(state="closed"),
                name="one_open_alarm_per_facility_and_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{KIND_NAMES.get(self.kind, self.kind)}, {self.facility}"

    def name_in(self, language: str) -> str:
        """What is called and where, in `language`: "panic button, Hospital"."""
        with override(language):
            return str(self)

    @property
    def calls_since(self) -> datetime:
        """When it began to wait for somebody: with its first signal, or with the one that made it ring again."""
        return self.again_at or self.opened_at

    @property
    def area_path(self) -> str:
        return self.facility.area.path


class Signal(models.Model):
    """One message of a panel, exactly as it came. Stored before it is answered."""

    received_at = models.DateTimeField(db_index=True)
    panel = models.ForeignKey(Panel, models.PROTECT, null=True, related_name="signals")
    alarm = models.ForeignKey(Alarm, models.PROTECT, null=True, related_name="signals")
    account = models.CharField(max_length=16, db_index=True)
    token = models.CharField(max_length=10)
    sequence = models.CharField(max_length=4)
    stamp = models.DateTimeField(null=True, help_text="the panel's own time stamp")
    code = models.CharField(max_length=8, blank=True)
    system = models.CharField(max_length=3, blank=True)
    qualifier = models.CharField(max_length=8, blank=True)
    kind = models.CharField(max_length=16, blank=True)
    zone = models.CharField(max_length=10, blank=True)
    text = models.CharField(max_length=300, blank=True)
    encrypted = models.BooleanField(default=False)
    raw = models.BinaryField()
    address = models.CharField(max_length=64, blank=True)
    transport = models.CharField(max_length=3, default="tcp")
    duplicate_key = models.CharField(max_length=120, db_index=True)
    copies = models.PositiveIntegerField(default=0, help_text="how many duplicates came after it")
    answer = models.CharField(max_length=3, blank=True, help_text="ACK, NAK or DUH; empty: none was given")
    answered_at = models.DateTimeField(null=True, help_text="when the answer was handed to the network")
    problem = models.CharField(max_length=12, blank=True, choices=Problem.choices)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["panel", "-received_at"])]

    def __str__(self) -> str:
        return f"{self.account} {self.code or self.token}"


class UnknownAccount(models.Model):
    """An account that called and stands on no panel: kept and shown, not lost."""

    account = models.CharField(max_length=16)
    address = models.CharField(max_length=64)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)
    last_raw = models.BinaryField()
    last_text = models.CharField(max_length=300, blank=True)

    objects = ScopedManager()
    policy = CommonPolicy()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["account", "address"], name="one_row_per_unknown_account")]

    def __str__(self) -> str:
        return self.account


class ResponsePlan(Named):
    """What to do about a kind of alarm at a type of facility: a checklist agreed beforehand. The most specific one wins."""

    code = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    facility_type = models.ForeignKey(FacilityType, models.PROTECT, null=True, blank=True)
    warning_plan = models.CharField(max_length=40, blank=True, help_text="code of the plan of warning it offers")
    radius_m = models.PositiveIntegerField(default=400, help_text="radius of the warning it offers")
    is_sample = models.BooleanField(default=False)

    class Meta:
        default_permissions = ()
        ordering = ["code"]


class ResponseStep(models.Model):
    """One step of a response plan."""

    plan = models.ForeignKey(ResponsePlan, models.CASCADE, related_name="steps")
    order = models.PositiveSmallIntegerField()
    text_kk = models.CharField(max_length=200)
    text_ru = models.CharField(max_length=200)
    text_en = models.CharField(max_length=200)
    act = models.CharField(
        max_length=20,
        blank=True,
        help_text="call_contact, call_police, warn_building, warn_area: what the step's button does",
    )

    class Meta:
        default_permissions = ()
        ordering = ["order"]

    def __str__(self) -> str:
        return self.text_ru


class AlarmStep(models.Model):
    """A step done (or undone) for one alarm."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="steps")
    step = models.ForeignKey(ResponseStep, models.PROTECT)
    done_at = models.DateTimeField()
    done_by = models.ForeignKey(Person, models.PROTECT)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["alarm", "step"], name="a_step_is_done_once")]

    def __str__(self) -> str:
        return f"{self.alarm_id}/{self.step_id}"


class AlarmNote(models.Model):
    """A line in an alarm's time line: written by a person, or by Tirek (`kind`)."""

    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="notes")
    at = models.DateTimeField()
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    kind = models.CharField(max_length=20, default="note")
    text = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]

    def __str__(self) -> str:
        return f"{self.kind} {self.text}"
