"""The numbers that the work on notices goes by. They are the usual practice, not law: an installation may change them."""

from __future__ import annotations

USUAL_TERM_DAYS = 30
LONGEST_TERM_DAYS = 365
REMIND_BEFORE_DAYS = (7, 1)  # before the term
REMIND_AFTER_DAYS = 7  # every so many days after it
ESCALATE_AFTER_DAYS = 3  # told to the chief and to the agency in charge
MAIL_COUNTS_AFTER_DAYS = 0  # a letter counts as served on the day that its proof names
