"""From a syntax tree to a Python mapper: names and types, proofs, and generated code."""
