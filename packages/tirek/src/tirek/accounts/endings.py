"""When a session ends: after SESSION_COOKIE_AGE whatever happens, and after SESSION_IDLE_AGE without an act of the person.

Those who stand watch (`alarms.acknowledge_alarm`) are not ended for idleness: a desk that logs itself out at three in
the morning would miss an alarm. What an unattended desk could do is bounded by other means: a live alert asks for a
fresh second factor, and every act is on record.

Rules only: whoever lets a session go on asks here, the middleware at each request and a live stream now and then.
"""

from __future__ import annotations

import time
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.utils import timezone
from django.utils.translation import gettext as _

BEGAN, SEEN = "began", "seen"  # seconds since 1970: the first request, and the last act of the person
WATCH = "alarms.acknowledge_alarm"


def why_ended(session: SessionBase, person: Any) -> str:
    """The sentence that tells the person why their session is over, or "" while it goes on."""
    now = int(time.time())
    if person.one_time_until is not None and person.one_time_until < timezone.now():
        return _("The one-time password is no longer valid. Ask the administrator for a new one.")
    if now - session.get(BEGAN, now) >= settings.SESSION_COOKIE_AGE:
        return _("You were signed out because the shift of this session is over. Sign in again.")
    if now - session.get(SEEN, now) >= settings.SESSION_IDLE_AGE and not person.grants(WATCH):
        return _("You were signed out because nothing was done for a long time. Sign in again.")
    return ""
