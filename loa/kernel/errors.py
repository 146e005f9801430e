"""The root of every failure that Loa anticipates."""


class LoaError(Exception):
    """A failure we expected and can explain to a person.

    Subclasses live beside the function that raises them. Anything that is not a
    LoaError and reaches the error log means that code must change.
    """


class Passing(LoaError):
    """A failure that lies outside what was asked for: the same may work a little later."""
