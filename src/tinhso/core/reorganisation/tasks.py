"""Plans whose day has come: what is open moves without anybody having to be awake."""

from __future__ import annotations

import logging

from django.utils import timezone
from procrastinate.contrib.django import app

from tinhso.core.access.queries import actor_for_person
from tinhso.core.reorganisation import actions
from tinhso.core.reorganisation.models import PlanState, Reorganisation
from tinhso.kit.errors import Refusal

log = logging.getLogger("tinhso.reorganisation")


@app.periodic(cron="*/5 * * * *")
@app.task(name="reorganisation.go_on", queue="default", queueing_lock="reorganisation.go_on", retry=3)
def plans_of_the_day(timestamp: int) -> None:
    """Begin the moving of plans written ahead, in the name of who began them."""
    due = Reorganisation.objects.filter(state=PlanState.WAITING, on__lte=timezone.localdate())
    for plan in due.only("id", "author_id"):
        try:
            actions.go_on(actor=actor_for_person(plan.author_id), plan_id=plan.id)
        except Refusal:
            log.exception("a reorganisation could not begin", extra={"plan": str(plan.id)})
