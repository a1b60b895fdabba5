"""What devices and CAP say, in the reader's language."""

from django.utils import translation

from tirek.warning import cap_words, reasons
from tirek_protocols import cap


def test_how_much_was_heard_is_counted_in_words():
    with translation.override("ru"):
        assert reasons.said("7 of 7 parts heard") == "услышано частей: 7 из 7"
        assert reasons.said("4 of 7 parts heard; too quiet") == "услышано частей: 4 из 7; микрофон: слишком тихо"
        assert reasons.said("something new") == "something new"


def test_every_value_of_cap_has_words():
    values = [
        value.value
        for kind in (cap.Category, cap.ResponseType, cap.Urgency, cap.Severity, cap.Certainty)
        for value in kind
    ]
    with translation.override("kk"):
        assert [value for value in values if cap_words.in_words(value) == value] == []
