"""A citizen's way through a filing over HTTP, and budgets of queries."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from PIL import Image

from tinhso.core.access.actor import Actor
from tinhso.core.forms.definition import Field, Page
from tinhso.core.forms.models import Draft
from tinhso.core.forms.types import is_rows, parts, type_of
from tinhso.core.orgs.queries import directory
from tinhso.systems.onestop.queries.filing import open_filing
from tinhso.systems.onestop.tests.staff_world import BIRTH, birth_answers

BUDGETS = Path(__file__).with_name("query_counts.json")


@contextmanager
def within_budget(page: str) -> Iterator[None]:
    """The block asks the database at most as often as `query_counts.json` allows; budgets may only shrink."""
    budget = json.loads(BUDGETS.read_text())[page]
    directory()  # kept in every process; read at the first question only
    with override_settings(ORGS_CACHE_SECONDS=600), CaptureQueriesContext(connection) as asked:
        yield
    told = "\n".join(q["sql"][:200] for q in asked.captured_queries)
    assert len(asked) <= budget, f"{page}: {len(asked)} queries, budget {budget}\n{told}"


def body(answer: Any) -> str:
    """The page a browser got."""
    return str(answer.content.decode())


def photo(name: str = "giay.jpg") -> SimpleUploadedFile:
    """A small photograph of a paper."""
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def typed(page: Page, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser sends for a page when a person gives these answers."""
    sent: dict[str, Any] = {}
    for field in page.fields:
        _type(field, answers.get(field.id), field.id, sent)
    return sent


def _type(field: Field, value: Any, path: str, sent: dict[str, Any]) -> None:
    if value is None:
        return
    if is_rows(field):
        for index, row in enumerate(value):
            for part in parts(field):
                _type(part, row.get(part.id), f"{path}-{index}-{part.id}", sent)
    elif parts(field):
        for part in parts(field):
            _type(part, value.get(part.id), f"{path}-{part.id}", sent)
    elif type_of(field).several:
        sent[path] = list(value)
    else:
        sent[path] = type_of(field).typed(field, value)


class Filing:
    """A filing in a browser: begun, answered page by page, sent."""

    def __init__(self, client: Client, draft_id: UUID) -> None:
        self.client, self.draft_id = client, draft_id

    @staticmethod
    def begin(client: Client, code: str = BIRTH, whom: str = "me") -> Filing:
        answer = client.post(f"/thu-tuc/{code}/nop/", {"for": whom})
        assert answer.status_code == 302, answer.content.decode()
        return Filing(client, UUID(answer["Location"].strip("/").split("/")[-1]))

    @property
    def draft(self) -> Draft:
        return Draft.objects.get(id=self.draft_id)

    @property
    def path(self) -> str:
        return f"/nop-ho-so/{self.draft_id}/"

    def page(self, stop: str) -> Any:
        return self.client.get(f"{self.path}{stop}/")

    def send_page(self, stop: str, data: Mapping[str, Any], **more: Any) -> Any:
        return self.client.post(f"{self.path}{stop}/", {"version": self.draft.version, **data, **more})

    def answer_all(self, answers: Mapping[str, Any] | None = None) -> Filing:
        """Answer every page of questions, then how to receive the result."""
        given = {**birth_answers(), "return_how": "counter", **(answers or {})}
        actor = Actor(person_id=self.draft.owner_id)
        for _ in range(40):
            filing = open_filing(self.draft_id, actor=actor, lang="vi")
            stop = next(
                (s for s in filing.stops if s.status in ("todo", "error") and filing.form.page(s.id)), None
            )
            if stop is None:
                return self
            page = filing.form.page(stop.id)
            assert page is not None
            answer = self.send_page(stop.id, typed(page, given))
            assert answer.status_code in (200, 302), answer.content.decode()
        raise AssertionError("the questions never end")

    def attach(self, paper: str = "birth_proof", file: SimpleUploadedFile | None = None) -> Any:
        return self.client.post(f"{self.path}giay-to/", {f"paper-{paper}": file or photo(), "upload": "1"})

    def send(self) -> Any:
        return self.client.post(f"{self.path}kiem-tra/", {"declared": "yes"})
