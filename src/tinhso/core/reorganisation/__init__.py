"""Reorganisations: a plan as data, tried before it is done, done so that it can go on after a crash, proved, taken back."""
