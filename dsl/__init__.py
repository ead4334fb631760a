"""The rule language: text, syntax tree and diagnostics."""
