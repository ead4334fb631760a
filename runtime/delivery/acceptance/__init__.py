"""Accepts events from many callers in groups, and tells each caller when its events are on disk."""
