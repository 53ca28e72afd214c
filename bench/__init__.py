"""Benchmarks: what our acts cost beside the same rows written by hand on the same server in the same run."""
