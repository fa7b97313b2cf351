"""The composition root: chooses the adapters of an installation and passes them to the rest."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from form_backend.settings import Settings
from generator.errors import GeneratorError
from generator.instruments import file_content, gone_file
from generator.published import refuse_changed_wordings, with_published
from generator.registry_files import LoadedRegistry, kept_or_read
from generator.write import SiteFolder
from generator.written import words_below, written
from skm.units import Registry

if TYPE_CHECKING:  # each costs a quarter of a second or more: commands that do not need them do not wait for them
    from flask import Flask
    from sqlalchemy import Engine
    from sqlalchemy.engine import URL

    from form_backend.intake import Intake
    from form_backend.publish import Publisher
    from form_backend.site_repository import SiteRepository
    from form_backend.store.answers import Store
    from generator.progress import Summary


class NoInstallation(Exception):
    """The current folder lacks what makes an installation; `missing` is the path."""

    def __init__(self, missing: Path) -> None:
        super().__init__(f"no installation: {missing} is missing")
        self.missing = missing


@dataclass(frozen=True)
class Installation:
    """A folder with `units.yaml` and `site_src/`, and what its environment sets."""

    registry_file: Path
    settings: Settings

    @classmethod
    def here(cls, registry_file: Path, site_dir: Path | None = None) -> "Installation":
        """The installation in the current folder; NoInstallation names what is missing, SettingsError what is bad.

        `site_dir` (the option -d) wins over the environment.
        """
        for needed in (registry_file, Path("site_src")):
            if not needed.exists():
                raise NoInstallation(needed)
        return cls.at(registry_file, site_dir)

    @classmethod
    def at(cls, registry_file: Path, site_dir: Path | None = None) -> "Installation":
        """What the current folder is, or is to become: a restored backup brings registry and words along."""
        env = dict(os.environ) | ({"SUKMA_SITE_DIR": str(site_dir)} if site_dir else {})
        return cls(registry_file, Settings.from_environment(env, Path()))

    @cached_property
    def loaded(self) -> LoadedRegistry:
        """The registry; RegistryError with every problem.

        ChangedWording where results name a form that is no longer what it was. A questionnaire whose file is gone is
        read from where it was published, as long as results name it.
        """
        found = kept_or_read(self.registry_file, SiteFolder(self.settings.site_dir).builds / "registry.pickle", _read)
        refuse_changed_wordings(found.registry.instruments, self.results_dir.parent)
        return replace(found, registry=self.with_published(found.registry))

    @cached_property
    def registry_with_kept(self) -> Registry:
        """The registry and every questionnaire that was shown, which answers are read by also when its file is gone."""
        from form_backend.store.forms import FormStore

        registry, kept = self.loaded.registry, FormStore(self.store.engine).kept
        return replace(registry, instruments=registry.instruments.with_kept(kept.known))

    def with_published(self, registry: Registry) -> Registry:
        """The same with the questionnaires whose files are gone, read from where they were published."""
        return replace(registry, instruments=with_published(registry.instruments, self.results_dir.parent))

    @property
    def is_built(self) -> bool:
        """True where a site is there that a build made."""

        return SiteFolder(self.settings.site_dir).current is not None

    def deleted(self) -> Sequence[str]:
        """Codes that the last build knows and the registry neither lists nor retires; their posters may hang."""
        registry, built = self.loaded.registry, SiteFolder(self.settings.site_dir).manifest() or {}
        codes = {path.split("/")[1] for path in built if path.startswith("poster/")}
        return sorted(codes - registry.unit_by_code.keys() - registry.retired)

    @property
    def publisher_lock(self) -> Path:
        """What keeps others out of the clone while a publisher works in it."""
        return self.settings.site_repo.with_name(f"{self.settings.site_repo.name}.lock")

    @property
    def publish_failure(self) -> Path:
        """Where it is kept why the last publishing run stopped."""
        return self.publisher_lock.with_suffix(".failure")

    @property
    def backups(self) -> Path:
        """Where backups are kept unless another place is named."""
        return self.settings.folder / "var" / "backups"

    @property
    def results_dir(self) -> Path:
        """The published results in the publisher's clone."""
        return self.settings.site_repo / "site_src" / "results"

    def make_missing(self) -> None:
        """Clone again where the clone is gone and the site shows results; RepositoryError."""
        from generator.state import read_state

        if (before := read_state(SiteFolder(self.settings.site_dir).current)) and before.results:
            self.repository.make_missing()

    def build(
        self, *, full: bool = False, jobs: int | None = None, progress: Callable[[int, int], None] | None = None
    ) -> "Summary":
        """Bring the site up to date; RepositoryError where it would lose its results with a clone that is gone."""
        from generator.build import build

        self.make_missing()
        site_src, link, made_from = self.settings.folder / "site_src", self.settings.site_dir, written(self.words())
        registry = self.with_published(self.loaded.registry)  # again: a publishing run may have brought results
        how: dict[str, Any] = {"full": full, "jobs": jobs, "builder": self.settings.builder, "progress": progress}
        how["named"] = self.loaded.named  # whatever questionnaires were brought
        return build(site_src, registry, self.repository.published(), link, made_from, **how)

    @cached_property
    def store(self) -> "Store":
        """The store, its tables made or brought up to date: a backup comes first, for there is no way back."""
        from form_backend.store.answers import open_store

        return open_store(self.settings.database_url, self._before_upgrade)

    def _before_upgrade(self, engine: "Engine") -> None:
        """What precedes a change of the tables; a server of PostgreSQL is backed up by its own means: NotBackedUp."""
        from form_backend.store.database import is_shared
        from form_backend.store.migrations import refuse_answers

        if is_shared(engine):
            refuse_answers(engine)
        else:
            self._back_up(engine)

    def _back_up(self, engine: "Engine") -> None:
        from form_backend.backups import make_backup

        make_backup(engine, self.backups, self.all_words(), self.repository.save_remote, datetime.now(UTC))

    def migrate(self, *, backed_up: bool = False) -> tuple[str | None, str]:
        """Bring the tables up to date; the version before and after.

        `backed_up`: there is a backup of a database that is not backed up here. NotBackedUp where there has to be one.
        """
        from form_backend.store.database import is_shared, open_engine
        from form_backend.store.migrations import is_older, migrate

        engine = open_engine(self.settings.database_url)
        if is_older(engine) and not (backed_up and is_shared(engine)):
            self._before_upgrade(engine)
        return migrate(engine)

    def copy_to(self, target: "URL", copied: Callable[[str, int], None]) -> dict[str, int]:
        """Copy this installation's database to an empty one of PostgreSQL; table → rows."""
        from form_backend.store.copy import copy_database

        return copy_database(self.settings.database_url, target, copied)

    @contextmanager
    def publishing(self, meanwhile: Callable[[], None] = lambda: None) -> Iterator["Publisher"]:
        """The publisher on this installation's store, clone and remote, while no other works on any of them.

        `meanwhile` is done while git is at work.
        """
        from form_backend.publish import only_publisher
        from form_backend.release_lock import only_publisher_of

        with only_publisher(self.publisher_lock), only_publisher_of(self.store.engine) as still_alone:
            yield self.publisher(still_alone, meanwhile)

    def publisher(
        self, still_alone: Callable[[], None] = lambda: None, meanwhile: Callable[[], None] = lambda: None
    ) -> "Publisher":
        """The same without a lock."""
        from form_backend.publish import Publisher
        from form_backend.store.releases import ReleaseStore

        return Publisher(
            store=ReleaseStore(self.store.engine),
            repository=self.repository,
            registry=self.registry_with_kept,
            words=self.public_words,
            still_alone=still_alone,
            meanwhile=meanwhile,
        )

    @property
    def repository(self) -> "SiteRepository":
        """The publisher's clone of the remote."""
        from form_backend.site_repository import SiteRepository

        return SiteRepository(self.settings.site_repo, self.settings.remote, self.settings.branch)

    def intake(self, now: datetime) -> "Intake":
        """The intake for answers that are not posted, at one instant."""
        from form_backend.intake import Intake

        registry, secret = self.loaded.registry, self.settings.secret()
        return Intake(self.store, lambda: registry, lambda: now, secret, limits=False)

    def label_answers(self) -> int:
        """Label the answers of the last two days of units that were answered since; how many got a new label."""
        from form_backend.labelling import label_answers
        from form_backend.store.labels import LabelStore

        zone = ZoneInfo(self.loaded.registry.site.timezone)
        return label_answers(LabelStore(self.store.engine), zone, datetime.now(UTC))

    def words(self) -> Mapping[str, bytes]:
        """The registry and what people wrote, by their paths in the site repository; never results.

        Hidden files stay: an editor's swap file or a `.env` would be in the history for ever.
        """
        return self._written(self.loaded.files[1:])

    def public_words(self) -> Mapping[str, bytes]:
        """The same for the publisher, and the questionnaires that are gone: nobody could read their results without."""
        kept = self.registry_with_kept.instruments.kept
        return {**self.words(), **{f"site_src/instruments/{gone_file(one)}": file_content(one) for one in kept}}

    def all_words(self) -> Mapping[str, bytes]:
        """The same for a backup, which a mistake in the registry must not prevent."""
        try:
            return self.words()
        except GeneratorError:
            return self._written(sorted((self.registry_file.parent / "units.d").glob("*.y*ml")))

    def _written(self, included: Sequence[Path]) -> Mapping[str, bytes]:
        top = self.registry_file.parent
        found = {"units.yaml": self.registry_file.read_bytes()}
        for file in included:
            found[file.relative_to(top).as_posix()] = file.read_bytes()
        return found | dict(words_below(self.settings.folder / "site_src"))

    def app(self) -> tuple["Flask", "Intake"]:
        """The backend's WSGI application, and its intake."""
        import time

        from form_backend.app import create_app, create_intake
        from form_backend.registry_watch import RegistryWatch

        site_dir, watch = self.settings.site_dir, RegistryWatch(self.registry_file, time.monotonic)
        intake = create_intake(self.settings, self.store, watch, lambda: datetime.now(UTC))

        def policy() -> str:
            return (site_dir.resolve().parent / "policy.txt").read_text(encoding="utf-8")

        return create_app(self.settings, self.store, watch, intake, site_dir, policy), intake


def _read(path: Path) -> LoadedRegistry:
    from generator.registry import read_registry

    return read_registry(path)
