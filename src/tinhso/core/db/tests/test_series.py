"""Numbers without gaps and without doubles."""

from __future__ import annotations

import pytest
from django.db import transaction

from tinhso.core.db import series
from tinhso.core.db.models import Series
from tinhso.core.testing.race import race


class _Undo(Exception):
    pass


@pytest.mark.django_db
def test_numbers_count_from_one_and_series_are_apart():
    assert [series.take("a"), series.take("a"), series.take("b"), series.take("a", 5)] == [1, 2, 1, 7]


@pytest.mark.django_db
def test_a_rollback_gives_the_number_back():
    assert series.take("a") == 1
    with pytest.raises(_Undo), transaction.atomic():
        assert series.take("a") == 2
        raise _Undo
    assert series.take("a") == 2


@pytest.mark.django_db(transaction=True)
def test_takers_at_the_same_moment_get_every_number_once():
    def take_some() -> list[int]:
        taken = []
        for number in range(12):
            try:
                with transaction.atomic():
                    value = series.take("race")
                    if number % 4 == 3:
                        raise _Undo
                    taken.append(value)
            except _Undo:
                continue
        return taken

    found = race(*[take_some] * 6)
    numbers = sorted(number for taken in found for number in taken)
    assert numbers == list(range(1, 6 * 9 + 1))
    assert Series.objects.get(key="race").last == 54
