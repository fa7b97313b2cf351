"""`sukma` and `python -m sukma`."""

import gc
import os
import sys


def main() -> None:
    """Run the command line in the language that `--lang` or the locale asks for."""
    gc.set_threshold(100_000)  # there are few cycles to find, and looking took a seventh of a publishing run
    try:
        from sukma.cli import make_cli
        from sukma.texts import language, without_language
    except KeyboardInterrupt:  # before there is anything to say it with
        sys.exit(130)
    arguments = sys.argv[1:]
    make_cli(language(arguments, os.environ))(args=without_language(arguments), prog_name="sukma")


if __name__ == "__main__":
    main()
