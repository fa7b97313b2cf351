"""`sukma` and `python -m sukma`."""

import gc
import os
import sys


def main() -> None:
    """Run the command line in the language that `--lang` or the locale asks for."""
    gc.set_threshold(100_000)  # there are few cycles to find, and looking took a seventh of a publishing run
    try:
        from sukma.cli import make_cli
        from sukma.texts import LANGUAGES, language, languages_asked, sayer
    except KeyboardInterrupt:  # before there is anything to say it with
        sys.exit(130)
    asked, arguments = languages_asked(sys.argv[1:])
    lang = language(asked, os.environ)
    if unknown := [one for one in asked if one not in LANGUAGES]:
        print(sayer(lang)("bad_lang", text=unknown[0]), file=sys.stderr)
        sys.exit(2)
    make_cli(lang)(args=arguments, prog_name="sukma")


if __name__ == "__main__":
    main()
