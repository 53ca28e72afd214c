"""Decisions on values, without database or clock."""
