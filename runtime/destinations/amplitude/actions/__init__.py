"""Amplitude's actions, one in each module of this folder, where they are found automatically."""
