"""Proofs about a program, made before anything runs."""
