"""ValueFailure: a value that a function or an operator cannot take."""


class ValueFailure(ValueError):
    """Raised for a value that cannot be taken, with one sentence that shows the value."""
