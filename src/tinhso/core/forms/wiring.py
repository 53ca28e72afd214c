"""What this room offers to others."""

from __future__ import annotations

from tinhso.core.files.slots import FILE_POLICIES, FilePolicy
from tinhso.core.forms.policy import FILE_PURPOSE, may_open_file

FILE_POLICIES.add(FilePolicy(FILE_PURPOSE, may_open_file))
