"""`sukma` and `python -m sukma`."""

import os
import sys


def main() -> None:
    """Run the command line in the language that `--lang` or the locale asks for."""
    try:
        from sukma.cli import make_cli
        from sukma.texts import language, without_language
    except KeyboardInterrupt:  # before there is anything to say it with
        sys.exit(130)
    arguments = sys.argv[1:]
    make_cli(language(arguments, os.environ))(args=without_language(arguments), prog_name="sukma")


if __name__ == "__main__":
    main()
