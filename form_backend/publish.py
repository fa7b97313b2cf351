"""The publisher: release what may be released, commit it, push it, verify it, build what it touched.

Gather (database) → decide (`skm.release`) → record → encode → commit → push → verify → mark → build. Every step may
be repeated: the second time does nothing, and a run that was killed is finished by the next.
"""

import fcntl
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from threading import Thread

from form_backend.site_repository import Head, Rejected, SiteRepository
from form_backend.store.release_records import Known
from form_backend.store.releases import NO_COMMIT, FileKey, ReleaseStore, UnitHistory, UnitState
from skm.breakdown import total
from skm.breakdown_text import text_of
from skm.periods import Period
from skm.release import NOTHING, Decision, Terms, decide, may_close, may_release, released_in
from skm.results import Correction, Result, encode
from skm.units import Registry

ATTEMPTS = 5


class PublishError(Exception):
    """Publishing stopped; the sentence says why and what to do. The answers are safe in the database."""


class OlderDatabase(PublishError):
    """The remote holds a newer release than the database, which was restored from an older backup."""

    def __init__(self, held: int, known: int) -> None:
        super().__init__(
            f"the site repository already holds release {held}, this database knows only {known}: "
            "it was restored from an older backup; restore the newest one before publishing again"
        )
        self.held, self.known = held, known


class AnotherPublisher(PublishError):
    """Somebody else holds the publisher's lock: a file, or one in the database of this name."""

    def __init__(self, lock: Path | str, seconds: float) -> None:
        super().__init__(f"another publisher has held {lock} for {seconds:.0f} seconds: let it finish, or stop it")
        self.lock, self.seconds = lock, round(seconds)


@dataclass(frozen=True)
class Released:
    """A published figure that grew: `n` people now, `added` of them new."""

    unit: str
    period: str
    n: int
    added: int


@dataclass(frozen=True)
class Held:
    """Answers that wait: `open` until 2k wait or the period closes, `remainder` for others of the year."""

    unit: str
    period: str
    waiting: int
    reason: str


@dataclass
class Report:
    """What one run did."""

    released: list[Released] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    commit: str | None = None
    pushed: bool = False
    built: bool = False


@dataclass(frozen=True)
class Publisher:
    """One publishing run's parts; `words` gives the registry's and the written pages' files for the repository.

    `still_alone` raises PublishError where another publisher may be at work by now; asked before anything is kept.
    `meanwhile` is done, in a thread, while git commits and pushes results: what needs none of them.
    """

    store: ReleaseStore
    repository: SiteRepository
    registry: Registry
    words: Callable[[], Mapping[str, bytes]]
    still_alone: Callable[[], None] = lambda: None
    meanwhile: Callable[[], None] = lambda: None
    pause: Callable[[int], None] = lambda attempt: time.sleep(0.2 * attempt)

    def terms(self) -> Callable[[int], Terms]:
        """k and period length of a year as they were fixed when it began; the registry's for a new year."""
        fixed, site = self.store.terms(), self.registry.site

        def of(year: int) -> Terms:
            k, kind = fixed.get(year, (site.release.k, site.period))
            return Terms(k, site.release.grace, kind)

        return of

    def decide(self, today: date) -> dict[str, Decision]:
        """What may be released today, per unit; units with nothing to do are left out."""
        return self._decide(self._states(self._waiting(today), today), today)

    def _waiting(self, today: date) -> Mapping[str, Mapping[Period, int]]:
        """What waits. The year before may not be over for every unit: grace may have been longer when it ended."""
        first = min(self.store.last_day() or date.min, today).year - 1
        return self.store.waiting(max(first, 1), least=self.registry.site.release.k)

    def _states(self, waiting: Mapping[str, Mapping[Period, int]], today: date) -> dict[str, UnitState]:
        """What has to be looked at: all units only where a period may have become due since the last release.

        What was due then was closed then. So a run costs what changed, and not the past.
        """
        last, years = self.store.last_day(), {}
        if last is None or may_close(last, today, self.registry.site.release.grace):
            first = min((period.year for counts in waiting.values() for period in counts), default=today.year)
            return self.store.states(min(first, (last or today).year - 1))
        terms = self.terms()
        for unit, counts in waiting.items():
            if found := may_release(counts, today, terms):
                years[unit] = min(found)
        return self.store.states(min(years.values(), default=today.year), years)

    def _decide(self, states: Mapping[str, UnitState], today: date) -> dict[str, Decision]:
        terms = self.terms()
        found = {}
        for unit, state in states.items():
            decision = decide(state.waiting, state.begun, state.closed, today, terms, state.pooled, state.shown)
            if decision != NOTHING:
                found[unit] = decision
        return found

    def run(self, today: date, *, dry_run: bool = False) -> Report:
        """Release and publish; PublishError or RepositoryError leave everything to be repeated."""
        head = None if dry_run else self._agreeing_head()
        waiting = self._waiting(today)
        states = self._states(waiting, today)
        decisions = self._decide(states, today)
        held = self._held(waiting, _taken(states, decisions), today)
        report = Report(released=self._announce(decisions), held=held)
        if head is None:
            return report
        if decisions:
            self.still_alone()
            self.store.release(decisions, _touched(decisions), today, self._known())
        for attempt in range(1, ATTEMPTS + 1):
            try:
                self._publish(report, today, head)
                break
            except Rejected:
                if attempt == ATTEMPTS:
                    raise
                self.pause(attempt)
                head = self.repository.refresh()
        return report

    def _known(self) -> Known:
        terms, units = self.terms(), self.registry.unit_by_code
        return Known(
            k=lambda year: terms(year).k,
            instrument=self.registry.instruments.of_versi,
            services=lambda code: units[code].services if code in units else (),
        )

    def _agreeing_head(self) -> Head:
        """The remote's head, asked before anything is released: an older database would use its numbers again."""
        head, newest = self.repository.refresh(), self.store.newest()
        if head.release > newest:
            raise OlderDatabase(head.release, newest)
        return head

    def _publish(self, report: Report, today: date, head: Head) -> None:
        self._publish_words(report, today)
        release, files = self.store.everything() if self._is_spoilt(head) else self.store.pending()
        if not release:
            return
        trailers = {"Sukma-Release": str(release), "Sukma-Units": " ".join(sorted({unit for _, unit in files}))}
        content = self.encode(files)
        self.still_alone()
        with _beside(self.meanwhile):
            pushed = self.repository.publish(content, _subject(files), trailers, today)
        held_there = pushed.changed or head.release >= release
        self.store.mark_published(release, pushed.commit if held_there else NO_COMMIT)
        if pushed.changed:
            report.commit, report.pushed = pushed.commit, True

    def _is_spoilt(self, head: Head) -> bool:
        """True where the remote no longer holds what it took: then it is given everything again."""
        release, commit = self.store.last_published()
        return head.release < release or (bool(release) and self.repository.results_changed_since(commit))

    def _publish_words(self, report: Report, today: date) -> None:
        files: dict[str, bytes | None] = {**self.words()}
        files |= dict.fromkeys(self.repository.words() - files.keys())
        self.still_alone()
        pushed = self.repository.publish(files, "Registry and words", {}, today)
        if pushed.changed:
            report.commit, report.pushed = pushed.commit, True

    def encode(self, files: set[FileKey]) -> dict[str, bytes | None]:
        """Path → content of published files, a function of the database alone."""
        since = min((period.year for period, _ in files), default=1)
        histories = self.store.histories({unit for _, unit in files}, since)
        found: dict[str, bytes | None] = {}
        for period, unit in files:
            result = result_of(unit, period, histories[unit])
            if result is None:
                continue
            instrument = self.registry.instruments.of_versi(result.instrument)
            found[f"site_src/results/{period}/{unit}.json"] = encode(result, instrument)
        return found

    def _announce(self, decisions: Mapping[str, Decision]) -> list[Released]:
        homes = [block.home for decision in decisions.values() for block in decision.blocks]
        before = self.store.people(decisions.keys(), min((home.year for home in homes), default=1))
        found = []
        for unit, decision in sorted(decisions.items()):
            for home in sorted({block.home for block in decision.blocks}):
                added = sum(len(block.members) for block in decision.blocks if block.home == home)
                found.append(Released(unit, str(home), before.get((unit, home), 0) + added, added))
        return found

    def _held(
        self, waiting: Mapping[str, Mapping[Period, int]], taken: Mapping[tuple[str, Period], int], today: date
    ) -> list[Held]:
        terms = self.terms()
        found = []
        for unit, counts in sorted(waiting.items()):
            for period, count in sorted(counts.items()):
                if left := count - taken.get((unit, period), 0):
                    is_open = period.is_open(today, terms(period.year).grace)
                    found.append(Held(unit, str(period), left, "open" if is_open else "remainder"))
        return found


def _taken(states: Mapping[str, UnitState], decisions: Mapping[str, Decision]) -> Counter[tuple[str, Period]]:
    """How many of a unit's waiting answers of each base period go out now."""
    found: Counter[tuple[str, Period]] = Counter()
    for unit, decision in decisions.items():
        members = {seq for block in decision.blocks for seq in block.members}
        found.update((unit, answer.period) for answer in states[unit].waiting if answer.seq in members)
    return found


def result_of(unit: str, period: Period, history: UnitHistory) -> Result | None:
    """The published figure of a unit and period from its history; None where there is nothing to say of it yet.

    A closed period of which nothing could be released says how many answers were held back; one whose answers were all
    set aside afterwards says so.
    """

    def belongs(home: Period) -> bool:
        return released_in(period, home, history.closed.keys())

    chosen = [block for block in history.blocks if belongs(block.home)]
    close = history.closed.get(period)
    forms = [block.instrument for block in chosen[-1:]]
    forms += [versi for home, versi in history.withdrawn.items() if belongs(home)]
    versi = next(iter(forms), close.versi if close else None)
    if versi is None:
        return None
    corrections = [(release, correction) for release, correction in history.corrections if belongs(correction.home)]
    set_aside = close.set_aside + _since(close.release, corrections) if close else 0
    people = total([closed.breakdowns for home, closed in history.closed.items() if belongs(home)])
    if people.aside is not None and (not close or sum(row.n for row in people.aside) != close.set_aside):
        people = replace(people, aside=None)  # some changed sides between two closes: not known for which reason
    return Result(
        code=unit,
        period=period,
        instrument=versi,
        blocks=tuple(sorted(chosen, key=lambda block: (block.home, block.no))),
        final=close is not None,
        held=close.held if close else 0,
        example=any(block.example for block in chosen),
        set_aside=set_aside,
        corrections=tuple(correction for _, correction in corrections),
        breakdown_text=text_of(people),
    )


def _since(release: int, corrections: Iterable[tuple[int, Correction]]) -> int:
    """How many more do not count than at the release that closed a period: what it received stays the same."""
    return sum(c.n if c.aside else -c.n for later, c in corrections if later > release)


def _touched(decisions: Mapping[str, Decision]) -> Iterator[FileKey]:
    """The files that a release changes: the blocks' and closings' periods and the longer ones that contain them."""
    for unit, decision in decisions.items():
        homes = {b.home for b in decision.blocks} | {m.home for m in decision.moves} | {n.home for n in decision.notes}
        for period in homes | {closing.period for closing in decision.closings}:
            yield period, unit
            for longer in period.longer():
                yield longer, unit


def _subject(files: set[FileKey]) -> str:
    units = len({unit for _, unit in files})
    periods = ", ".join(str(period) for period in sorted({period for period, _ in files}))
    return f"Results of {units} unit{'s' if units > 1 else ''}: {periods}"


@contextmanager
def _beside(work: Callable[[], None]) -> Iterator[None]:
    """Do `work` while the block runs. Where it fails nobody is told: whoever needs what it makes makes it himself."""
    thread = Thread(target=_quietly, args=(work,))
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _quietly(work: Callable[[], None]) -> None:
    with suppress(Exception):
        work()


@contextmanager
def only_publisher(lock: Path, patience: float = 60) -> Iterator[None]:
    """Holds the publisher's lock; PublishError when another one still runs after `patience` seconds."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as handle:
        until = time.monotonic() + patience
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise AnotherPublisher(lock, patience) from None
                time.sleep(0.2)
        yield
