"""Test files: read, resolved against the rules that they test, and checked."""
