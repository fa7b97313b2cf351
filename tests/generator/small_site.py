"""An installation of three units in a folder of its own, the trees it builds, and its pages taken apart."""

import shutil
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from generator.build import build
from generator.progress import Summary
from generator.published import in_folder
from generator.registry import read_registry

TOP = Path(__file__).parents[2]
THREE_UNITS = TOP / "tests" / "golden" / "three-units"


@dataclass(frozen=True)
class SmallSite:
    """`units.yaml`, `results/` and `site_src/` in a folder, and the site built from them."""

    folder: Path

    @property
    def registry_file(self) -> Path:
        return self.folder / "units.yaml"

    @property
    def results(self) -> Path:
        return self.folder / "results"

    @property
    def link(self) -> Path:
        return self.folder / "site"

    def edit(self, old: str, new: str) -> None:
        """Replace a text of the registry, which must be there."""
        text = self.registry_file.read_text(encoding="utf-8")
        assert old in text
        self.registry_file.write_text(text.replace(old, new), encoding="utf-8")

    def build(self, *, full: bool = False) -> Summary:
        registry = read_registry(self.registry_file).registry
        return build(self.folder / "site_src", registry, in_folder(self.results), self.link, full=full)

    def copy_to(self, folder: Path) -> "SmallSite":
        """The same installation elsewhere, its built site included."""
        shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        return SmallSite(folder)

    def tree(self) -> dict[str, bytes]:
        """Every public file: path → bytes."""
        return files_below(self.link.resolve())

    def rebuilt_from_nothing(self, folder: Path) -> dict[str, bytes]:
        """The tree that a full build of the same sources gives, made elsewhere; only the written pages are kept."""
        other = self.copy_to(folder)
        assert other.build(full=True).full
        return other.tree()

    def page(self, path: str) -> "Document":
        """A built page taken apart: `hasil/7k3q/index.html`."""
        return document((self.link / path).read_text(encoding="utf-8"))


def three_units(folder: Path) -> SmallSite:
    """The golden registry and results, with the words of this repository; not built yet."""
    shutil.copytree(THREE_UNITS, folder, dirs_exist_ok=True)
    shutil.copytree(TOP / "site_src", folder / "site_src", ignore=shutil.ignore_patterns("results"))
    return SmallSite(folder)


def files_below(folder: Path) -> dict[str, bytes]:
    """Path → bytes of every file below a folder."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass
class Document(HTMLParser):
    """A page as a reader has it: `tags` with their attributes, `texts` by the tag that directly holds them."""

    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._open = tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self._open, data.strip()))

    def values(self, *names: str) -> list[str]:
        """The values of these attributes, in the order of the page."""
        return [attributes[name] for _, attributes in self.tags for name in names if name in attributes]

    def text_of(self, tag: str) -> list[str]:
        return [text for holder, text in self.texts if holder == tag]

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """What the page is made of apart from its words: each tag with the names of its attributes."""
        return [(tag, tuple(attributes)) for tag, attributes in self.tags]


def document(html: str) -> Document:
    """A page taken apart."""
    parser = Document()
    parser.feed(html)
    parser.close()
    return parser
