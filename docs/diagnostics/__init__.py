"""The page of each diagnostic code, shipped with the package for `rulewright explain CODE`."""
