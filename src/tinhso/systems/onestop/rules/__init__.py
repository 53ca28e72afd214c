"""Decisions of the one-stop that need nothing but values: what a definition says, in words a citizen understands."""
