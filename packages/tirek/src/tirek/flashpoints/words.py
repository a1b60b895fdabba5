"""What a run says, in sentences. The engine gives numbers; which of them are worth a word, and the word, stand here.

Nothing here calls a place dangerous or safe: it says how many incidents were reported, what is expected, and how sure that is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tirek.flashpoints import months, rules
from tirek.flashpoints.models import Cluster, Forecast, Outlook
from tirek.ui.templatetags.tirek import number

MINUS = "\u2212"
SEASON_SEEN = 0.15  # a season that moves the mean by less is not worth a word
SHARE_SEEN = 0.1
LEAST_SAID = 0.05
LEAST_P = 0.001  # 999 replicates tell no smaller one
WHOLE_FROM, FANCY_FROM = 10, 30  # ratios from here on are written whole, and not written
NEIGHBOURS_SEEN = 3
MOST_DRIVERS = 4
OF_THE_FIRST_MONTH = ("contagion", "wide")  # kept of the first month ahead only, and not true of the others
ORDER = ("trend", "recent", "contagion", "season", "neighbours", "few", "wide")


def share(value: float | None) -> str:
    """A share of 0 to 1 in percent; small ones with a decimal."""
    return "—" if value is None else number(100 * value, "%", 1 if 0 < round(value, 4) < SHARE_SEEN else 0)


def amount(value: float | None) -> str:
    """An expected number of incidents: one decimal is as much as it is worth, and what is not nothing is not written as nothing."""
    if value is None:
        return "—"
    return f"< {number(0.1, decimals=1)}" if 0 < value < LEAST_SAID else number(value, decimals=1)


def probability(value: float | None) -> str:
    """Two decimals; never 0 or 1 flat, since no forecast is that sure."""
    if value is None:
        return "—"
    if value < 0.01:
        return f"< {number(0.01, decimals=2)}"
    if value > 0.99:
        return f"> {number(0.99, decimals=2)}"
    return number(value, decimals=2)


def interval(low: float | None, high: float | None) -> str:
    """ "0–6": counts are whole."""
    return "—" if low is None or high is None else f"{number(low, decimals=0)}–{number(high, decimals=0)}"


def p_value(value: float) -> str:
    return number(value, decimals=3) if value >= LEAST_P else f"< {number(LEAST_P, decimals=3)}"


def counted(n: int) -> str:
    return ngettext("%(n)s incident", "%(n)s incidents", n) % {"n": number(n)}


# --- Why nothing can be said --------------------------------------------------------------------------------------


def reason(key: str) -> str:
    """Why a run abstains, as part of a sentence."""
    known = {
        "too_short": _("fewer than 24 months are known"),
        "no_incidents": _("no incident was ever reported"),
        "too_few": _("too few incidents were reported to learn from"),
        "silent": _("reports stopped: nothing was heard for half a year or more"),
        "recoded": _("the boundaries or the code changed: its incidents stopped when another area's began"),
        "no_skill": _("looking back, the forecast was worse here than the simplest one"),
    }
    return known.get(key, _("the engine cannot say why"))


def abstention(outlook: Outlook) -> str:
    """ "Not enough data: reports stopped. This does not mean safe." """
    why = "; ".join(reason(key) for key in outlook.reasons) or reason("")
    return _("Not enough data to say: %(why)s. This does not mean safe.") % {"why": why}


# --- What drives a forecast ---------------------------------------------------------------------------------------


def drivers(outlook: Outlook, month: int, *, horizon: int = 1, season_apart: bool = False) -> list[str]:
    """What the forecast of a month, `horizon` ahead, rests on, the most telling first; only what stands out is said.

    `season_apart`: the season is the same for all districts and is said once, elsewhere.
    """
    found = {driver["kind"]: driver | {"value": _value(driver, horizon)} for driver in outlook.drivers}
    own = (found.get("recent") or {}).get("value") or 0
    said = [
        _driver(found[kind], month, own) for kind in ORDER if kind in found and not (season_apart and kind == "season")
    ]
    return [text for text in said if text][:MOST_DRIVERS]


def season_of_all(outlooks: Iterable[Outlook], month: int, horizon: int = 1) -> str:
    """The season, when it is one and the same for all districts; "" otherwise."""
    values = {_value(driver, horizon) for one in outlooks for driver in one.drivers if driver["kind"] == "season"}
    return _season(values.pop(), month) if len(values) == 1 and None not in values else ""


def _value(driver: dict[str, Any], horizon: int) -> float | None:
    """A driver's number for a month ahead; None where it was kept of the first month alone. Runs of before have one season."""
    value: float | None = driver.get("value")
    if horizon == 1 or driver["kind"] not in (*OF_THE_FIRST_MONTH, "season"):
        return value
    ahead: list[float | None] = driver.get("ahead", [])
    return ahead[horizon - 1] if horizon <= len(ahead) else None


def _driver(driver: dict[str, Any], month: int, own: float) -> str:
    """One driver in words, or "" where it is not worth one. `own`: incidents of the district's last 12 months."""
    kind, value = driver["kind"], driver.get("value")
    low, high = driver.get("low"), driver.get("high")
    if value is None:
        return ""
    if kind == "recent":
        return _("last 12 months: %(incidents)s") % {"incidents": counted(round(value))}
    if kind == "trend":
        return _trend(value, low, high)
    if kind == "season":
        return _season(value, month)
    if kind == "neighbours":
        if value < max(NEIGHBOURS_SEEN, own):
            return ""
        return _("neighbouring districts: %(n)s each in 12 months") % {"n": amount(value)}
    if kind == "contagion":
        if value < SHARE_SEEN:
            return ""
        return _("%(share)s of what is expected follows from recent incidents") % {"share": share(value)}
    if kind == "few":
        return _("few incidents in all (%(n)s)") % {"n": number(round(value))}
    return _("small numbers, wide interval") if kind == "wide" else ""


def _trend(value: float, low: float | None, high: float | None) -> str:
    """A change only where its interval leaves no room for none."""
    told = {"times": _times(value), "interval": _around(low, high)}
    if low is not None and low > 1:
        return _("growth: %(times)s times the 12 months before%(interval)s") % told
    if high is not None and high < 1:
        return _("decline: %(times)s times the 12 months before%(interval)s") % told
    return ""


def _times(value: float) -> str:
    return number(value, decimals=0 if value >= WHOLE_FROM else 1)


def _around(low: float | None, high: float | None) -> str:
    """ " (2.3–18)"; an upper end that is a fancy of small numbers is left out."""
    if low is None or high is None:
        return ""
    return (
        f" ({_times(low)}–{_times(high)})"
        if high <= FANCY_FROM
        else " " + _("(at least %(low)s)") % {"low": _times(low)}
    )


def _season(value: float, month: int) -> str:
    if abs(value - 1) < SEASON_SEEN:
        return ""
    name = months.name(month)
    if value > 1:
        return _("%(month)s usually has more: %(times)s times the mean month") % {"month": name, "times": amount(value)}
    return _("%(month)s usually has less: %(times)s times the mean month") % {"month": name, "times": amount(value)}


def cluster(found: Cluster) -> str:
    """A cluster as part of a sentence; how likely chance alone makes such a one is told in percent, for whom "p" says nothing."""
    return _("cluster since %(month)s: %(observed)s, expected %(expected)s (by chance alone in %(share)s of cases)") % {
        "month": months.since(found.first_month),
        "observed": number(found.observed),
        "expected": amount(found.expected),
        "share": share(found.p) if found.p >= LEAST_P else f"< {share(LEAST_P)}",
    }


def alarm(found: dict[str, Any]) -> str:
    """The last month above what its own past lets expect; "" where it is not."""
    if not found.get("alarm"):
        return ""
    return _("last month above its usual range: %(count)s, at most %(upper)s expected") % {
        "count": number(found["count"]),
        "upper": amount(found["upper"]),
    }


def surge(found: dict[str, Any]) -> str:
    """Officers found much more, residents reported no more; "" where it is not so."""
    if not found.get("is"):
        return ""
    return _(
        "Officers found %(found)s in the last %(months)s months, usually %(usual)s; residents reported %(reported)s, "
        "usually %(before)s. "
        "Found incidents follow where officers look, so they do not move the rank."
    ) % {
        "months": number(found["months"]),
        "found": number(found["found"]),
        "usual": amount(found["found_usual"]),
        "reported": number(found["reported"]),
        "before": amount(found["reported_usual"]),
    }


def half(forecast: Forecast) -> str:
    """How it would look if only here half went unreported."""
    given = forecast.half
    if not given:
        return ""
    told = {
        "mean": amount(given["mean"]),
        "interval": interval(given["low"], given["high"]),
        "place": number(given["rank"]),
        "now": number(forecast.rank),
    }
    if given["rank"] == forecast.rank:
        return _("If only half were reported here: %(mean)s a month (%(interval)s), still place %(place)s.") % told
    return (
        _("If only half were reported here: %(mean)s a month (%(interval)s), place %(place)s and not %(now)s.") % told
    )


# --- Against the run before ---------------------------------------------------------------------------------------


def moved(move: str, earlier: Forecast | None, month: int | None, *, is_month_ago: bool) -> str:
    """How a place changed ("up", "down", "same", "new") since the run before, which was of `month`."""
    told = {"place": number(earlier.rank) if earlier else "", "month": months.in_text(month) if month else ""}
    if is_month_ago:
        return {
            "same": _("the same place as a month ago"),
            "new": _("could not be ranked a month ago"),
        }.get(move, _("was place %(place)s") % told)
    return {
        "same": _("the same place as in the computation for %(month)s") % told,
        "new": _("could not be ranked in the computation for %(month)s") % told,
    }.get(move, _("was place %(place)s in the computation for %(month)s") % told)


def compared_with(month: int | None, *, is_month_ago: bool) -> str:
    """What a change is held against."""
    if is_month_ago or month is None:
        return _("against the forecast of a month ago")
    return _("against the computation for %(month)s") % {"month": months.in_text(month)}


# --- How good it is -----------------------------------------------------------------------------------------------


def skill(found: dict[str, Any]) -> str:
    """Whether the forecast beats the simplest one, with the interval of the difference. One honest sentence."""
    ratio, low, high = found.get("ratio"), found.get("low"), found.get("high")
    if ratio is None or low is None or high is None or _few_to_look_back_on(found):
        return _(
            "It cannot be said yet whether the forecast is better than the simplest one: there is too little to look back on."
        )
    decimals = _decimals(1 - high, 1 - low)
    told = {
        "better": share(abs(1 - ratio)),
        "low": _bound(1 - high, decimals=decimals),
        "high": _bound(1 - low, "%", decimals),
        "least": _bound(low - 1, decimals=decimals),
        "most": _bound(high - 1, "%", decimals),
        "n": number(found.get("origins", 0)),
    }
    if found.get("better"):
        return (
            _(
                "The forecast is %(better)s closer than the simplest one (last %(n)s months, 90 %% interval %(low)s to %(high)s)."
            )
            % told
        )
    if _is_worse(found):
        return (
            _(
                "Looking back, the forecast was %(better)s further off than the simplest one (last %(n)s months, 90 %% "
                "interval %(least)s to %(most)s): so the simplest one is given in its place."
            )
            % told
        )
    return (
        _(
            "The forecast is no better than the simplest one: over the last %(n)s months the difference lies between "
            "%(low)s and %(high)s, and "
            "that includes none."
        )
        % told
    )


def _bound(value: float, unit: str = "", decimals: int = 0) -> str:
    """A share in percent that may lie below nothing, with a minus and not a hyphen."""
    return number(round(100 * value, decimals), unit, decimals).replace("-", MINUS)


def _decimals(*bounds: float) -> int:
    """How finely bounds are written: whole percents, but finer where one would read as none and is not."""
    return max(next((d for d in range(3) if round(100 * abs(bound), d)), 0) for bound in bounds)


def _few_to_look_back_on(found: dict[str, Any]) -> bool:
    """Runs of before kept bounds that were none: neither better nor worse, and yet without room for "no difference"."""
    settled = found.get("better") or _is_worse(found)
    return not settled and not found["low"] <= 1 <= found["high"]


def _is_worse(found: dict[str, Any]) -> bool:
    """Runs of before did not keep it: it follows from the bounds where there was enough to look back on."""
    return bool(found.get("worse", found["low"] > 1 and found.get("origins", 0) >= rules.ENOUGH_ORIGINS))


def contagion(found: dict[str, Any]) -> str:
    """Whether incidents bring on others: the number R with its interval only where the engine can tell; "" without any verdict."""
    verdict = found.get("verdict")
    if verdict == "contagion":
        told = {name: number(found[name], decimals=2) for name in ("r", "low", "high")}
        return (
            _(
                "In the province each incident brings on %(r)s more in the next month (R, 90 %% interval "
                "%(low)s–%(high)s); the rest is place, "
                "season and trend."
            )
            % told
        )
    if verdict == "cannot_tell":
        return _("It cannot be told whether incidents bring on others: place and season explain them as well.")
    return ""


def component(key: str) -> str:
    """A part of the mixture in words."""
    known = {
        "conflictology": _("the last 12 months (the simplest forecast)"),
        "recent 6": _("the last 6 months"),
        "recent 24": _("the last 24 months"),
        "everyone": _("the last 12 months of all districts"),
        "group": _("the last 12 months of all districts of the province"),
        "neighbours": _("the last 12 months of the neighbours"),
        "seasonal": _("the same months of earlier years"),
        "analogues fading": _("what came after similar pasts, the latest months counting most"),
        "analogues blend": _("what came after similar pasts of up to two years"),
        "negative binomial fresh": _("level of the last half year, shrunk to the province"),
        "negative binomial slow": _("level of the last two years, shrunk to the province"),
        "zero-inflated": _("level of the last two years, with more months without any"),
        "contagion": _("level, and what follows from recent incidents"),
    }
    return known.get(key, key)


def said(texts: Iterable[str]) -> str:
    return "; ".join(text for text in texts if text)
