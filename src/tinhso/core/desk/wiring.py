"""What the desk offers: who may open the paper of a delegation, and handing many tasks on."""

from __future__ import annotations

from tinhso.core.desk.actions import GROUND_FILE, HAND_ON, hand_on_all
from tinhso.core.desk.policy import may_open_ground
from tinhso.core.files.slots import FILE_POLICIES, FilePolicy
from tinhso.core.jobs.slots import WORK_KINDS, WorkKind

FILE_POLICIES.add(FilePolicy(GROUND_FILE, may_open_ground))
WORK_KINDS.add(WorkKind(HAND_ON, hand_on_all))
