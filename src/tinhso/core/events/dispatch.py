"""Delivering events to their handlers: at least once, in a transaction, with a dead end that a person sees."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tinhso.core.events.models import Delivery
from tinhso.core.events.outbox import HANDLERS, load

log = logging.getLogger("tinhso.events")

#: Waiting doubles up to an hour: about six hours in all, so that an outage of an afternoon heals by itself.
MAX_ATTEMPTS = 16


def deliver_due(limit: int = 100) -> int:
    """Run up to `limit` due deliveries one by one; return how many were tried. Several workers may run this at once."""
    done = 0
    while done < limit and _deliver_one():
        done += 1
    return done


def _deliver_one() -> bool:
    with transaction.atomic():
        delivery = (
            Delivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("event")
            .filter(done_at__isnull=True, dead=False, next_at__lte=timezone.now())
            .order_by("next_at", "id")
            .first()
        )
        if delivery is None:
            return False
        try:
            with transaction.atomic():
                handler = HANDLERS.get(delivery.handler)
                event = load(handler, delivery.event.data)
                if handler.wants(event):  # asked again: it may want less than when the event was written
                    handler.function(event, f"{delivery.event_id}:{delivery.handler}")
        except Exception as error:  # a handler's fault must not stop the others
            _postpone(delivery, error)
        else:
            delivery.done_at = timezone.now()
            delivery.save(update_fields=["done_at"])
    return True


def _postpone(delivery: Delivery, error: Exception) -> None:
    delivery.attempts += 1
    delivery.error = f"{type(error).__name__}: {error}"[:2000]
    delivery.dead = delivery.attempts >= MAX_ATTEMPTS
    delivery.next_at = timezone.now() + timedelta(seconds=min(2**delivery.attempts, 3600))
    delivery.save(update_fields=["attempts", "error", "dead", "next_at"])
    log.error(
        "event handler failed",
        exc_info=error,
        extra={"handler": delivery.handler, "attempts": delivery.attempts},
    )


def revive(delivery_id: int) -> bool:
    """Put a dead delivery back in the queue, after its cause was mended; False when it is not dead (any more)."""
    dead = Delivery.objects.filter(id=delivery_id, dead=True)
    return bool(dead.update(dead=False, attempts=0, next_at=timezone.now(), error=""))
