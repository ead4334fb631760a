"""Amplitude's actions, one on each page; an action is found by being here."""
