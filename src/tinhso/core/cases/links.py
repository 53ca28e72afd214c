"""Cases that belong together, as far as the reader may see each of them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from tinhso.core.access.actor import Actor
from tinhso.core.cases import policy
from tinhso.core.cases.models import Case, CaseLink
from tinhso.core.cases.state import State, load_state
from tinhso.core.db.paging import Page, page

SHOWN = 20


@dataclass(frozen=True, slots=True)
class Linked:
    """A case tied to another: how (`correction`, `child`, `group`), and whether it is the one the other came from."""

    kind: str
    case: Case
    is_parent: bool


def linked(case: Case, state: State, *, actor: Actor) -> list[Linked]:
    """The cases tied to one, without those of its group; a case the reader may not see is not there.

    One query, and none where the case itself tells of no other.
    """
    if not (state.corrects or state.corrections or state.parent or state.children):
        return []
    rows = (
        CaseLink.objects.filter(Q(parent_id=case.id) | Q(child_id=case.id))
        .exclude(kind="group")
        .select_related("parent", "child")
        .order_by("id")[:SHOWN]
    )
    found = []
    for link in rows:
        other = link.child if link.parent_id == case.id else link.parent
        if policy.may_see(actor, other, load_state(other.state)):
            found.append(Linked(link.kind, other, is_parent=link.child_id == case.id))
    return found


def head_of(case_id: UUID) -> UUID | None:
    """The case that heads the group of a case; None when it is in no group."""
    links = CaseLink.objects.filter(kind="group")
    return (
        links.filter(Q(child_id=case_id) | Q(parent_id=case_id)).values_list("parent_id", flat=True).first()
    )


def members(head_id: UUID, actor: Actor) -> QuerySet[Case]:
    """The cases of a group that the reader may see."""
    children = CaseLink.objects.filter(kind="group", parent_id=head_id).values("child_id")
    return Case.objects.filter(policy.scope(actor), Q(id=head_id) | Q(id__in=children))


def group(head_id: UUID, *, actor: Actor, cursor: str = "", size: int = 50) -> Page[Case]:
    """The group, in the order filed."""
    rows = members(head_id, actor).defer("state").select_related("procedure")
    return page(rows, by=["submitted_at", "id"], cursor=cursor, size=size)
