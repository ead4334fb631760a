"""Checks beyond names and types: proofs, tracking plans, constants and recorded events."""
