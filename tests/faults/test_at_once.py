"""Several people at the same moment: one of them succeeds, the others are told, numbers stay whole."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import httpx

from tests.faults.web import visit
from tests.installation import Installation

ACCEPTED = "SELECT count(*) FROM cases_act a JOIN cases_case c ON c.id = a.case_id WHERE c.code = %s AND a.kind = 'accept'"
TAKE_NUMBERS = """
import json, os, threading
from concurrent.futures import ThreadPoolExecutor
from django.conf import settings
from tinhso.project.settings.base import database
settings.configure(DATABASES={"default": database(os.environ["DATABASE_URL"])})
from django.db import connection, transaction
from tinhso.core.db import series

ready = threading.Barrier(8)

class GivenUp(Exception): pass

def take(thread):
    kept = []
    ready.wait()
    for turn in range(10):
        try:
            with transaction.atomic():
                number = series.take("thu-nghiem")
                if (thread + turn) % 5 == 0:
                    raise GivenUp
            kept.append(number)
        except GivenUp:
            pass
    connection.close()
    return kept

with ThreadPoolExecutor(8) as pool:
    print(json.dumps([n for numbers in pool.map(take, range(8)) for n in numbers]))
"""


def test_numbers_have_no_doubles_and_no_gaps(province: Installation) -> None:
    """Eight threads take ten each; every fifth changes its mind after taking, and its number is given again."""
    told = province.python(TAKE_NUMBERS)
    assert told.returncode == 0, told.stderr
    taken = json.loads(told.stdout)
    assert sorted(taken) == list(range(min(taken), min(taken) + 64))


def test_cases_filed_at_once_get_codes_in_a_row(province: Installation) -> None:
    with ThreadPoolExecutor(8) as pool:
        codes = [case["code"] for case in pool.map(lambda _: province.filed(), range(8))]
    serials = sorted(int(code.rsplit("-", 1)[1]) for code in codes)
    assert serials == list(range(serials[0], serials[0] + 8))
    assert len({code.rsplit("-", 1)[0] for code in codes}) == 1


def test_two_clerks_accept_the_same_case(province: Installation) -> None:
    code = province.filed()["code"]
    seq = province.number("SELECT seq FROM cases_case WHERE code = %s", code)

    def accept(who: str) -> httpx.Response:
        with province.api(who) as api:
            return api.client.post(f"/cases/{code}/acts/accept", json={"data": {}, "seq": seq})

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(accept, ["clerk", "second_clerk"]))
    assert sorted(a.status_code for a in answers) == [200, 409], [a.text for a in answers]
    refused = next(a for a in answers if a.status_code == 409).json()
    assert refused["code"] == "stale"
    assert "vừa được người khác xử lý" in refused["detail"]
    assert province.number(ACCEPTED, code) == 1


def test_a_page_from_before_is_refused_with_what_to_do(province: Installation) -> None:
    code = province.filed()["code"]
    with visit(province, "clerk") as first, visit(province, "second_clerk") as second:
        before = first.get(f"/mot-cua/ho-so/{code}/")
        second.send(second.get(f"/mot-cua/ho-so/{code}/"), {"text": "Đã gọi điện"}, action="/note/")
        refused = first.send(before, action="/accept/", status=409)
        assert "vừa được người khác xử lý" in refused.text
        first.send(refused, action="/accept/")
    assert province.number("SELECT status FROM cases_case WHERE code = %s", code) == 2


def test_the_same_button_pressed_twice_is_one_act(province: Installation) -> None:
    code = province.filed()["code"]
    with visit(province, "clerk") as clerk:
        page = clerk.get(f"/mot-cua/ho-so/{code}/")
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(lambda _: clerk.send(page, action="/accept/"), range(2)))
    assert province.number(ACCEPTED, code) == 1
