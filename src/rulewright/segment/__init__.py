"""Segment's own JSON, both ways: mappings and subscriptions to rules, and rules back to Segment."""
