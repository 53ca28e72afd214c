"""Why a draft cannot be changed."""

from __future__ import annotations

from tinhso.kit.errors import Refusal


class AlreadySubmitted(Refusal):
    """The draft became a case; `case_key` names it."""

    def __init__(self, message: str, case_key: str) -> None:
        super().__init__("draft_submitted", message)
        self.case_key = case_key
