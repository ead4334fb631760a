"""Habits from other languages, and how each is written here."""
