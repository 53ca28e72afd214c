"""What every installation proves about its records, and the long work of plans."""

from __future__ import annotations

from tinhso.core.files.slots import FILE_POLICIES, FilePolicy
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind
from tinhso.core.reorganisation import work
from tinhso.core.reorganisation.actions import APPLY, REVERT
from tinhso.core.reorganisation.policy import may_open_report
from tinhso.core.reorganisation.proof import evidence_of
from tinhso.core.reorganisation.slots import EVIDENCE

WORK_KINDS.add(WorkKind(APPLY, work.apply))
WORK_KINDS.add(WorkKind(REVERT, work.revert))

FILE_POLICIES.add(FilePolicy("reorganisation.", may_open_report))

for evidence in (
    evidence_of(
        "people.persons", "Người, tổ chức", "people_person",
        "id, kind, full_name, birth, sex, phone, email, address, territory_code", "created_at",
    ),
    evidence_of("files.files", "Tệp", "files_storedfile", "id, sha256, size, media_type, name", "created_at"),
    evidence_of(
        "signing.issued", "Giấy tờ đã cấp", "signing_issueddocument",
        "id, code, kind, file_id, sha256, case_code, issuer_unit_id, issuer_name, signer_name, issued_at", "issued_at",
    ),
    evidence_of("audit.entries", "Nhật ký", "audit_entry", "hash", "at"),
):  # fmt: skip
    EVIDENCE.add(evidence)
