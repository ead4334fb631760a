"""Rule files that ship."""
