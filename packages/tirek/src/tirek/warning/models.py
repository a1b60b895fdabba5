"""Public warning: plans, alerts, endpoints, commands and deliveries."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tirek.accounts.access import AreaPolicy, CommonPolicy, ScopedManager
from tirek.accounts.models import Person
from tirek.equipment.models import Item
from tirek.facilities.models import Facility
from tirek.places.models import LANGUAGES, Area, Named

# Recordings lie here by their hash, and stay: an alert or a command may name one that its plan has no more.
CLIP_FOLDER = "clips/"


class Mode(models.TextChoices):
    LIVE = "live", _("live")
    EXERCISE = "exercise", _("exercise")


class Plan(Named):
    """A warning agreed beforehand for one kind of threat: texts, tone, and the words of CAP."""

    code = models.CharField(_("code"), max_length=40, unique=True)
    order = models.PositiveSmallIntegerField(_("order"), default=10)
    event_kk = models.CharField(max_length=120)
    event_ru = models.CharField(max_length=120)
    event_en = models.CharField(max_length=120)
    category = models.CharField(_("CAP category"), max_length=12, default="Security")
    response = models.CharField(_("CAP response type"), max_length=12, default="Shelter")
    urgency = models.CharField(_("CAP urgency"), max_length=12, default="Immediate")
    severity = models.CharField(_("CAP severity"), max_length=12, default="Extreme")
    certainty = models.CharField(_("CAP certainty"), max_length=12, default="Observed")
    tone = models.CharField(_("tone"), max_length=20, default="attention")
    tone_s = models.PositiveSmallIntegerField(_("tone, seconds"), default=60)
    valid_min = models.PositiveSmallIntegerField(_("valid, minutes"), default=60)
    repeats_per_hour = models.PositiveSmallIntegerField(_("repeats an hour"), default=3)
    radius_m = models.PositiveIntegerField(_("radius offered, metres"), default=400)
    is_active = models.BooleanField(_("in use"), default=True)
    is_sample = models.BooleanField(default=False)

    objects = ScopedManager()
    policy = CommonPolicy()

    class Meta:
        default_permissions = ()
        ordering = ["order", "code"]


class PlanText(models.Model):
    """A plan's words in one language, and the recorded clip that wins over synthesis."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2, choices=[("kk", "Қазақша"), ("ru", "Русский"), ("en", "English")])
    headline = models.CharField(_("headline"), max_length=160)
    description = models.TextField(_("what happened"))
    instruction = models.TextField(_("what to do"))
    clip = models.FileField(_("recorded clip"), upload_to=CLIP_FOLDER, blank=True)
    clip_sha256 = models.CharField(max_length=64, blank=True)
    clip_s = models.FloatField(null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["plan", "language"], name="one_text_per_language")]

    def __str__(self) -> str:
        return self.headline


class Endpoint(models.Model):
    """A siren or loudspeaker with an agent."""

    class Kind(models.TextChoices):
        SIREN = "siren", _("siren")
        LOUDSPEAKER = "loudspeaker", _("loudspeaker")

    class State(models.TextChoices):
        WAITING = "waiting", _("not enrolled yet")
        READY = "ready", _("ready")
        LOST = "lost", _("does not answer")
        FAULT = "fault", _("fault")
        OFF = "off", _("switched off")

    code = models.CharField(_("code"), max_length=40, unique=True, help_text="its name on the wire")
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.LOUDSPEAKER)
    facility = models.ForeignKey(
        Facility, models.PROTECT, null=True, blank=True, related_name="endpoints", verbose_name=_("facility")
    )
    area = models.ForeignKey(Area, models.PROTECT, related_name="endpoints", verbose_name=_("area"))
    lat = models.FloatField(_("latitude"))
    lon = models.FloatField(_("longitude"))
    cell = models.CharField(
        max_length=16, db_index=True, editable=False, help_text="H3, resolution 10, as the agent was told"
    )
    former_cells = models.JSONField(
        default=list,
        editable=False,
        help_text="cells of devices that were enrolled here and that a newer code replaced: they may still hear",
    )
    range_m = models.PositiveIntegerField(_("range, metres"), default=300)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    state_since = models.DateTimeField(null=True, blank=True)
    state_reason = models.CharField(max_length=200, blank=True)
    public_key = models.BinaryField(null=True, blank=True)
    enrolled_at = models.DateTimeField(null=True, blank=True)
    code_hash = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the one-time code")
    code_until = models.DateTimeField(null=True, blank=True)
    last_seen = models.DateTimeField(_("last heard"), null=True, blank=True)
    version = models.CharField(max_length=40, blank=True)
    faults = models.JSONField(default=list, help_text="what it last said to be wrong with itself")
    playing = models.CharField(
        max_length=32, blank=True, help_text="nonce of the command that sounds, by its last beat"
    )
    beat_seq = models.BigIntegerField(default=0, help_text="number of the last beat that counted")
    item = models.OneToOneField(
        Item,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="endpoint",
        verbose_name=_("equipment"),
    )
    is_sample = models.BooleanField(default=False)

    AUDIT_SECRET = ("code_hash", "public_key")
    objects = ScopedManager()
    policy = AreaPolicy("area__path", own=lambda user: Q(facility__contacts__person=user), agency="facility__agency")

    class Meta:
        default_permissions = ()
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def area_path(self) -> str:
        return self.area.path


class Alert(models.Model):
    """A public warning: one CAP message and what became of it."""

    class State(models.TextChoices):
        DRAFT = "draft", _("draft")
        WAITING = "waiting", _("waits for the second person")
        ISSUED = "issued", _("issued")
        ENDED = "ended", _("ended")
        REJECTED = "rejected", _("rejected")

    class Ending(models.TextChoices):
        EXPIRED = "expired", _("time ran out")
        UPDATED = "updated", _("corrected by a later one")
        CANCELLED = "cancelled", _("cancelled")
        ALL_CLEAR = "all_clear", _("all-clear")

    class Type(models.TextChoices):
        ALERT = "Alert", _("warning")
        UPDATE = "Update", _("correction")
        CANCEL = "Cancel", _("cancellation")
        ALL_CLEAR = "AllClear", _("all-clear")

    identifier = models.CharField(max_length=80, unique=True)
    number = models.PositiveIntegerField(
        null=True, help_text="within the mode and the year of issue; none before issue"
    )
    mode = models.CharField(max_length=8, choices=Mode.choices)
    type = models.CharField(max_length=8, choices=Type.choices, default=Type.ALERT)
    follows = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    ending = models.CharField(max_length=9, choices=Ending.choices, blank=True)
    plan = models.ForeignKey(Plan, models.PROTECT)
    alarm_id = models.BigIntegerField(null=True, help_text="the alarm it answers, if any; the desk shows it")
    alarm_text_kk = models.CharField(max_length=300, blank=True)
    alarm_text_ru = models.CharField(max_length=300, blank=True)
    alarm_text_en = models.CharField(max_length=300, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, help_text="the smallest area that holds all of the shape")
    area_text_kk = models.CharField(max_length=300)
    area_text_ru = models.CharField(max_length=300)
    area_text_en = models.CharField(max_length=300)
    geometry = models.JSONField(help_text="GeoJSON polygon or multipolygon")
    circle = models.JSONField(null=True, help_text="[lat, lon, radius in metres] when the shape is a circle")
    texts = models.JSONField(default=dict, help_text='{"kk": {"headline", "description", "instruction"}, ...}')
    slots = models.JSONField(default=dict, help_text='what filled the slots: {"kk": {"place", "area"}, ...}')
    sound = models.JSONField(
        default=dict,
        blank=True,
        help_text='what endpoints play, as it was shown to the second person: {"audio": [...], "repeats_per_hour"}; '
        "empty before it was sent",
    )
    people = models.PositiveIntegerField(default=0)
    endpoint_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, help_text="when the author sent it for confirmation")
    confirmed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    override_reason = models.TextField(blank=True)
    issued_at = models.DateTimeField(null=True, db_index=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    silenced_at = models.DateTimeField(null=True, help_text="when a person stopped its sound; it sounds no more")
    next_repeat_at = models.DateTimeField(null=True, db_index=True, help_text="when it sounds again")
    soundings = models.PositiveSmallIntegerField(default=0, help_text="how often it was commanded to sound")
    valid_min = models.PositiveSmallIntegerField(default=60)
    note = models.TextField(blank=True, help_text="why it was rejected, cancelled or ended")
    cap = models.TextField(blank=True, help_text="the signed CAP 1.2 message")
    draft_key = models.CharField(
        max_length=64, null=True, editable=False, help_text="of what its author pressed: pressed twice, it is one alert"
    )
    is_sample = models.BooleanField(default=False)

    # Says nothing to a reader of the log.
    AUDIT_SECRET = ("draft_key",)
    objects = ScopedManager()
    policy = AreaPolicy(
        "area__path",
        own=lambda user: Q(deliveries__endpoint__facility__contacts__person=user),
        agency="deliveries__endpoint__facility__agency",
    )

    class Meta:
        default_permissions = ()
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "expires_at"])]
        constraints = [
            # An exercise cannot be turned into a live warning by any path: its own name would have to change.
            models.CheckConstraint(
                condition=Q(mode=Mode.EXERCISE, identifier__startswith="EX-")
                | (Q(mode=Mode.LIVE) & ~Q(identifier__startswith="EX-")),
                name="an_exercise_is_named_so",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=models.F("author")),
                name="nobody_confirms_an_own_alert",
            ),
            models.UniqueConstraint(
                fields=["follows"], condition=Q(state="draft", type="Update"), name="one_prepared_correction"
            ),
            models.UniqueConstraint(fields=["author", "draft_key"], name="one_alert_per_press"),
        ]

    def __str__(self) -> str:
        """Its number once it has one; before that what it is about."""
        return self.identifier if self.number else self.headline or self.identifier

    @property
    def is_live(self) -> bool:
        return self.mode == Mode.LIVE

    @property
    def is_override(self) -> bool:
        return bool(self.override_reason)

    @property
    def headline(self) -> str:
        """The headline in the reader's language."""
        return self.text_in(get_language() or "ru").get("headline", "")

    def text_in(self, language: str) -> dict[str, str]:
        """Headline, description and instruction in `language`, or in Russian."""
        return self.texts.get(language[:2]) or self.texts.get("ru") or {}

    @property
    def area_text(self) -> str:
        """Where, in words, in the reader's language."""
        return str(getattr(self, f"area_text_{(get_language() or 'ru')[:2]}", "") or self.area_text_ru)

    @property
    def alarm_text(self) -> str:
        """The alarm that it answers, in a few words, in the reader's language; empty without one."""
        return str(getattr(self, f"alarm_text_{(get_language() or 'ru')[:2]}", "") or self.alarm_text_ru)

    @property
    def alarm_words(self) -> dict[str, Any]:
        """The columns in which the alarm stands, for a message that follows this one."""
        names = ("alarm_id", *(f"alarm_text_{language}" for language in LANGUAGES))
        return {name: getattr(self, name) for name in names}

    @property
    def area_path(self) -> str:
        return self.area.path


class SeenOverride(models.Model):
    """A chief has seen that one person issued an alert alone. Until there is this row, the chief's pages say it."""

    alert = models.ForeignKey(Alert, models.CASCADE, related_name="seen_overrides")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["alert", "person"], name="an_override_is_seen_once")]

    def __str__(self) -> str:
        return f"{self.alert_id} seen by {self.person_id}"


class Command(models.Model):
    """One signed command as it goes over the wire. The dispatcher publishes what is due."""

    nonce = models.CharField(max_length=32, unique=True)
    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="commands")
    action = models.CharField(max_length=12)
    round = models.PositiveSmallIntegerField(
        default=1, help_text="1 is the first sounding of its alert, 2 the first repeat"
    )
    payload = models.BinaryField()
    created_at = models.DateTimeField()
    not_after = models.DateTimeField(db_index=True)
    claimed_until = models.DateTimeField(null=True, help_text="a dispatcher is publishing it until then")
    published_at = models.DateTimeField(null=True, db_index=True, help_text="when the broker had it for the first time")
    cleared_at = models.DateTimeField(null=True, help_text="when the retained copy was taken back")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.action} {self.nonce}"


class Delivery(models.Model):
    """One alert at one endpoint, and its proof."""

    class State(models.TextChoices):
        PENDING = "pending", _("not sent yet")
        UNKNOWN = "unknown", _("no data")
        ACCEPTED = "accepted", _("accepted")
        HEARD = "heard", _("heard")
        FAILED = "failed", _("failed")
        EXPIRED = "expired", _("expired")

    alert = models.ForeignKey(Alert, models.PROTECT, related_name="deliveries")
    endpoint = models.ForeignKey(Endpoint, models.PROTECT, related_name="deliveries")
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING)
    reason = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True, db_index=True)
    sent_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    last_seq = models.BigIntegerField(default=0, help_text="number of the agent's last report that counted")
    proof = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["alert", "endpoint"], name="one_delivery_per_alert_and_endpoint")
        ]
        indexes = [models.Index(fields=["alert", "state"])]

    def __str__(self) -> str:
        return f"{self.alert_id}/{self.endpoint_id} {self.state}"


class Attempt(models.Model):
    """One try to reach an endpoint, or one answer: every one stays visible."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempt_log")
    at = models.DateTimeField()
    seq = models.BigIntegerField(null=True, help_text="number of the agent's report; none for our own tries")
    what = models.CharField(max_length=12, help_text="sent, accepted, sounding, finished, failed, refused, stopped")
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["at", "pk"]
        constraints = [
            # A report that comes twice, by whatever way, is one line.
            models.UniqueConstraint(fields=["delivery", "seq"], name="one_line_per_report")
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.what}"


class EndpointEvent(models.Model):
    """One change in what is known of an endpoint: its history, line by line."""

    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="history")
    at = models.DateTimeField()
    what = models.CharField(max_length=12, help_text="enrolled, ready, lost, fault, off, tested, uncommanded")
    reason = models.CharField(max_length=200, blank=True)
    command = models.CharField(max_length=32, blank=True)
    seq = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["endpoint", "-at"])]
        constraints = [models.UniqueConstraint(fields=["endpoint", "seq"], name="one_event_per_report")]

    def __str__(self) -> str:
        return f"{self.endpoint_id} {self.what}"
