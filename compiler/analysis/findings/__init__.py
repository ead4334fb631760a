"""The findings of the proofs: a file for each kind."""
