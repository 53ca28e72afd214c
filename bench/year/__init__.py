"""A small province's year: 225,000 cases through the real actions, in simulated time, on two cores.

What is left out, and measured apart: making and sealing PDF (an act names its document, none is rendered), and
the handlers of events, which a sample at the end pays for. People and files are rows made beforehand.
"""

from bench.year.run import run

__all__ = ["run"]
