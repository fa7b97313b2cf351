"""The written pages through MkDocs and its Material theme. The only module that knows them.

MkDocs runs as a process of its own: it keeps state between builds, and its import costs more than a publish run.
"""

import os
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from generator.errors import GeneratorError
from skm.units import Site

STYLESHEET = "assets/sukma.css"  # written by the build, not by MkDocs

# We write our own sitemap (MkDocs' names the day of the build). Source maps and stemmers of languages that the search
# is not set to are two thirds of the theme's bytes.
_NOT_NEEDED = ("sitemap.xml", "sitemap.xml.gz", "assets/javascripts/lunr", "assets/images/favicon.png")


def build_words(site_src: Path, site: Site, out: Path, *, example: bool) -> None:
    """Build `site_src` (mkdocs.yml, docs/, overrides/) into the folder `out`, which is emptied first.

    `example` puts the notice "CONTOH – BUKAN HASIL SEBENARNYA" on every page. GeneratorError in the builder's words.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "mkdocs.yml"
        settings = _settings(site_src.resolve(), site, out.resolve(), example)
        config.write_text(yaml.safe_dump(settings, allow_unicode=True, sort_keys=False), encoding="utf-8")
        _run(config, site_src)
    _remove_unneeded(out)


def _settings(site_src: Path, site: Site, out: Path, example: bool) -> dict[str, object]:
    """What only this site has; the rest is inherited. The name goes in as HTML: the theme prints it unescaped."""
    return {
        "INHERIT": str(site_src / "mkdocs.yml"),
        "site_name": escape(site.title),
        "site_url": f"{site.url}/",
        "docs_dir": str(site_src / "docs"),
        "site_dir": str(out),
        "theme": {"custom_dir": str(site_src / "overrides")},
        "extra": {"example": example, "backend": site.backend},
        "extra_css": [STYLESHEET],
    }


def _run(config: Path, site_src: Path) -> None:
    # The folder of the configuration is the current one, so that no file of the caller's shadows a module.
    # Not --quiet: with it MkDocs overlooks warnings, and --strict lives on them.
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--config-file", str(config)],
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
        said = "\n".join(line for line in ran.stdout.splitlines() if line.strip() and not line.startswith("INFO"))
        raise GeneratorError(f"{site_src}: MkDocs could not build the written pages:\n{said}")


def _remove_unneeded(out: Path) -> None:
    for path in [*(out / name for name in _NOT_NEEDED), *out.rglob("*.map")]:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
