"""Numbers of the engines in plain words: only what stands out is said, and nothing is said with more certainty than there is."""

import pytest
from django.utils import translation

from tirek.flashpoints import months, rules, words
from tirek.flashpoints.models import Cluster, Forecast, Outlook
from tirek_engines.forecast import Panel
from tirek_engines.forecast.province import parts_for

DECEMBER = 2026 * 12 + 11


def outlook(*drivers, **fields):
    told = [{"kind": kind, "value": value, "low": low, "high": high} for kind, value, low, high in drivers]
    return Outlook(enough=True, drivers=told, **fields)


def test_growth_is_said_only_when_its_interval_leaves_no_room_for_none():
    sure = outlook(("trend", 2.4, 1.3, 4.1), ("recent", 12.0, None, None))
    assert words.drivers(sure, DECEMBER) == [
        "growth: 2.4 times the 12 months before (1.3–4.1)",
        "last 12 months: 12 incidents",
    ]
    assert words.drivers(outlook(("trend", 2.4, 0.9, 6.0)), DECEMBER) == []
    assert "decline" in words.drivers(outlook(("trend", 0.4, 0.2, 0.8)), DECEMBER)[0]


def test_an_upper_end_out_of_small_numbers_is_left_out():
    assert words.drivers(outlook(("trend", 14.0, 2.6, 291.9)), DECEMBER) == [
        "growth: 14 times the 12 months before (at least 2.6)"
    ]


def test_a_season_that_moves_little_is_not_worth_a_word():
    assert words.drivers(outlook(("season", 1.1, None, None)), DECEMBER) == []
    assert words.drivers(outlook(("season", 0.5, None, None)), DECEMBER) == [
        "December usually has less: 0.5 times the mean month"
    ]


def test_one_season_for_all_is_said_once():
    same = [outlook(("season", 0.5, None, None)), outlook(("season", 0.5, None, None))]
    assert words.season_of_all(same, DECEMBER)
    assert words.drivers(same[0], DECEMBER, season_apart=True) == []
    assert words.season_of_all([*same, outlook(("season", 0.7, None, None))], DECEMBER) == ""
    assert words.season_of_all([], DECEMBER) == ""


def test_another_month_ahead_has_its_own_season_and_not_the_reasons_of_the_first():
    found = outlook(("season", 0.5, 0.4, 0.6), ("contagion", 0.4, None, None), ("wide", 9.0, None, None))
    found.drivers[0]["ahead"] = [0.5, 1.0, 2.0]
    assert words.drivers(found, DECEMBER) == [
        "40\xa0% of what is expected follows from recent incidents",
        "December usually has less: 0.5 times the mean month",
        "small numbers, wide interval",
    ]
    assert words.drivers(found, DECEMBER + 1, horizon=2) == []
    assert words.drivers(found, DECEMBER + 2, horizon=3) == ["February usually has more: 2.0 times the mean month"]
    assert words.season_of_all([found], DECEMBER + 2, 3) == "February usually has more: 2.0 times the mean month"
    older = outlook(("season", 0.5, 0.4, 0.6))  # a run of before kept the first month's season alone
    assert words.drivers(older, DECEMBER) == ["December usually has less: 0.5 times the mean month"]
    assert words.drivers(older, DECEMBER + 1, horizon=2) == []
    assert words.season_of_all([older], DECEMBER + 1, 2) == ""


def test_neighbours_are_named_where_they_have_more_than_the_district_itself():
    assert words.drivers(outlook(("neighbours", 8.0, None, None), ("recent", 2.0, None, None)), DECEMBER)[-1] == (
        "neighbouring districts: 8.0 each in 12 months"
    )
    assert words.drivers(outlook(("neighbours", 8.0, None, None), ("recent", 20.0, None, None)), DECEMBER) == [
        "last 12 months: 20 incidents"
    ]


def test_abstaining_says_why_and_that_it_does_not_mean_safe():
    said = words.abstention(Outlook(enough=False, reasons=["silent", "too_few"]))
    assert said.startswith("Not enough data to say: reports stopped")
    assert said.endswith("This does not mean safe.")


@pytest.mark.parametrize("key", ["too_short", "no_incidents", "too_few", "silent", "recoded", "no_skill"])
def test_every_reason_of_the_engine_has_words_in_every_language(key):
    from tirek_engines.forecast import Reason

    assert key.upper() in Reason.__members__
    said = set()
    for language in ("kk", "ru", "en"):
        with translation.override(language):
            said.add(words.reason(key))
            assert words.reason(key) != words.reason("what nobody knows")
    assert len(said) == 3


def test_no_reason_of_the_engine_is_without_words():
    from tirek_engines.forecast import DriverKind, Reason

    assert {words.reason(reason.name.lower()) for reason in Reason}.isdisjoint({words.reason("?")})
    assert {kind.name.lower() for kind in DriverKind} == set(words.ORDER)


def test_probabilities_are_never_0_or_1():
    assert words.probability(0.001) == "< 0.01"
    assert words.probability(0.999) == "> 0.99"
    assert words.probability(0.4249) == "0.42"
    assert words.probability(None) == "—"


def test_a_little_is_not_written_as_nothing():
    assert words.amount(0.02) == "< 0.1"
    assert words.amount(0.0) == "0.0"
    assert words.amount(0.97) == "1.0"


def test_better_is_said_only_when_the_interval_says_so():
    better = {"ratio": 0.89, "low": 0.82, "high": 0.97, "origins": 96, "better": True}
    assert words.skill(better).startswith(
        "The forecast is 11 % closer than the simplest one (last 96 months".replace(" %", "\xa0%")
    )
    assert words.skill(better | {"high": 1.04, "better": False}).startswith("The forecast is no better")
    assert words.skill({}).startswith("It cannot be said yet")


def test_an_interval_that_leaves_no_room_for_none_does_not_read_as_if_it_began_at_none():
    better = {"ratio": 0.951, "low": 0.91, "high": 0.997, "origins": 96, "better": True}
    assert "90 % interval 0.3 to 9.0" in words.skill(better)
    worse = {"ratio": 1.06, "low": 1.0004, "high": 1.12, "origins": 96, "better": False, "worse": True}
    assert "90 % interval 0.04 to 12.00" in words.skill(worse)


def test_a_mixture_that_was_worse_is_called_so_and_no_difference_only_what_may_be_none():
    worse = {"ratio": 1.12, "low": 1.03, "high": 1.21, "origins": 96, "better": False, "worse": True}
    assert words.skill(worse) == (
        "Looking back, the forecast was 12 % further off than the simplest one (last 96 months, 90 % interval 3 to 21 %): "
        "so the simplest one is given in its place."
    ).replace(" %", "\xa0%").replace("90\xa0%", "90 %")
    older = {key: value for key, value in worse.items() if key != "worse"}  # runs of before did not keep it
    assert words.skill(older) == words.skill(worse)
    for bounds in ({"low": 1.12, "high": 1.12}, {"ratio": 0.8, "low": 0.8, "high": 0.8}):
        assert words.skill(older | bounds | {"origins": 12}).startswith("It cannot be said yet")


def test_what_is_enough_to_look_back_on_is_what_the_engine_says():
    from tirek_engines.forecast.skill import BLOCK, FEWEST

    assert (rules.ENOUGH_ORIGINS, rules.SKILL_BLOCK) == (FEWEST, BLOCK)


def test_half_reported_says_what_would_change():
    row = Forecast(rank=3, half={"mean": 2.2, "low": 0, "high": 6, "rank": 1})
    assert words.half(row) == "If only half were reported here: 2.2 a month (0–6), place 1 and not 3."
    row.half["rank"] = 3
    assert "still place 3" in words.half(row)
    assert words.half(Forecast(half={})) == ""


def test_contagion_is_said_only_with_its_interval():
    told = {"verdict": "contagion", "r": 0.15, "low": 0.08, "high": 0.23}
    assert "0.15 more in the next month" in words.contagion(told)
    assert "0.08–0.23" in words.contagion(told)
    assert words.contagion(told | {"verdict": "cannot_tell"}).startswith("It cannot be told")
    assert words.contagion({}) == ""


@pytest.mark.parametrize(
    ("language", "since", "inside"),
    [
        ("en", "December 2026", "December 2026"),
        ("ru", "декабря 2026", "декабрь 2026"),
        ("kk", "2026 жылғы желтоқсан", "желтоқсан 2026"),
    ],
)
def test_months_are_written_as_the_language_does(language, since, inside):
    with translation.override(language):
        assert months.since(DECEMBER) == since
        assert months.in_text(DECEMBER) == inside


def test_every_part_of_the_mixture_has_a_name():
    panel = Panel([[1, 0]] * 3, 24_000, neighbours=[[1], [0]], groups=[0, 1])
    names = [part.name for _weight, part in parts_for(panel)]
    assert {"neighbours", "group"} <= set(names)
    assert [name for name in names if words.component(name) == name] == []


def test_how_likely_chance_makes_a_cluster_is_said_in_percent():
    found = Cluster(first_month=2026 * 12 + 5, observed=14, expected=4.1, p=0.004)
    assert words.cluster(found).endswith("(by chance alone in 0.4 % of cases)".replace(" %", "\xa0%"))
    found.p = 0.0002
    assert "in < 0.1" in words.cluster(found)
