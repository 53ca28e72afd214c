"""What is lent is the meeting of what is held and what is handed on; and two at once leave one."""

from __future__ import annotations

import threading
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tinhso.core.access import rules
from tinhso.core.access.actor import Grant
from tinhso.core.access.models import Delegation
from tinhso.core.access.tests.office import account, appoint, make, post
from tinhso.core.access.tests.test_delegation import give
from tinhso.core.people.models import Account
from tinhso.kit.errors import Refusal

CODES = ["cases.sign", "cases.see", "cases.work", "cases.assign", "console.orgs"]
SETS = st.frozensets(st.sampled_from(CODES))


@given(st.lists(SETS, max_size=4), SETS)
def test_what_is_lent_is_the_intersection(held: list[frozenset[str]], chosen: frozenset[str]) -> None:
    grants = [Grant(f"r{n}", UUID(int=1), "H", False, permissions) for n, permissions in enumerate(held)]
    got = {p for g in rules.lent_grants(grants, chosen) for p in g.permissions}
    full = rules.lendable(grants)
    assert got <= full
    assert not any(p.startswith("console.") for p in got)
    assert got - {"cases.see"} == ((full & chosen) if chosen else full) - {"cases.see"}
    assert rules.scopes_meet(chosen, chosen)
    assert rules.scopes_meet((), chosen)


@pytest.mark.django_db(transaction=True)
def test_two_delegations_at_once_leave_one(settings: Any) -> None:
    office = make()
    second = account("pho2", "Lý Văn Nam", "093180000012")
    appoint(second.person, post(office.units.ward, "second", "document_clerk"))
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def one(to: Account) -> None:
        try:
            gate.wait(5)
            give(office, to)
            outcomes.append("ok")
        except Refusal as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=(to,)) for to in (office.clerk, second)]
    [t.start() for t in threads]
    [t.join(20) for t in threads]
    assert sorted(outcomes) == ["ok", "overlaps"]
    assert Delegation.objects.count() == 1
