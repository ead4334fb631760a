"""The functions of the rule language, one a file."""
