"""A fake Amplitude for tests and trials: as strict as the documentation, with a ledger and scripted faults."""
