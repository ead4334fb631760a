"""What others read of Rulewright, read by those others: pre-commit, GitHub, GitLab and validators of SARIF."""
