"""What was lost, doubled or forgotten: read from the database, the panels' own lists and the endpoints' own diaries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from tests.chaos.panels import ChaosPanel
from tirek.alarms.models import Signal
from tirek.warning.models import Alert, Command, Delivery
from tirek_agent.fleet import Sounding

FINAL = {Delivery.State.HEARD}


@dataclass(slots=True)
class Verdict:
    """Counts of one run. `defects` is empty when all is well."""

    counts: dict[str, int] = field(default_factory=dict)
    defects: list[str] = field(default_factory=list)


def judge_panels(panels: list[ChaosPanel], verdict: Verdict) -> None:
    """Every acknowledged frame is stored exactly once, and stands in an alarm."""
    acknowledged = stored = 0
    for panel in panels:
        signals = Signal.objects.filter(panel__account=panel.account, code="PA")
        rows = Counter(signals.values_list("sequence", "stamp"))
        orphans = signals.filter(alarm=None).count()
        for key in panel.acknowledged:
            acknowledged += 1
            if rows[key] == 0:
                verdict.defects.append(f"panel {panel.account}: acknowledged {key} is not stored")
            stored += bool(rows[key])
        for key, count in rows.items():
            if count > 1:
                verdict.defects.append(f"panel {panel.account}: {key} is stored {count} times")
        if orphans:
            verdict.defects.append(f"panel {panel.account}: {orphans} panic signals stand in no alarm")
    verdict.counts |= {
        "alarms sent (tries)": sum(panel.tries for panel in panels),
        "alarms acknowledged": acknowledged,
        "acknowledged and stored": stored,
    }


@dataclass(frozen=True, slots=True)
class Round:
    """One sounding of an alert, as it was commanded: 1 is the first, 2 its first repeat. It may take several commands."""

    alert: str
    number: int


def commanded() -> dict[str, Round]:
    """Every command to play that was given, by its nonce."""
    rows = Command.objects.filter(action="play").values_list("nonce", "alert__identifier", "round")
    return {nonce: Round(alert, number) for nonce, alert, number in rows}


def judge_soundings(history: dict[str, list[Sounding]], rounds: dict[str, Round], verdict: Verdict) -> None:
    """No endpoint sounds the same command twice, nor one alert more often than it was commanded to sound."""
    total = 0
    for endpoint, soundings in history.items():
        total += len(soundings)
        for command, count in Counter(s.command for s in soundings).items():
            if count > 1:
                verdict.defects.append(f"endpoint {endpoint} sounded command {command} {count} times")
        _judge_alerts(endpoint, soundings, rounds, verdict)
    verdict.counts["soundings"] = total


def _judge_alerts(endpoint: str, soundings: list[Sounding], rounds: dict[str, Round], verdict: Verdict) -> None:
    """A repeat is a sounding of its own; two commands of one sounding that both sound are one alert sounded twice."""
    for sounding in soundings:
        if sounding.command not in rounds:
            verdict.defects.append(f"endpoint {endpoint} sounded {sounding.command}, which nobody commanded")
    told = Counter(rounds[command] for command in {s.command for s in soundings} & rounds.keys())
    for sounded, count in told.items():
        if count > 1:
            name = f"alert {sounded.alert}, round {sounded.number}"
            verdict.defects.append(f"endpoint {endpoint} sounded {name} by {count} commands")
    sounded_alerts = Counter(sounding.alert for sounding in soundings)
    allowed = Counter(one.alert for one in set(rounds.values()))
    for alert, count in sounded_alerts.items():
        if count > allowed[alert]:
            times = f"{count} times, commanded were {allowed[alert]}"
            verdict.defects.append(f"endpoint {endpoint} sounded alert {alert} {times}")


def judge_deliveries(alert_ids: list[int], endpoints: set[str], verdict: Verdict) -> None:
    """Every endpoint that lives has heard every alert that was issued for it."""
    rows = Delivery.objects.filter(alert_id__in=alert_ids, endpoint__code__in=endpoints).select_related("endpoint")
    states: Counter[str] = Counter()
    for row in rows:
        states[row.state] += 1
        if row.state not in FINAL:
            verdict.defects.append(f"alert {row.alert_id} at {row.endpoint.code}: {row.state} {row.reason}")
    verdict.counts |= {"alerts issued": Alert.objects.filter(pk__in=alert_ids).count()}
    verdict.counts |= {f"deliveries {state}": count for state, count in sorted(states.items())}


def judge_stream(heard: list[int], expected: list[int], verdict: Verdict) -> None:
    """The page that listened all the while has every event exactly once, in order."""
    verdict.counts |= {"live events heard by a page": len(heard)}
    if len(heard) != len(set(heard)):
        verdict.defects.append(f"a page heard {len(heard) - len(set(heard))} events twice")
    if heard != sorted(heard):
        verdict.defects.append("a page heard events out of order")
    if missing := set(expected) - set(heard):
        verdict.defects.append(f"a page missed {len(missing)} events, the first is {min(missing)}")
