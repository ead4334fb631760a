"""What Rulewright depends on: a bill of materials, and a look for known holes."""
