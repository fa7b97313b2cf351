"""The exception family of the generator: expected failures, each a sentence with place and remedy."""


class GeneratorError(Exception):
    """Something the generator was given, or stands on, is not as it must be."""
