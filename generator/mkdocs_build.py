"""The written pages through MkDocs and its Material theme, or one of its two heirs. The only module that knows them.

The builder runs as a process of its own: it keeps state between builds, and its import costs more than a publish run.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from enum import StrEnum
from html import escape
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from generator.errors import GeneratorError
from generator.written import is_word
from skm.units import Site

STYLESHEET = "assets/sukma.css"  # written by the build, not by MkDocs

# We write our own sitemap (MkDocs' names the day of the build). Source maps and stemmers of languages that the search
# is not set to are two thirds of the theme's bytes.
_NOT_NEEDED = ("sitemap.xml", "sitemap.xml.gz", "assets/javascripts/lunr", "assets/images/favicon.png")
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # which Zensical prints into a file, too


class Builder(StrEnum):
    """What builds the written pages: MkDocs, its continuation, or the successor of its theme. Equal text, own frame."""

    MKDOCS = "mkdocs"
    PROPERDOCS = "properdocs"
    ZENSICAL = "zensical"


# What decides the bytes of a page, beside the words. Zensical brings theme and search along.
_PACKAGES = {
    Builder.MKDOCS: ("mkdocs", "mkdocs-material"),
    Builder.PROPERDOCS: ("properdocs", "mkdocs-material"),
    Builder.ZENSICAL: ("zensical",),
}


def builder_name(builder: Builder) -> str:
    """The builder with its versions; GeneratorError where it is not installed."""
    try:
        return " ".join(f"{name} {version(name)}" for name in _PACKAGES[builder])
    except PackageNotFoundError as error:
        raise GeneratorError(f"SUKMA_BUILDER={builder}: {error.name} is not installed here") from error


def build_words(site_src: Path, site: Site, out: Path, *, example: bool, builder: Builder = Builder.MKDOCS) -> None:
    """Build `site_src` (mkdocs.yml, docs/, overrides/) into the folder `out`, which is emptied first.

    `example` puts the notice "CONTOH – BUKAN HASIL SEBENARNYA" on every page. GeneratorError in the builder's words.
    """
    import yaml  # a builder that is not called needs none

    builder_name(builder)
    with TemporaryDirectory() as name:
        folder = Path(name)
        # Zensical takes nothing from outside the folder of its configuration, and writes nothing there.
        # An editor's lock is a link to nowhere.
        shutil.copytree(site_src, folder / "site_src", ignore=_not_words(site_src), ignore_dangling_symlinks=True)
        config = folder / "mkdocs.yml"
        told = settings(site, builder, example=example)
        config.write_text(yaml.safe_dump(told, allow_unicode=True, sort_keys=False), encoding="utf-8")
        _run(builder, config, site_src)
        _remove_unneeded(folder / "out")
        shutil.rmtree(out, ignore_errors=True)
        shutil.copytree(folder / "out", out)


def _not_words(site_src: Path) -> Callable[[str, list[str]], list[str]]:
    """What a builder never sees, for nobody notices where it changes, and no repository or backup has it."""

    def ignored(folder: str, names: list[str]) -> list[str]:
        place = PurePosixPath("site_src", Path(folder).relative_to(site_src).as_posix())
        return [name for name in names if not is_word(str(place / name))]

    return ignored


def settings(site: Site, builder: Builder, *, example: bool) -> dict[str, object]:
    """What a builder is told of this site only; the rest is inherited.

    The name goes in as HTML: the theme prints it unescaped.
    """
    theme = {"custom_dir": "site_src/overrides"}
    return {
        "INHERIT": "site_src/mkdocs.yml",
        "site_name": escape(site.title),
        "site_url": f"{site.url}/",
        "docs_dir": "site_src/docs",
        "site_dir": "out",
        "theme": theme | ({"variant": "classic"} if builder is Builder.ZENSICAL else {}),
        "extra": {"example": example, "backend": site.backend},
        "extra_css": [STYLESHEET],
    }


def _run(builder: Builder, config: Path, site_src: Path) -> None:
    # The folder of the configuration is the current one, so that no file of the caller's shadows a module.
    # Not --quiet: with it MkDocs overlooks warnings, and --strict lives on them.
    ran = subprocess.run(
        [sys.executable, "-m", str(builder), "build", "--strict", "--config-file", config.name],
        cwd=config.parent,
        env=os.environ | {"NO_MKDOCS_2_WARNING": "1", "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if ran.returncode:
        plain = _COLOURS.sub("", ran.stdout)
        said = "\n".join(line for line in plain.splitlines() if line.strip() and not line.startswith("INFO"))
        raise GeneratorError(f"{site_src}: {builder} could not build the written pages:\n{said}")


def _remove_unneeded(out: Path) -> None:
    for path in [*(out / name for name in _NOT_NEEDED), *out.rglob("*.map")]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
