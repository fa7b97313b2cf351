"""The use case: label the answers whose exact time is still known, before anything is released or forgotten."""

from datetime import datetime, timedelta, tzinfo

from form_backend.store.labels import LabelStore, UnitAnswers
from skm.integrity import label, rhythm
from skm.integrity.rhythm import RHYTHM_DAYS, Rhythm


def label_answers(store: LabelStore, zone: tzinfo, now: datetime) -> int:
    """Give every answer of the last two days the labels it has by now (docs/integrity.md); how many got a new one.

    To be run before a release and before exact times are forgotten. Labels are added and never taken back, so a
    second run adds nothing; a unit to which none came since the last run is not looked at again. No answer is
    dropped, set aside or held back by a label. `now` is aware.
    """
    newest = store.newest()  # before anything is read: what comes meanwhile is for the next run
    new: dict[int, tuple[str, ...]] = {}
    for unit, first in store.units(now, newest).items():
        answers = store.read(unit, first, zone, RHYTHM_DAYS)
        if not answers.recent:
            continue
        found = label(answers.recent, _usual(answers), answers.earlier)
        held = {record.seq: record.labels for record in answers.recent}
        new |= {seq: names for seq, names in found.items() if set(names) - set(held[seq])}
    labelled = store.add(new)
    store.note_run(now, newest)
    return labelled


def _usual(answers: UnitAnswers) -> Rhythm:
    """The unit's rhythm until the day before; it began to ask when its first answer of that time came."""
    last = answers.recent[0].at.date() - timedelta(days=1)
    first = min((day for day, _, _ in answers.hours), default=last + timedelta(days=1))
    return rhythm(answers.hours, first, last)
