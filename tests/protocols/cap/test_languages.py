"""One file for each language, put together again."""

import dataclasses
from datetime import timedelta

from tirek_protocols.cap import Urgency, group_languages


def split(alert, identifier):
    """The message as services write it that send one file for each language."""
    return [
        dataclasses.replace(
            alert, identifier=f"{identifier}.{info.language}", info=(info,), sent=alert.sent + timedelta(seconds=number)
        )
        for number, info in enumerate(alert.info)
    ]


def test_languages_of_one_warning_come_together(alert):
    kazakh, russian = split(alert, "2.49.0.0.398.1")
    assert group_languages([kazakh, russian]) == [(kazakh, russian)]
    assert group_languages([russian, kazakh]) == [(russian, kazakh)]
    assert group_languages([]) == []


def test_two_warnings_alike_are_told_apart_by_their_identifiers(alert):
    one, two = split(alert, "2.49.0.0.398.111"), split(alert, "2.49.0.0.398.222")
    assert group_languages([one[0], two[0], two[1], one[1]]) == [tuple(one), tuple(two)]


def test_what_differs_stays_apart(alert):
    kazakh, russian = split(alert, "1")

    def russian_with(**fields):
        return dataclasses.replace(russian, info=(dataclasses.replace(russian.info[0], **fields),))

    for other in (
        dataclasses.replace(russian, sender="other"),
        dataclasses.replace(russian, sent=kazakh.sent + timedelta(minutes=2)),
        dataclasses.replace(russian, sent=None),
        dataclasses.replace(russian, status="Actual"),
        russian_with(urgency=Urgency.PAST),
        russian_with(areas=()),
        russian_with(language="KK"),
        dataclasses.replace(russian, info=()),
    ):
        assert group_languages([kazakh, other]) == [(kazakh,), (other,)]


def test_the_name_of_the_area_may_differ(alert):
    kazakh, russian = split(alert, "1")
    area = dataclasses.replace(russian.info[0].areas[0], description="Актобе")
    named = dataclasses.replace(russian, info=(dataclasses.replace(russian.info[0], areas=(area,)),))
    assert group_languages([kazakh, named]) == [(kazakh, named)]
