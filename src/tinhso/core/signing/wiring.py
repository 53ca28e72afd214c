"""What signing offers to itself until other rooms bring more: the demonstration keys."""

from __future__ import annotations

from tinhso.core.signing.keys import KEY_STORES, DemonstrationKeys

KEY_STORES.add(DemonstrationKeys())
