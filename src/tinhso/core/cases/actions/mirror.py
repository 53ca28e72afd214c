"""Taking over news of cases that other systems handle."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from tinhso.core.access.actor import Actor, system_actor
from tinhso.core.cases.actions.filing import insert_case
from tinhso.core.cases.actions.perform import Done, perform
from tinhso.core.cases.acts import refuse
from tinhso.core.cases.facts import unit_ref
from tinhso.core.cases.models import Case, Procedure, ProcedureVersion
from tinhso.core.cases.rules.mirror import MirrorData
from tinhso.core.cases.state import Party, load_state
from tinhso.core.cases.versions import definition_of
from tinhso.core.orgs import queries as orgs
from tinhso.core.orgs.policy import require
from tinhso.core.people.actions import Particulars, find_or_create_person
from tinhso.core.people.queries import number_of
from tinhso.core.procedures.build import source_hash
from tinhso.kit.errors import Refusal

MIRROR = "cases.mirror"
ENGINE = system_actor("cases.mirror")


@dataclass(frozen=True, slots=True)
class News:
    """What another system says of one of its cases: `code` is its own, `event_at` its own time with zone."""

    source: str
    code: str
    procedure: str
    status: int
    event_at: datetime
    applicant: Particulars
    unit: str = ""
    due: datetime | None = None
    channel: str = "online"
    note: str = ""


def take_over(news: News, *, actor: Actor, now: datetime | None = None) -> Done:
    """Keep the news with its case, which is made at the first of them. Told twice, nothing changes.

    Messages may come late and out of order: the one with the latest `event_at` counts. Needs
    `cases.mirror`. Raises a `Refusal` naming what is wrong, with nothing written.
    """
    require(actor, MIRROR)
    if not news.source.strip() or not news.code.strip():
        raise refuse("incomplete", "Cần ghi hệ thống nguồn và mã hồ sơ của hệ thống đó.", field="code")
    key = f"mirror:{news.source}:{news.code}"[:80]
    found = Case.objects.filter(key=key).first()
    if found is None:
        try:
            with transaction.atomic():
                return _first(news, key, now or timezone.now())
        except IntegrityError:  # another message of the same case was faster
            found = Case.objects.get(key=key)
    data = MirrorData(event_at=news.event_at, status=news.status, due=news.due, note=news.note)
    try:
        return perform(found.id, "mirror", data, actor=ENGINE, now=now)
    except Refusal as refusal:
        if refusal.code != "known":
            raise
        found.refresh_from_db()
        return Done(found, load_state(found.state), ())


def _first(news: News, key: str, now: datetime) -> Done:
    person = find_or_create_person(actor=ENGINE, says=news.applicant)
    unit = orgs.unit_by_code(news.unit or settings.PROVINCE_AGENCY_ID)
    version_id = _version(news.procedure)
    data = MirrorData(
        event_at=news.event_at,
        status=news.status,
        due=news.due,
        note=news.note,
        source=news.source,
        applicant=Party(
            id=str(person.id),
            kind=person.kind,
            full_name=person.full_name,
            identity=number_of(person),
            territory=person.territory_code,
        ),
        channel=news.channel,
        reception=unit_ref(unit),
        competent=unit_ref(unit),
    )
    code = news.code if not Case.objects.filter(code=news.code).exists() else f"{news.source}:{news.code}"
    return insert_case(
        "mirror", definition_of(version_id), version_id, data, key, ENGINE, now, code=code[:64]
    )


def _version(code: str) -> UUID:
    """The version under which copies of a procedure's cases stand: its name and nothing to do, never in force."""
    procedure = Procedure.objects.filter(code=code).first()
    if procedure is None:
        raise refuse("no_procedure", f"Không có thủ tục mang mã “{code}” trong danh mục.", field="procedure")
    source = _source(procedure)
    version, _ = ProcedureVersion.objects.get_or_create(
        procedure=procedure,
        number=0,
        defaults={
            "hash": source_hash(source),
            "source": source,
            "valid": DateRange(empty=True),
            "published_at": timezone.now(),
            "published_by": "",
        },
    )
    return version.id


def _source(procedure: Procedure) -> dict[str, Any]:
    """A definition with a name only: other systems know the rest."""
    nothing = {"vi": ""}
    name = {"vi": procedure.name, "en": procedure.name_en}
    form = {"format": 1, "root": "form", "title": name, "lists": {}, "pages": []}
    return {
        "procedure": {
            "code": procedure.code, "name": name, "field": procedure.field, "valid": [None, None],
            "applicants": ["person", "organisation"], "service_level": "full", "competence": [], "papers": [],
            "variants": [{"id": "outside", "name": name, "time": "1 days"}], "fees": [],
            "process": [{"id": "outside", "do": "deliver", "name": name}],
            "result": {"document": "", "name": nothing}, "summary": nothing, "who": nothing,
        },
        "form": json.loads(json.dumps(form)), "result_form": None, "outputs": {},
    }  # fmt: skip
