"""One process of the year: `python -m bench.year.worker <share> <shares> <cases> <seed>`, started by `run`."""

from __future__ import annotations

import json
import sys

from bench.setup import connect


def main(share: int, shares: int, cases: int, seed: int) -> None:
    connect()
    from bench.year.replay import Replay  # its imports need Django

    replay = Replay(share, shares, cases, seed)
    replay.run()
    print(json.dumps({"report": replay.report()}), flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
