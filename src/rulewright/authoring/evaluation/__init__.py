"""What rules do on recorded events, for an editor: the fate of each event, runs of tests, values behind lines."""
