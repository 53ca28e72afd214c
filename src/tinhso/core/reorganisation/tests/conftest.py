from __future__ import annotations

from collections.abc import Iterator

import pytest

from tinhso.core.cases import rates, versions
from tinhso.core.orgs.queries import forget
from tinhso.core.testing.province import SmallProvince, small_province
from tinhso.systems.onestop.tests.staff_world import BIRTH, trust_service


@pytest.fixture
def province(db: None) -> Iterator[SmallProvince]:
    """The small province with birth registration; what a test makes of it is undone after it."""
    made = small_province((BIRTH,))
    forget()
    rates.forget()
    versions.forget()
    with trust_service():
        yield made
    forget()
