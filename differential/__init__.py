"""Rulewright against Segment's own packages, on random triggers, mappings and events."""
