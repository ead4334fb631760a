"""Diagnostics: their codes, suppressions and fixes."""
