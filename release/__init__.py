"""Builds what a release publishes, and tries it as a user would who has nothing else."""
