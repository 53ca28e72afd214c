"""Whether a dossier is taken, and whether it is complete."""

from __future__ import annotations

from tinhso.core.cases.acts import refuse
from tinhso.core.cases.state import PaperState
from tinhso.core.procedures.dossier import papers_for
from tinhso.core.procedures.model import Definition, PaperRule, Situation


def admit(definition: Definition, applicant_kind: str, channel: str) -> None:
    """Go on, or a `Refusal`: the procedure does not take dossiers this way, or not from such an applicant."""
    if channel not in definition.channels:
        raise refuse("channel_closed", "Thủ tục này không nhận hồ sơ qua kênh này. Hãy đến bộ phận một cửa.")
    if applicant_kind not in definition.applicants:
        raise refuse("wrong_applicant", "Thủ tục này không dành cho loại đối tượng này.")


def missing_papers(
    definition: Definition, situation: Situation, given: tuple[PaperState, ...], *, at_counter: bool
) -> list[PaperRule]:
    """Required papers not given. Papers to be shown are only missing at the counter, where they can be shown."""
    have = {p.id for p in given if p.files or p.shown or p.source == "registry"}
    return [
        p
        for p in papers_for(definition, situation)
        if p.required and p.id not in have and (p.kind == "submit" or (at_counter and not p.from_registry))
    ]
