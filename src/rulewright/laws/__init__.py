"""Laws: what an author expects of every event, tried on generated events or proved."""
