"""Meaning, proofs and code: from a syntax tree to a Python mapper."""
