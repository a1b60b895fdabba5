"""Agencies and people of the sample province. They have no passwords: the bar over the pages plays them (`sample_bar`)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import ProtectedError

from tirek.accounts.models import Agency, Assignment, Person
from tirek.audit.act import act
from tirek.places.models import Area


@dataclass(frozen=True, slots=True)
class SampleAgency:
    code: str
    kk: str
    ru: str
    en: str
    phone: str


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """`role` and, for roles that are looked after in one district, the code of that area."""

    username: str
    name: str
    position: str
    agency: str
    role: str
    language: str = "ru"
    area: str = ""


AGENCIES = (
    SampleAgency("sample-akimat", "Облыс әкімдігі", "Акимат области", "Akimat of the region", "+7 7132 55 00 10"),
    SampleAgency(
        "sample-police", "Полиция департаменті", "Департамент полиции", "Police department", "+7 7132 55 00 20"
    ),
    SampleAgency(
        "sample-emergency",
        "Төтенше жағдайлар департаменті",
        "Департамент по чрезвычайным ситуациям",
        "Emergency department",
        "+7 7132 55 00 30",
    ),
    SampleAgency(
        "sample-health",
        "Денсаулық сақтау басқармасы",
        "Управление здравоохранения",
        "Health department",
        "+7 7132 55 00 40",
    ),
    SampleAgency(
        "sample-education", "Білім басқармасы", "Управление образования", "Education department", "+7 7132 55 00 50"
    ),
    SampleAgency(
        "sample-commission",
        "Комиссия хатшылығы",
        "Секретариат комиссии",
        "Secretariat of the commission",
        "+7 7132 55 00 60",
    ),
)

PEOPLE = (
    SamplePerson("sample-officer", "Сериков Данияр Маратұлы", "оперативный дежурный", "sample-police", "duty_officer"),
    SamplePerson(
        "sample-officer-2", "Ермекова Айгүл Бекқызы", "жедел кезекші", "sample-emergency", "duty_officer", "kk"
    ),
    SamplePerson("sample-chief", "Қасымов Нұрлан Әбенұлы", "начальник дежурной части", "sample-police", "chief"),
    SamplePerson(
        "sample-contact",
        "Оспанова Гүлнар Сәбитқызы",
        "заместитель главного врача",
        "sample-health",
        "facility_contact",
    ),
    SamplePerson(
        "sample-inspector",
        "Тілеуов Асқар Жанатұлы",
        "инспектор",
        "sample-police",
        "inspector",
        "ru",
        "sample-aktobe",
    ),
    SamplePerson("sample-inspector-2", "Серік Дана Ерланқызы", "инспектор", "sample-emergency", "inspector"),
    SamplePerson(
        "sample-inspector-3", "Жақсыбеков Бауыржан Тоқтарұлы", "инспектор", "sample-police", "inspector", "kk"
    ),
    SamplePerson(
        "sample-secretary", "Жұмабаева Сәуле Қайратқызы", "комиссия хатшысы", "sample-commission", "secretary", "kk"
    ),
    SamplePerson("sample-analyst", "Ким Виктор Андреевич", "аналитик", "sample-commission", "analyst"),
    SamplePerson(
        "sample-coordinator", "Бекова Мәдина Ержанқызы", "топ үйлестірушісі", "sample-education", "coordinator", "kk"
    ),
    SamplePerson("sample-overseer", "Әлімов Тимур Серікұлы", "независимый наблюдатель", "sample-akimat", "overseer"),
    SamplePerson("sample-admin", "Исаев Ерлан Болатұлы", "администратор системы", "sample-akimat", "administrator"),
)


def load(say: Callable[[str], None]) -> None:
    """Make the agencies and people that are not there yet. A log-in name that a real person has is left alone."""
    with transaction.atomic():
        region = Area.objects.filter(kind=Area.Kind.REGION, is_sample=True).first()
        agencies = {a.code: _agency(a, region) for a in AGENCIES}
        made = [p for p in PEOPLE if _person(p, agencies[p.agency])]
        if made:
            with act("accounts.load_sample", system="sample") as trace:
                trace.on(agencies["sample-akimat"], after={"people": [p.username for p in made]})
    say(f"{len(AGENCIES)} agencies, {len(PEOPLE)} people ({len(made)} new)")


def clear() -> int:
    """Remove sample people and agencies. One whom a real record still names is closed instead. Returns how many went."""
    gone = 0
    with transaction.atomic():
        for row in (*Person.objects.filter(is_sample=True), *Agency.objects.filter(is_sample=True)):
            try:
                with transaction.atomic():
                    row.delete()
                gone += 1
            except ProtectedError:
                if isinstance(row, Person):
                    row.is_active = False
                    row.save(update_fields=["is_active"])
                    row.sessions.all().delete()
        if gone:
            with act("accounts.clear_sample", system="sample") as trace:
                trace.on(Person(full_name="sample people"), after={"removed": gone})
    return gone


def _agency(sample: SampleAgency, region: Area | None) -> Agency:
    agency, _made = Agency.objects.get_or_create(
        code=sample.code,
        defaults={
            "name_kk": sample.kk,
            "name_ru": sample.ru,
            "name_en": sample.en,
            "phone": sample.phone,
            "area": region,
            "is_sample": True,
        },
    )
    return agency


def _person(sample: SamplePerson, agency: Agency) -> bool:
    """Make the person with their role. Returns whether they are new."""
    existing = Person.objects.filter(username=sample.username).first()
    if existing is not None:
        if existing.is_sample and not existing.is_active:  # closed by an earlier `clear`
            existing.is_active = True
            existing.save(update_fields=["is_active"])
            return True
        return False
    person = Person(
        username=sample.username,
        full_name=sample.name,
        position=sample.position,
        agency=agency,
        language=sample.language,
        is_sample=True,
    )
    person.set_unusable_password()
    person.save()
    area = Area.objects.filter(code=sample.area).first() if sample.area else None
    if area is not None or not sample.area:  # a role of one area is never given everywhere
        Assignment.objects.create(person=person, role=sample.role, area=area)
    return True
