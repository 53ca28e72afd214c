"""What the engine does when something happened to a case. Runs at least once; the act refuses the second time."""

from __future__ import annotations

from uuid import UUID

from tinhso.contracts.cases import SubcaseEnded
from tinhso.core.cases.actions.automatic import bring_result


def give_to_parent(event: SubcaseEnded, key: str) -> None:
    """A sub-case is over: the case it was filed for gets its result."""
    bring_result(UUID(event.case_id))
