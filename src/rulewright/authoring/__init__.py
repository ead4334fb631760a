"""What an editor asks about rules; it knows neither the editor nor its protocol. Places are offsets into the text."""
