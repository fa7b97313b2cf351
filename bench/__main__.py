"""`make bench`: tables of ratios, each pair measured in turn in this run; medians are printed.

Studies that a decision rests on run by themselves: `python -m bench.coverage`, `python -m bench.integrity`.
"""

import gzip
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bench import build as province_build
from bench import history, intake, lighthouse, processing_table
from generator.build import build
from generator.instruments import shipped
from generator.pages.lean import LANGUAGES
from generator.pages.survey import SurveyState, stamped_survey, survey_page
from generator.published import in_folder
from generator.registry import read_registry
from skm.responses import Fault, Problem
from skm.units import Organisation, Registry, Unit

ROOT = Path(__file__).parents[1]
RUNS = 5
UNITS = 1000


def main() -> None:
    """Measure and print."""
    print(f"{'what':<64}{'this':>10}{'other':>10}{'ratio':>8}")
    with tempfile.TemporaryDirectory() as folder:
        _full_build_beside_floor(Path(folder))
        _incremental_beside_full(Path(folder))
    _stamp_beside_jinja()
    _page_weight()
    print()
    processing_table.main()
    print()
    lighthouse.main()
    print()
    intake.main()
    print()
    province_build.main()
    print()
    history.main()


def _registry(units: int) -> Registry:
    site = read_registry(ROOT / "units.yaml").registry.site
    organisations = (Organisation("kota", "Kota"), *(Organisation(f"o{n}", f"Dinas {n}", "kota") for n in range(50)))
    made = (
        Unit(f"{n:05x}", f"Loket {n}", f"o{n % 50}", ("id", "en"), ("Layanan A", "Layanan B")) for n in range(units)
    )
    return Registry(site, organisations, tuple(made), instruments=shipped())


def _full_build_beside_floor(folder: Path) -> None:
    registry, link, none = _registry(UNITS), folder / "site", in_folder(folder / "none")
    build(ROOT / "site_src", registry, none, link)  # the words are built once and kept, as in daily use
    contents = {p.relative_to(link.resolve()): p.read_bytes() for p in link.resolve().rglob("*") if p.is_file()}
    numbers = iter(range(RUNS))

    def floor() -> None:
        top = folder / f"floor{next(numbers)}"
        for path, content in contents.items():
            (top / path).parent.mkdir(parents=True, exist_ok=True)
            (top / path).write_bytes(content)

    _row(
        f"full build, {UNITS} units, {len(contents)} files / the same bytes written",
        lambda: build(ROOT / "site_src", registry, none, link, full=True),
        floor,
    )


def _incremental_beside_full(folder: Path) -> None:
    registry, link, none = _registry(UNITS), folder / "site", in_folder(folder / "none")
    names = iter(range(100))

    def renamed() -> None:
        name = f"Nama {next(names)}"
        units = (Unit(**{**vars(registry.units[0]), "name": name}), *registry.units[1:])
        build(ROOT / "site_src", replace(registry, units=units), none, link)

    _row(
        f"one unit renamed of {UNITS} / full build",
        renamed,
        lambda: build(ROOT / "site_src", registry, none, link, full=True),
    )


def _stamp_beside_jinja() -> None:
    registry = _registry(200)

    def every(render: Callable[[Unit, Registry, str], str]) -> Callable[[], None]:
        def run() -> None:
            for unit in registry.units:
                render(unit, registry, "id")

        return run

    _row("200 survey pages stamped / by Jinja", every(stamped_survey), every(survey_page))


def _page_weight() -> None:
    """The heaviest survey page of the demonstration in every language: with every error, empty, without its script."""
    registry = read_registry(ROOT / "units.yaml").registry
    units = [replace(unit, languages=LANGUAGES) for unit in registry.units]

    def forgotten(unit: Unit) -> SurveyState:
        keys = (item.key for item in registry.instrument(unit).items())
        return SurveyState(problems=tuple(Problem(key, Fault.MISSING) for key in keys))

    for lang in LANGUAGES:
        pages = [stamped_survey(unit, registry, lang, example=True) for unit in units]
        wrong = [survey_page(unit, registry, lang, forgotten(unit), example=True) for unit in units]
        bare = [re.sub(r"<script>.*?</script>", "", page, flags=re.DOTALL) for page in pages]
        states = (("all questions forgotten", wrong, 10), ("empty", pages, 10), ("HTML and CSS", bare, 4))
        for what, texts, budget in ((what, texts, size * 1024) for what, texts, size in states):
            size = max(len(gzip.compress(text.encode(), 9)) for text in texts)
            name = f"heaviest survey page in {lang}, {what}, gzip bytes / {budget // 1024} KB"
            print(f"{name:<72}{size:>8}{budget:>10}{size / budget:>8.2f}")


def _row(what: str, this: Callable[[], object], other: Callable[[], object]) -> None:
    pairs = [(_seconds(this), _seconds(other)) for _ in range(RUNS)]
    ratio = statistics.median(a / b for a, b in pairs)
    a, b = (statistics.median(column) for column in zip(*pairs, strict=True))
    print(f"{what:<64}{a:>9.3f}s{b:>9.3f}s{ratio:>8.2f}")


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main()
