"""Sample notices: one for each sample visit with findings. Half a year of them, with a thinner year before it.

They are written from what the sample visits found: what was seen put right is closed by that re-inspection, the rest is open,
some of it overdue. The same visits give the same notices.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from tirek.accounts.models import Person
from tirek.audit.act import act
from tirek.facilities import figures
from tirek.facilities.models import Contact
from tirek.files import actions as files
from tirek.files.models import StoredFile
from tirek.inspections.models import Finding, Inspection
from tirek.notices import paper, rules
from tirek.notices.actions import remind_all
from tirek.notices.models import Extension, Line, Notice, Reply

SEED = 20260120
DAYS_TO_ISSUE = 3
RECEIPT = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 420 298]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 58>>stream
BT /F 18 Tf 60 150 Td (SAMPLE DATA: signed copy) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""
ANSWERS = (
    "Работы выполнены, просим проверить. Акт приложен у ответственного лица.",
    "Заявка на ремонт подана, подрядчик приступил к работам.",
    "Жұмыс аяқталды, тексеруге дайынбыз.",
)
WISHES = (
    "Оборудование заказано, поставщик подтвердил отгрузку после срока.",
    "Мердігер күзгі жауынға байланысты жұмысты тоқтатты.",
)


def load(say: Callable[[str], None]) -> None:
    """Write the sample notices. What is there stays as it is."""
    if Notice.objects.filter(is_sample=True).exists():
        return
    visits = list(
        Inspection.objects.filter(is_sample=True, state=Inspection.State.SUBMITTED)
        .exclude(kind=Inspection.Kind.AGAIN)
        .filter(findings__lines=None, findings__isnull=False)
        .select_related("facility", "inspector")
        .prefetch_related("findings__requirement", "findings__fixed_by")
        .distinct()
        .order_by("finished_at", "pk")
    )
    chief = Person.objects.filter(username="sample-chief", is_sample=True).first()
    if not visits or chief is None:
        return
    proof = files.store(
        None, RECEIPT, kind="document", name="sample-notice-receipt.pdf", system="sample", is_sample=True
    )
    with act("notices.load_sample", system="sample") as trace:
        made = _write(visits, chief, proof)
        trace.on(made[0], after={"notices": len(made)})
    told = remind_all()
    say(f"{len(made)} notices, {told} reminders")


def clear() -> int:
    """Remove the sample notices. Returns how many went."""
    rows = Notice.objects.filter(is_sample=True)
    first = rows.first()
    if first is None:
        return 0
    touched = set(rows.values_list("facility", flat=True))
    with act("notices.clear_sample", system="sample") as trace:
        trace.on(first)
        removed = rows.count()
        Line.objects.filter(notice__in=rows).delete()
        rows.delete()
        figures.recount(touched)
    for stored in StoredFile.objects.filter(is_sample=True, name__startswith="sample-notice-"):
        try:
            with transaction.atomic():
                stored.delete()
        except ProtectedError:
            continue
    return removed


def _write(visits: list[Inspection], chief: Person, proof: StoredFile) -> list[Notice]:
    dice = random.Random(SEED)
    now = timezone.now()
    numbers = Counter[int]()
    accounts = {
        contact.facility_id: contact for contact in Contact.objects.exclude(person=None).select_related("person")
    }
    made: list[Notice] = []
    lines: list[Line] = []
    for visit in visits:
        found = sorted(visit.findings.all(), key=lambda finding: finding.requirement.order)
        notice = _notice(visit, found, accounts.get(visit.facility_id), proof, now, dice)
        made.append(notice)
        for number, finding in enumerate(found, start=1):
            lines.append(_line(notice, number, finding))
    made.sort(key=lambda notice: notice.issued_at or now)
    for notice in made:
        notice.year = timezone.localtime(notice.issued_at).year
        numbers[notice.year] += 1
        notice.sequence = numbers[notice.year]
        notice.number = f"{notice.year}-{notice.sequence:04d}"
    Notice.objects.bulk_create(made)
    Line.objects.bulk_create(lines)
    for notice in made:
        paper.freeze(notice)
    Notice.objects.bulk_update(made, ["content", "content_sha256"])
    _talk(made, chief, accounts, now)
    figures.recount({notice.facility_id for notice in made})
    return made


def _notice(
    visit: Inspection,
    found: list[Finding],
    account: Contact | None,
    proof: StoredFile,
    now: datetime,
    dice: random.Random,
) -> Notice:
    ended = visit.finished_at or now
    issued = min(ended + timedelta(days=dice.randint(1, DAYS_TO_ISSUE)), now - timedelta(hours=3))
    due = timezone.localdate(ended) + timedelta(days=DAYS_TO_ISSUE + rules.USUAL_TERM_DAYS)
    served = min(issued + timedelta(hours=dice.randint(2, 40)), now - timedelta(hours=1))
    fixed = [finding.fixed_by for finding in found if finding.state == Finding.State.FIXED and finding.fixed_by]
    closed = max(fixed, key=lambda again: again.submitted_at or now) if len(fixed) == len(found) else None
    if closed is not None and closed.submitted_at is not None:
        issued, served = min(issued, closed.submitted_at), min(served, closed.submitted_at)
    fresh = closed is None and (now - issued).days < 6 and account is None and not dice.randrange(3)
    notice = Notice(
        state=Notice.State.ISSUED if fresh else Notice.State.SERVED if closed is None else Notice.State.CLOSED,
        facility=visit.facility,
        inspection=visit,
        due_on=due,
        made_by=visit.inspector,
        made_at=issued - timedelta(minutes=20),
        issued_by=visit.inspector,
        issued_at=issued,
        closed_by=closed,
        closed_at=closed.submitted_at if closed else None,
        is_sample=True,
    )
    if not fresh:
        notice.served_method = (
            Notice.Method.PORTAL if account else dice.choice((Notice.Method.HAND, Notice.Method.MAIL))
        )
        notice.served_contact = account
        notice.served_to = account.full_name if account else visit.facility.head or visit.representative or "—"
        notice.served_position = account.position if account else ""
        notice.served_at = served
        notice.read_at = served if account else None
        notice.served_proof = None if account else proof
    return notice


def _line(notice: Notice, number: int, finding: Finding) -> Line:
    return Line(
        notice=notice,
        finding=finding,
        number=number,
        demand_kk=finding.requirement.text_in("kk"),
        demand_ru=finding.requirement.text_in("ru"),
        due_on=notice.due_on,
    )


def _talk(made: list[Notice], chief: Person, accounts: dict[int, Contact], now: datetime) -> None:
    """Answers, and wishes for more time: one waits, one was granted. The sample contact speaks for every facility."""
    person = next((contact.person for contact in accounts.values() if contact.person), None)
    running = [notice for notice in made if notice.state == Notice.State.SERVED]
    if person is None or len(running) < 8:
        return
    settled = now - timedelta(days=5)
    quiet = [n for n in running if n.facility_id not in accounts and n.issued_at and n.issued_at < settled]
    answered = quiet[-6:-3]
    for notice, text in zip(answered, ANSWERS, strict=False):
        Reply.objects.create(notice=notice, by=person, at=now - timedelta(days=1, hours=2), text=text)
    Notice.objects.filter(pk__in=[notice.pk for notice in answered]).update(state=Notice.State.ANSWERED)
    waiting = quiet[-1]
    Extension.objects.create(
        notice=waiting,
        asked_by=person,
        asked_at=now - timedelta(hours=20),
        until=_later(waiting.due_on, 20),
        reason=WISHES[0],
    )
    granted = quiet[-2]
    until = _later(granted.due_on, 14)
    Extension.objects.create(
        notice=granted,
        asked_by=person,
        asked_at=now - timedelta(days=3),
        until=until,
        reason=WISHES[1],
        granted=True,
        granted_until=until,
        decided_by=chief,
        decided_at=now - timedelta(days=2),
        decision="Срок продлён один раз, до завершения работ усилить обход.",
    )
    granted.lines.update(due_on=until)
    Notice.objects.filter(pk=granted.pk).update(due_on=until)


def _later(day: date, days: int) -> date:
    return day + timedelta(days=days)
