"""Lineage: which paths of an event reach which fields."""
