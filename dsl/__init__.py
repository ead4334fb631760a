"""The rule language: text, its syntax tree and its errors; knows nothing else."""
