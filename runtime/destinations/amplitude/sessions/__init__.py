"""Sessions, as Amplitude counts them."""
