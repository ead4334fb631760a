"""Laws: what an author demands for every event, tried on events that are made for it, or proved."""
