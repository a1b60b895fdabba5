"""Sample computations of the last six months, and what people of the sample province decided from them.

The runs are computed, not made up: each knows only what the register held at the end of its month. What is planted in the incidents
stands in `incidents.sample_story`: a cluster that is signed, a trend that was, a surge of found incidents that somebody
fell for once, and an objection that put it right.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import ProtectedError
from django.utils import timezone

from tirek.accounts.models import Agency, Person
from tirek.audit.act import act
from tirek.flashpoints.actions.runs import carry_out
from tirek.flashpoints.models import Flashpoint, Measure, Objection, Renewal, Run
from tirek.incidents import months, sample_story, series
from tirek.places.models import Area

MONTHS = 6
QUICK = {"replicates": 199}  # for the months that are over; the newest run is computed in full

MEASURES = (
    # kind, agency, days from today to its term, closed so many days ago (None: open), text, outcome
    (
        "mediation", "sample-akimat", 9, None,
        "Встречи с торговцами и перевозчиками рынка в Кандыагаше: договориться о местах и времени разгрузки, из-за "
        "которых начинаются ссоры.", "",
    ),
    (
        "lighting", "sample-akimat", 16, None,
        "Осветить проезд за рынком и остановку у вокзала: четыре опоры, две лампы заменить.", "",
    ),
    (
        "victims", "sample-health", -3, None,
        "Аудандық емханада зардап шеккендерге көмек телефоны мен кабинеті: қабылдау уақытын базарға ілу.", "",
    ),
    (
        "meeting", "sample-akimat", -8, 9, "Общественная встреча с жителями района вокзала.",
        "Встреча прошла, было около 60 человек. Просят свет за рынком и автобус после 21 часа; переданы акимату.",
    ),
    (
        "facilities", "sample-education", -20, 24, "Базар жанындағы мектептің есіктері мен дабыл түймесін тексеру.",
        "Қосалқы шығу құлпы ауыстырылды, түйме сыналды.",
    ),
)  # fmt: skip


def load(say: Callable[[str], None]) -> None:
    """Compute and sign. What is there stays as it is."""
    region = Area.objects.filter(is_sample=True, kind=Area.Kind.REGION).defer("boundary").first()
    if region is None or Run.objects.filter(is_sample=True).exists():
        return
    if not series.monthly([region], series.month_before() - 23, series.month_before()).any():
        return
    runs = _runs(region)
    people = {p.username: p for p in Person.objects.filter(is_sample=True)}
    flags = _flashpoints(runs, people)
    with act("flashpoints.load_sample", system="sample") as trace:
        trace.on(runs[-1], after={"runs": len(runs), "flashpoints": flags})
    say(f"{len(runs)} runs, the newest in {runs[-1].seconds} s, {flags} flash-points, {len(MEASURES)} measures")


def clear() -> int:
    """Remove them; a run from which somebody signed a flash-point of their own stays. Returns how many rows went."""
    first = Run.objects.filter(is_sample=True).first()
    if first is None:
        return 0
    with act("flashpoints.clear_sample", system="sample") as trace:
        trace.on(first)
        removed: int = Measure.objects.filter(is_sample=True).delete()[0]
        removed += Flashpoint.objects.filter(is_sample=True).delete()[0]
        for run in Run.objects.filter(is_sample=True):
            try:
                removed += run.delete()[0]
            except ProtectedError:
                continue
    return removed


def _runs(region: Area) -> list[Run]:
    """One at the end of each month, the oldest first."""
    last = series.month_before()
    made = []
    for month in range(last - MONTHS + 1, last + 1):
        known_on = months.last_day(month)
        run = Run(area=region, known_on=known_on, origin=month + 1, is_sample=True)
        done = carry_out(run, None, system="sample", **({} if month == last else QUICK))
        at = min(_moment(known_on + timedelta(days=1), 6), timezone.now())
        Run.objects.filter(pk=done.pk).update(made_at=at, computed_at=at)
        made.append(done)
    return made


def _flashpoints(runs: list[Run], people: dict[str, Person]) -> int:
    """The story: a cluster that stands, a trend that was let stand longer, a surge that was taken back."""
    areas = {area.code: area for area in Area.objects.filter(is_sample=True, kind=Area.Kind.DISTRICT).defer("boundary")}
    chief, secretary = people.get("sample-chief"), people.get("sample-secretary")
    analyst, overseer = people.get("sample-analyst"), people.get("sample-overseer")
    wanted = (sample_story.CLUSTER.district, sample_story.TREND.district, sample_story.SURGE.district)
    if not (chief and secretary and analyst and overseer) or any(code not in areas for code in wanted):
        return 0
    market, rising, surging = (areas[code] for code in wanted)
    today = timezone.localdate()

    trend = _signed(
        runs, rising, secretary, "secretary", today - timedelta(days=118), 60,
        "Хабарламалар екінші жыл қатарынан көбейіп келеді, көбі карьер жатақханаларының маңында. Ұжымдармен кездесу және "
        "ауысымнан кейінгі автобус керек.",
    )  # fmt: skip
    Renewal.objects.create(
        flashpoint=trend,
        before=trend.starts_on + timedelta(days=29),
        expires_on=trend.expires_on,
        reason="Автобус осы айда ғана жүре бастады, кездесулер өтіп жатыр: шаралардың нәтижесін күту керек.",
        made_by=secretary,
        made_at=_moment(trend.starts_on + timedelta(days=28), 11),
    )
    false = _signed(
        runs, surging, chief, "chief", today - timedelta(days=76), 30,
        "Число выявленных происшествий за квартал выросло вчетверо.",
    )  # fmt: skip
    Objection.objects.create(
        flashpoint=false,
        text="Выросло только то, что нашли сами сотрудники: патрулей стало вдвое больше. Жители сообщают столько же, "
        "сколько раньше.",
        made_by=analyst,
        made_at=_moment(false.starts_on + timedelta(days=3), 10),
        answer="Дұрыс: тұрғындардың хабарламалары көбеймеген. Белгі алынды.",
        upheld=True,
        answered_by=secretary,
        answered_at=_moment(false.starts_on + timedelta(days=5), 15),
        is_sample=True,
    )
    Flashpoint.objects.filter(pk=false.pk).update(
        withdrawn_on=false.starts_on + timedelta(days=5),
        withdrawn_by=secretary,
        withdrawn_why="Қарсылық дұрыс: тұрғындардың хабарламалары көбеймеген.",
    )
    stands = _signed(
        runs, market, chief, "chief", today - timedelta(days=11), 30,
        "Скопление обращений у рынка в Кандыагаше: ссоры из-за мест разгрузки переходят в драки. Нужны посредники, свет и помощь "
        "пострадавшим.",
    )  # fmt: skip
    Objection.objects.create(
        flashpoint=stands,
        text="Отмечен весь район, а речь об одном рынке. Остальные сёла не должны носить эту отметку.",
        made_by=overseer,
        made_at=_moment(today - timedelta(days=4), 12),
        is_sample=True,
    )
    _measures(stands, chief, today)
    return 3


def _signed(runs: list[Run], area: Area, person: Person, role: str, on: date, days: int, reasons: str) -> Flashpoint:
    return Flashpoint.objects.create(
        area=area,
        run=next((run for run in reversed(runs) if run.known_on < on), runs[0]),  # the newest on that day
        reasons=reasons,
        starts_on=on,
        expires_on=on + timedelta(days=days - 1),
        signed_by=person,
        signed_as=role,
        signed_at=_moment(on, 10),
        is_sample=True,
    )


def _measures(flag: Flashpoint, person: Person, today: date) -> None:
    agencies = {agency.code: agency for agency in Agency.objects.filter(is_sample=True)}
    rows: list[Any] = []
    for kind, agency, term, closed, text, outcome in MEASURES:
        done = closed is not None
        rows.append(
            Measure(
                area=flag.area,
                flashpoint=flag if not done or closed < 11 else None,
                kind=kind,
                text=text,
                agency=agencies[agency],
                due_on=today + timedelta(days=term),
                state=Measure.State.DONE if done else Measure.State.OPEN,
                outcome=outcome,
                closed_on=today - timedelta(days=closed) if done else None,
                closed_by=person if done else None,
                made_by=person,
                made_at=_moment(today - timedelta(days=11 if not done or closed < 11 else 40), 11),
                is_sample=True,
            )
        )
    Measure.objects.bulk_create(rows)


def _moment(day: date, hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))
