"""The tables. Their history is in `migrations/`; a test holds both together.

Days, hours and instants are ISO texts, so that they sort and read alike on every engine. Storage is UTC; `day` and
`period` are the unit's own, decided at intake.
"""

from functools import cache

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite numbers rows by itself only where the column is exactly INTEGER.
_SERIAL = BigInteger().with_variant(Integer, "sqlite")

releases = Table(
    "releases",
    metadata,
    Column("seq", _SERIAL, primary_key=True),
    Column("day", Text, nullable=False),
    Column("commit_sha", Text),  # null until the remote is known to hold it
    sqlite_autoincrement=True,
)

blocks = Table(
    "blocks",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("unit", Text, nullable=False),
    Column("home", Text, nullable=False, index=True),
    Column("no", Integer, nullable=False),
    Column("versi", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("parts", JSON, nullable=False),  # base period → how many of its answers are in the block
    Column("counts", JSON, nullable=False),
    Column("example", Boolean, nullable=False),
    Column("release", _SERIAL, ForeignKey("releases.seq"), nullable=False),
    Column("forms", JSON),  # the other forms of its answers, where the questionnaire changed while they waited
    Column("squares", Text),  # a fraction; null where the block spans a change of forms
    Column("aside", Boolean, nullable=False, server_default=false()),  # a part that does not count
    Column("noted", Integer, nullable=False, server_default="0"),  # answers on the wrong side, as published
    UniqueConstraint("unit", "home", "no"),
    sqlite_autoincrement=True,
)

# Blocks that may have to change again: parts that do not count, and those of which something is noted.
CHANGED = text("aside OR noted > 0")  # letter by letter as in the index, or SQLite does not use it

answers = Table(
    "answers",
    metadata,
    Column("seq", _SERIAL, primary_key=True),  # the record order
    Column("id", Text, unique=True),  # made by the page's script; null without it
    Column("receipt", Text, nullable=False, unique=True),
    Column("unit", Text, nullable=False),
    Column("period", Text, nullable=False),
    Column("day", Text, nullable=False),
    Column("received_at", Text),  # exact; cleared within 48 h (UU 27/2022)
    Column("received_hour", Text, nullable=False),
    Column("versi", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("answers", JSON, nullable=False),
    Column("attributes", JSON, nullable=False),
    Column("saran", Text),
    Column("alasan", JSON, nullable=False),
    Column("durasi", Integer),
    Column("labels", JSON, nullable=False),
    Column("set_aside", Text),  # the reason, where it does not count
    Column("block", _SERIAL, ForeignKey("blocks.id")),
    sqlite_autoincrement=True,
)

Index("ix_answers_block", answers.c.block)
Index("ix_answers_unit_seq", answers.c.unit, answers.c.seq)  # a unit's answers before these, for labels

# The rule for posts without script: who posted what, as a keyed digest, and when last (milliseconds since 1970).
repeats = Table(
    "repeats",
    metadata,
    Column("digest", Text, primary_key=True),
    Column("at", BigInteger, nullable=False, index=True),
    Column("receipt", Text, nullable=False),
)

# Posts of a device or for a unit in the window of time that began then (seconds since 1970), and in the one before.
# For several processes on one database; a process that is alone counts in its memory.
ceilings = Table(
    "ceilings",
    metadata,
    Column("key", Text, primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("previous", Integer, nullable=False),
    Column("current", Integer, nullable=False),
)

# Fixed by the first answer of a year: k and the period length change only at a new year.
terms = Table(
    "terms",
    metadata,
    Column("year", Integer, primary_key=True, autoincrement=False),
    Column("k", Integer, nullable=False),
    Column("period_kind", Text, nullable=False),
)

closings = Table(
    "closings",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("period", Text, primary_key=True, index=True),
    Column("held", Integer, nullable=False),
    Column("versi", Text),  # the form of the newest answer that is in no block
    Column("release", _SERIAL, ForeignKey("releases.seq"), nullable=False),
    Column("set_aside", Integer, nullable=False, server_default="0"),  # answers that did not count at the close
    Column("breakdowns", JSON),  # of the answers at home in the period, as they were counted at the close
)

# Which form (`versi`) each unit has shown, and since which day another stands in its place; null for today's.
forms = Table(
    "forms",
    metadata,
    Column("unit", Text, primary_key=True),
    Column("versi", Text, primary_key=True),
    Column("replaced", Text),
)

# The questionnaires that were shown, as the content of their files: a file may be gone before its last answer comes.
questionnaires = Table(
    "questionnaires",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content", JSON, nullable=False),
)

# Answers that changed sides after their release: what a figure lost or got back, and with which release.
corrections = Table(
    "corrections",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("unit", Text, nullable=False, index=True),
    Column("home", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("aside", Boolean, nullable=False),
    Column("release", _SERIAL, ForeignKey("releases.seq"), nullable=False),
    sqlite_autoincrement=True,
)

# What operators did with answers: who, in which hour, which of them (by `seq`) or how many, why. Never what they say.
audit = Table(
    "audit",
    metadata,
    Column("id", _SERIAL, primary_key=True),
    Column("hour", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("reason", Text),
    Column("detail", JSON, nullable=False),
    sqlite_autoincrement=True,
)

# When something that has to happen again and again went well last: an instant for each name.
marks = Table(
    "marks",
    metadata,
    Column("name", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("seq", _SERIAL),  # the newest answer that it has seen, where it goes by answers
)

release_files = Table(
    "release_files",
    metadata,
    Column("release", _SERIAL, ForeignKey("releases.seq"), primary_key=True),
    Column("period", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
)

_WAITS = answers.c.block.is_(None) & answers.c.set_aside.is_(None)
_OF_FEW = (
    ("ix_releases_pending", releases.c.commit_sha.is_(None), releases.c.seq),
    ("ix_blocks_changed", CHANGED, blocks.c.unit),
    ("ix_answers_waiting", _WAITS, answers.c.unit, answers.c.period),
    ("ix_answers_aside", answers.c.set_aside.is_not(None), answers.c.unit, answers.c.block),
    ("ix_answers_received_at", answers.c.received_at.is_not(None), answers.c.received_at),
)


@cache
def with_indexes_of_few() -> MetaData:
    """The tables and the indexes that hold a few of their rows.

    To name such an index loads every engine that has the like: only who makes or compares tables waits for that.
    """
    for name, where, *columns in _OF_FEW:
        Index(name, *columns, sqlite_where=where, postgresql_where=where)
    return metadata
