"""What rules do on recorded events, for an editor: the fate of each event, test runs, values beside lines."""
