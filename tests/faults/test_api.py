"""The API when a program sends twice, or sends something else under the same key."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx

from tests.installation import Api, Installation, birth_case, notice


def _send(api: Api, body: dict[str, Any], key: str) -> httpx.Response:
    return api.client.post("/cases", json=body, headers={"Idempotency-Key": key})


def test_the_same_key_answers_the_first_reply(province: Installation) -> None:
    with province.api("citizen") as api:
        body, key = birth_case(api.upload(notice())), uuid4().hex
        before = province.number("SELECT count(*) FROM cases_case")
        with ThreadPoolExecutor(3) as pool:
            answers = list(pool.map(lambda _: _send(api, body, key), range(3)))
        answers.append(_send(api, body, key))
    assert [a.status_code for a in answers] == [201] * 4, [a.text for a in answers]
    assert len({a.json()["code"] for a in answers}) == 1
    assert province.number("SELECT count(*) FROM cases_case") == before + 1


def test_an_act_under_the_same_key_is_done_once(province: Installation) -> None:
    code = province.filed()["code"]
    with province.api("clerk") as api:
        key = uuid4().hex
        answers = [
            api.client.post(
                f"/cases/{code}/acts/note",
                json={"data": {"text": "Đã gọi"}},
                headers={"Idempotency-Key": key},
            )
            for _ in range(2)
        ]
    assert [a.status_code for a in answers] == [200, 200]
    assert answers[0].json()["seq"] == answers[1].json()["seq"] == 2


def test_the_same_key_for_something_else_is_refused(province: Installation) -> None:
    with province.api("citizen") as api:
        body, key = birth_case(api.upload(notice())), uuid4().hex
        assert _send(api, body, key).status_code == 201
        refused = _send(api, {**body, "key": uuid4().hex}, key)
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["code"] == "key_reused"


def test_a_refused_write_may_be_mended_and_sent_under_the_same_key(province: Installation) -> None:
    with province.api("citizen") as api:
        body, key = birth_case(api.upload(notice())), uuid4().hex
        wrong = {**body, "answers": body["answers"] | {"mother_id": "09319600123"}}
        refused = _send(api, wrong, key)
        assert refused.status_code == 409
        assert (refused.json()["code"], refused.json()["field"]) == ("bad_answers", "mother_id")
        assert _send(api, body, key).status_code == 201


def test_somebody_elses_file_cannot_be_attached(province: Installation) -> None:
    with province.api("citizen") as api:
        paper = api.upload(notice())
    with province.api("other") as api:
        refused = _send(api, birth_case(paper), uuid4().hex)
    assert refused.status_code == 400
    assert refused.json()["code"] == "no_file"
