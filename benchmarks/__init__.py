"""How fast Rulewright is, as ratios within one run: `make bench`."""
