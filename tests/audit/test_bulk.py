"""Many acts in one transaction: an entry for each, all of them or none, by whom it may."""

import pytest
from django.core.exceptions import PermissionDenied

from tirek.accounts.models import Agency
from tirek.audit import chain
from tirek.audit.bulk import many_acts
from tirek.audit.models import Entry
from tirek.live.models import Event

pytestmark = pytest.mark.django_db
ADD = "accounts.add_agency"


def add(traces, code):
    agency = Agency.objects.create(code=code, name_ru=code)
    traces.on(ADD, agency, before={"code": "", "phone": ""}, after={"code": code, "phone": ""})


def test_an_entry_for_each_and_a_chain_that_holds(person):
    admin = person("administrator")
    with many_acts(admin, why="import") as traces:
        for code in ("a", "b", "c"):
            add(traces, code)
        traces.event("agency.changed", {}, permission="accounts.view_agency")
    entries = list(Entry.objects.order_by("pk"))
    assert [(e.object_name, e.actor_id, e.why, e.after) for e in entries] == [
        (code, admin.pk, "import", {"code": code}) for code in ("a", "b", "c")
    ]
    assert list(chain.verify()) == []
    assert Event.objects.count() == 1


def test_all_or_none(person):
    with pytest.raises(ZeroDivisionError), many_acts(person("administrator")) as traces:
        add(traces, str(1 // len(Entry.objects.all())))
    with pytest.raises(PermissionDenied), many_acts(person("analyst")) as traces:
        add(traces, "a")
    assert not Agency.objects.exists()
    assert not Entry.objects.exists()


def test_nobody_and_closed_accounts(person):
    with pytest.raises(RuntimeError), many_acts():
        pass
    with pytest.raises(PermissionDenied), many_acts(person("administrator", is_active=False)):
        pass


def test_few_statements_for_many_rows(person, django_assert_max_num_queries):
    admin = person("administrator")
    agencies = Agency.objects.bulk_create([Agency(code=str(i), name_ru="x") for i in range(200)])
    admin.grants(ADD)
    with django_assert_max_num_queries(20), many_acts(admin) as traces:
        for agency in agencies:
            traces.on(ADD, agency, after={"code": agency.code})
    assert Entry.objects.count() == 200
