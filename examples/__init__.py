"""The rules of an imaginary shop, its events, and a demonstration on screen."""
