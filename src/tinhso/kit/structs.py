"""Types read from data by several threads.

msgspec builds what it knows of a type when it first reads one, and shows it to other threads half built:
two requests that first read a case at the same moment end the process. So every type is read in once by
the thread that imports it, before there are others.
"""

from __future__ import annotations

from typing import Any

import msgspec


def prepare(*types: Any) -> None:
    """Build the readers of these types now; call it where they are defined or registered."""
    for each in types:
        msgspec.json.Decoder(each)
