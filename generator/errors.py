"""The exception family of the generator: expected failures, each a sentence with place and remedy."""


class GeneratorError(Exception):
    """Something the generator was given, or stands on, is not as it must be."""


class NotOurSite(GeneratorError):
    """What stands where the site's link belongs was not made by a build."""

    def __init__(self, link: object) -> None:
        super().__init__(f"{link} was not made by a build: move it away or name another place with -d")
        self.link = link
