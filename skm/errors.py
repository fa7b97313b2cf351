"""The exception family of the domain."""


class SkmError(ValueError):
    """A rule of the domain was broken by its input; the message is a sentence for people."""
