"""From nodes to the checked program: names, types, fields and triggers."""
