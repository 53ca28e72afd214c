"""What stands around single cases: acts on many, cases that are stuck, results mended after they were given."""

from __future__ import annotations

from tinhso.core.cases.acts import ACTS, ActKind
from tinhso.core.cases.bulk import BULK, KIND, work
from tinhso.core.cases.bulkacts import BULK_ACTS
from tinhso.core.cases.choices import Status as S
from tinhso.core.cases.pages import item_url
from tinhso.core.cases.rules import corrections, mending
from tinhso.core.cases.stuck import KINDS, STUCK
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind


def register() -> None:
    """Put them into their slots; called once by `wiring`."""
    _register_acts()
    for bulk_act in BULK_ACTS:
        BULK.add(bulk_act)
    WORK_KINDS.add(WorkKind(KIND, work, link=item_url))
    for stuck_kind in KINDS:
        STUCK.add(stuck_kind)


def _register_acts() -> None:
    ACTS.add(
        ActKind(
            "place",
            "Đặt lại bước xử lý",
            "cases.assign",
            mending.place,
            mending.PlaceData,
            at="either",
            statuses=frozenset({S.ACCEPTED, S.PROCESSING, S.FINANCIAL}),
            also=mending.has_step,
        )
    )
    for correction_act in (
        ActKind(
            "correct",
            "Đính chính kết quả",
            "applicant",
            corrections.correct,
            corrections.CorrectData,
            statuses=frozenset({S.RETURNED}),
        ),
        ActKind(
            "mark_correction", "Là hồ sơ đính chính", "system", corrections.mark, corrections.CorrectsData
        ),
        ActKind(
            "correction_ended",
            "Đính chính xong",
            "system",
            corrections.end,
            corrections.CorrectedData,
            statuses=frozenset({S.RETURNED}),
        ),
    ):
        ACTS.add(correction_act)
