"""The build: what changed since the last one is made again, and nothing else is read or written."""

from pathlib import Path

from generator.mkdocs_build import Builder
from generator.progress import Progress, Stages, Summary
from generator.published import ResultsFolder
from generator.state import name_of, read_state, state_of
from generator.words import words_revision
from generator.workers import available
from generator.write import SiteFolder, remove_forgotten, replace_files
from generator.written import WRITTEN, Written, read_written, words_of
from skm.units import Registry

_FEW = 70  # units that one process has written before another is ready


def make_ready(link: Path, registry: Registry) -> None:
    """Load what a build of the site at `link` with something to make needs: for who waits for others meanwhile."""
    from generator import rebuild

    rebuild.make_ready(SiteFolder(link).current, registry)


def build(
    site_src: Path,
    registry: Registry,
    published: ResultsFolder,
    link: Path,
    made_from: Written | None = None,
    *,
    named: str | None = None,
    full: bool = False,
    jobs: int | None = None,
    builder: Builder = Builder.MKDOCS,
    progress: Progress | None = None,
) -> Summary:
    """Bring the site at `link` up to date with registry, words and results; the second run does nothing.

    `named` is what `generator.state` calls the registry, where that is known: of thousands of units it takes a moment.
    `made_from`, the files behind registry and words, is kept with the site for those who ask what it was made from.
    `jobs` processes make a fresh tree, as many as there are processors where it is not given and there is much to do.
    """
    site, clock = SiteFolder(link), Stages()
    with site.locked():
        before, named = read_state(site.current), named or name_of(registry)
        summary = None
        if before and not full:
            words = words_of(site_src)
            revision = words_revision(words, registry.site, example=before.example, builder=builder)
            if before == state_of(registry, named, published, revision, before.example, before.pages):
                if site.current and made_from and made_from != read_written(site.current):
                    replace_files(site.current, {}, [], {WRITTEN: made_from.dump()})  # a comment, for example
                clock.done("read")
                summary = Summary(0, before.pages, 0, False, clock.seconds)
        if summary is None:
            from generator.rebuild import Build, made_anew, updated  # templates and all, for which others do not wait

            jobs = jobs or (available() if len(registry.units) > _FEW else 1)
            beside = {WRITTEN: made_from.dump()} if made_from else {}
            run = Build(site_src, registry, named, published, site, jobs, builder, progress, clock, before, beside)
            clock.done("read")
            summary = (None if full else updated(run)) or made_anew(run)
        remove_forgotten(site)
        return summary
