"""Decisions that need nothing but values."""
