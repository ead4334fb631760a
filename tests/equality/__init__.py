"""All forms of one mapper give the same, to the byte: objects, JSON text, a compiled module, workers, and without C."""
