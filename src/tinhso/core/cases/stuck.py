"""Cases that nobody moves and nothing will move: each way of getting stuck is found, shown and can be mended.

Every room that knows another way adds a `StuckKind` in its `wiring`. The page of the administrators reads them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast
from django.utils import timezone

from tinhso.core.access.actor import Actor
from tinhso.core.access.models import Holding
from tinhso.core.access.queries import open_posts
from tinhso.core.audit.actions import record
from tinhso.core.cases import policy
from tinhso.core.cases.actions.waking import wake_case
from tinhso.core.cases.choices import Status
from tinhso.core.cases.models import Case, CaseLink
from tinhso.core.db.batch import Batch
from tinhso.core.db.paging import Page, page
from tinhso.core.desk.models import Task
from tinhso.core.events.dispatch import revive
from tinhso.core.events.models import Delivery
from tinhso.core.orgs import queries as orgs
from tinhso.kit.errors import NotFound, Refusal
from tinhso.kit.slots import Slot

#: Who looks after stuck cases: administrators, and heads for their units.
LOOKS_AFTER = ("console.operate", "cases.assign")
#: A moment to wake at that lies so far back was missed; the timer looks every minute.
LATE_WAKE = timedelta(minutes=15)
#: Counts stop here; a page then shows "100+".
CAP = 100
_DEAD_LOOKED_AT = 1_000

Find = Callable[[list[UUID]], "QuerySet[Case]"]


@dataclass(frozen=True, slots=True)
class StuckKind:
    """One way of getting stuck. `find(units)` gives the cases received or decided there, with `since` (never null)
    annotated; `hint` says what to do; `leads` where: `case`, `unit` (the unit that decides) or `deliveries`.

    `mend(case)` lets the case go on, where the machine can; `button` is what it is called.
    """

    name: str
    title: str
    hint: str
    find: Find
    leads: tuple[str, ...] = ("case",)
    mend: Callable[[Case], None] | None = None
    button: str = ""
    order: int = 100


STUCK: Slot[StuckKind] = Slot("ways of getting stuck", StuckKind, lambda k: k.name)


def kinds() -> list[StuckKind]:
    """Every way, in the order of the page."""
    return sorted(STUCK, key=lambda k: (k.order, k.name))


def units_of(actor: Actor) -> list[UUID]:
    """The units whose stuck cases somebody looks after."""
    return list(dict.fromkeys(u for permission in LOOKS_AFTER for u in policy.units_seen(actor, permission)))


def counts(actor: Actor) -> dict[str, int]:
    """How many cases are stuck in which way, each at most `CAP` + 1; one query."""
    units, found = units_of(actor), kinds()
    if not units or not found:
        return {kind.name: 0 for kind in found}
    parts = [k.find(units).order_by().values_list(Value(k.name, CharField()))[: CAP + 1] for k in found]
    every = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    told = {kind.name: 0 for kind in found}
    for (name,) in every:
        told[name] += 1
    return told


def stuck(actor: Actor, kind: StuckKind, *, cursor: str = "", size: int = 50) -> Page[Case]:
    """The cases stuck in one way, longest first."""
    units = units_of(actor)
    if not units:
        return Page([])
    rows = kind.find(units).select_related("procedure", "competent", "reception").defer("state")
    return page(rows, by=["since", "id"], cursor=cursor, size=size)


def mend(actor: Actor, kind: StuckKind, case_id: UUID) -> None:
    """Let a stuck case go on, on the word of somebody who looks after it. Refused when it is no longer stuck in that way."""
    with transaction.atomic():
        case = kind.find(units_of(actor)).filter(id=case_id).first() if kind.mend else None
        if case is None or kind.mend is None:
            raise NotFound("not_stuck", "Hồ sơ này không còn bị kẹt theo cách đó.")
        batch = Batch()
        data = {"code": case.code, "kind": kind.name}
        record(batch, act="cases.mend", object_kind="case", object_id=str(case.id), actor=actor, data=data)
        batch.send()
        kind.mend(case)


# The engine's own ways --------------------------------------------------------------------------------------------


def _of(units: Iterable[UUID]) -> QuerySet[Case]:
    """Open cases of some units."""
    known = list(units)
    return Case.objects.filter(
        Q(reception_id__in=known) | Q(competent_id__in=known), finished_at__isnull=True
    )


def _tasks(**narrow: object) -> QuerySet[Task]:
    return Task.objects.filter(subject_id=OuterRef("pk"), closed_at__isnull=True, **narrow)


def _oldest(tasks: QuerySet[Task]) -> Subquery:
    return Subquery(tasks.order_by("opened_at").values("opened_at")[:1])


def without_step(units: list[UUID]) -> QuerySet[Case]:
    """No open step, and no answer of the applicant waited for."""
    answer = Q(status=Status.SUPPLEMENT, wake_at__isnull=False)
    rows = _of(units).filter(
        ~Exists(_tasks()), ~answer, source=""
    )  # the index first: the state is long to read
    return rows.exclude(state__has_key="tokens").annotate(since=F("submitted_at"))


def unserved(units: list[UUID]) -> QuerySet[Case]:
    """A step of a role that nobody holds at its unit today."""
    pairs = Task.objects.filter(closed_at__isnull=True, kind__startswith="case.").order_by()
    today = timezone.localdate()
    held = set(
        Holding.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=today), valid_from__lte=today
        ).values_list("post_id", flat=True)
    )
    grants = [g for post in open_posts().values() if post.id in held for g in post.grants]
    known = orgs.directory().units
    lacking: dict[str, list[UUID]] = {}
    for unit_id, role in pairs.values_list("unit_id", "role").distinct():
        unit = known.get(unit_id)
        if unit is not None and not any(g.role == role and g.covers(unit.path) for g in grants):
            lacking.setdefault(role, []).append(unit_id)
    wanted = Q(pk__in=[])
    for role, places in lacking.items():
        wanted |= Q(role=role, unit_id__in=places)
    tasks = _tasks().filter(wanted)
    return _of(units).filter(Exists(tasks)).annotate(since=_oldest(tasks))


def overslept(units: list[UUID]) -> QuerySet[Case]:
    """The moment to act by itself has long passed, and the case has not."""
    late = timezone.now() - LATE_WAKE
    known = Q(reception_id__in=units) | Q(competent_id__in=units)
    return Case.objects.filter(known, wake_at__lt=late).annotate(since=F("wake_at"))


def undelivered(units: list[UUID]) -> QuerySet[Case]:
    """Something that happened in the case could not be passed on; also in a case that is over."""
    dead = Delivery.objects.filter(dead=True, event__name__in=("CaseChanged", "SubcaseEnded")).order_by("id")
    ids = list(dict.fromkeys(dead.values_list("event__subject_id", flat=True)[:_DEAD_LOOKED_AT]))
    own = Delivery.objects.filter(dead=True, event__subject_id=Cast(OuterRef("pk"), CharField()))
    known = Q(reception_id__in=units) | Q(competent_id__in=units)
    found = Case.objects.filter(known, id__in=[UUID(i) for i in ids if _is_id(i)])
    return found.annotate(since=Subquery(own.order_by("id").values("event__at")[:1])).filter(
        since__isnull=False
    )


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def untaken(units: list[UUID]) -> QuerySet[Case]:
    """Overdue, the clock running, and a step that nobody has taken."""
    tasks = _tasks(person__isnull=True)
    rows = _of(units).filter(due_current__lt=timezone.now(), clock="running")
    return rows.filter(Exists(tasks)).annotate(since=F("due_current"))


def homeless(units: list[UUID]) -> QuerySet[Case]:
    """A step at a unit that is no more, or a deciding unit that is no more."""
    tasks = _tasks(unit__active=False)
    rows = _of(units).filter(Exists(tasks) | Q(competent__active=False) | Q(reception__active=False))
    return rows.annotate(since=F("submitted_at"))


def machine_gave_up(units: list[UUID]) -> QuerySet[Case]:
    """An automatic step failed for good, or what it did cannot be taken back: its person has not seen to it."""
    tasks = _tasks(kind__in=("case.subcase", "case.exchange", "case.document", "case.undo"))
    return _of(units).filter(Exists(tasks)).annotate(since=_oldest(tasks))


def unanswered(units: list[UUID]) -> QuerySet[Case]:
    """Another agency should have finished its case for this one, and has not."""
    late = CaseLink.objects.filter(
        kind="child",
        parent=OuterRef("pk"),
        child__finished_at__isnull=True,
        child__due_current__lt=timezone.now(),
    )
    since = Subquery(late.order_by("child__due_current").values("child__due_current")[:1])
    return _of(units).filter(Exists(late)).annotate(since=since)


def wake(case: Case) -> None:
    """Let the engine do now what it missed."""
    if not wake_case(case.id):
        raise Refusal("nothing_due", "Hồ sơ chưa đến giờ hẹn nào.")


def deliver_again(case: Case) -> None:
    """Another series of tries for everything of the case that could not be passed on."""
    dead = Delivery.objects.filter(dead=True, event__subject_id=str(case.id)).values_list("id", flat=True)
    revived = [revive(delivery) for delivery in dead]
    if not any(revived):
        raise Refusal("not_dead", "Không còn sự kiện nào của hồ sơ bị dừng.")


KINDS = (
    StuckKind(
        "no_step",
        "Không còn bước nào mở",
        "Lãnh đạo mở hồ sơ và đặt lại bước xử lý.",
        without_step,
        order=10,
    ),
    StuckKind(
        "nobody",
        "Không ai giữ vai trò của bước",
        "Phân công người vào vị trí làm bước này, hoặc giao bước cho người có quyền.",
        unserved,
        leads=("unit", "case"),
        order=20,
    ),
    StuckKind(
        "overslept",
        "Quá giờ hẹn mà máy chưa làm",
        "Xem tiến trình nền có chạy không; có thể cho hồ sơ đi tiếp ngay.",
        overslept,
        leads=("case", "deliveries"),
        mend=wake,
        button="Đi tiếp ngay",
        order=30,
    ),
    StuckKind(
        "machine",
        "Bước tự động không thành",
        "Mở hồ sơ: cho hệ thống thử lại, hoặc ghi kết quả bằng tay kèm căn cứ.",
        machine_gave_up,
        order=32,
    ),
    StuckKind(
        "unanswered",
        "Cơ quan khác chưa trả kết quả",
        "Mở hồ sơ xem hồ sơ con đang ở đâu; đôn đốc cơ quan đó.",
        unanswered,
        order=34,
    ),
    StuckKind(
        "undelivered",
        "Sự kiện không chuyển được",
        "Xem lỗi, sửa nguyên nhân rồi chuyển lại.",
        undelivered,
        leads=("deliveries", "case"),
        mend=deliver_again,
        button="Chuyển lại",
        order=40,
    ),
    StuckKind(
        "untaken",
        "Quá hạn mà chưa ai nhận",
        "Mở hồ sơ và phân công người xử lý.",
        untaken,
        order=50,
    ),
    StuckKind(
        "homeless",
        "Đơn vị đã thôi hoạt động",
        "Xem đơn vị kế thừa và chuyển việc sang đó.",
        homeless,
        leads=("unit", "case"),
        order=60,
    ),
)
