"""What to send next, decided without clock, disk or network."""
