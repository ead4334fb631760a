"""The solver: triggers as formulas, and events that satisfy them."""
