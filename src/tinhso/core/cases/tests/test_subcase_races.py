"""Two workers at the same sub-case."""

from __future__ import annotations

import pytest

from tinhso.core.cases.actions import settle
from tinhso.core.cases.models import Case
from tinhso.core.cases.tests.test_subcases import CODES, file, hand_over, state, three_procedures
from tinhso.core.cases.tests.world import MONDAY
from tinhso.core.testing.race import race


@pytest.mark.django_db(transaction=True)
def test_two_workers_file_one_sub_case() -> None:
    province = three_procedures()
    case = file(province, CODES[1])
    hand_over(province, case)
    race(lambda: settle(case.id, now=MONDAY), lambda: settle(case.id, now=MONDAY))
    assert Case.objects.filter(procedure_id=CODES[2]).count() == 1
    assert [c.status for c in state(case).children] == ["open"]
