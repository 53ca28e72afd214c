"""The floor over HTTP: a bare Django view that writes the rows of filing with the ORM; no sign-in, no checks.

`granian ... bench.bare:application` serves it beside the real addresses, with the same settings.
"""

from __future__ import annotations

import copy
import os
import sys
from types import ModuleType
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tinhso.project.settings.dev")
import django

django.setup()

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from tinhso.core.audit.models import Entry
from tinhso.core.cases.models import Act, Case, CasePaper
from tinhso.core.db import series
from tinhso.core.desk.models import Task
from tinhso.core.events.models import Delivery, Event
from tinhso.kit.uuid7 import uuid7

MODEL = UUID(os.environ["BENCH_CASE"])


class Rows:
    """The rows of one real filing, read once; each request writes copies of them."""

    case = Case.objects.get(id=MODEL)
    act = Act.objects.get(case_id=MODEL, seq=1)
    papers = list(CasePaper.objects.filter(case_id=MODEL))
    task = Task.objects.filter(subject_id=MODEL).order_by("opened_at")[0]
    entry = Entry.objects.get(object_id=str(MODEL), act="cases.file")
    event = Event.objects.filter(subject_id=str(MODEL)).order_by("id")[0]
    deliveries = list(Delivery.objects.filter(event=event))


def fresh(row, **values):
    row = copy.copy(row)
    row.pk, row._state = values.pop("pk", None), copy.copy(row._state)
    row._state.adding = True
    for name, value in values.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


@csrf_exempt
def bare(request: HttpRequest) -> JsonResponse:
    key = uuid7()
    with transaction.atomic():
        series.take(f"bare{key.int % 83}")
        case = fresh(Rows.case, pk=key, code=f"b{key}", key=f"b{key}")
        fresh(Rows.act, case_id=key)
        for paper in Rows.papers:
            fresh(paper, case_id=key)
        fresh(Rows.task, pk=uuid7(), subject_id=key)
        with connection.cursor() as cursor:
            cursor.execute("SELECT seq FROM audit_lane WHERE id = pg_backend_pid() % 64 FOR UPDATE")
            seq = cursor.fetchone()[0] + 1
            cursor.execute(
                "UPDATE audit_lane SET seq = %s WHERE id = pg_backend_pid() %% 64 RETURNING id", [seq]
            )
            lane = cursor.fetchone()[0]
        fresh(Rows.entry, lane=lane, seq=seq)
        event = fresh(Rows.event, pk=uuid7())
        for delivery in Rows.deliveries:
            fresh(delivery, event_id=event.pk, done_at=event.at)
    return JsonResponse({"code": case.code}, status=201)


urls = ModuleType("bench_urls")
urls.urlpatterns = [path("bare/", bare), path("", include(settings.ROOT_URLCONF))]
sys.modules["bench_urls"] = urls
settings.ROOT_URLCONF = "bench_urls"
application = get_wsgi_application()
