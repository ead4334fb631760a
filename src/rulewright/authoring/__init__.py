"""What an editor asks about rules, independent of editor and protocol. Places are offsets into the text."""
