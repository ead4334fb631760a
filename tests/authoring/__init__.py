"""What an editor asks about rules."""
