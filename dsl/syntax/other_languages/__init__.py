"""Habits from other languages, and their equivalents in the rule language."""
