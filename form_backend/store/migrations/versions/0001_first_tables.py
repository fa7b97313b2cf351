"""The first tables: answers, the rule for repeats, a year's terms, blocks and releases."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make them."""
    op.create_table(
        "releases",
        sa.Column("seq", _SERIAL, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("commit_sha", sa.Text),
        sa.PrimaryKeyConstraint("seq", name="pk_releases"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "blocks",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        sa.Column("no", sa.Integer, nullable=False),
        sa.Column("versi", sa.Text, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("parts", sa.JSON, nullable=False),
        sa.Column("counts", sa.JSON, nullable=False),
        sa.Column("example", sa.Boolean, nullable=False),
        sa.Column("release", _SERIAL, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_blocks"),
        sa.ForeignKeyConstraint(["release"], ["releases.seq"], name="fk_blocks_release"),
        sa.UniqueConstraint("unit", "home", "no", name="uq_blocks_unit_home_no"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "answers",
        sa.Column("seq", _SERIAL, nullable=False),
        sa.Column("id", sa.Text),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.Column("received_at", sa.Text),
        sa.Column("received_hour", sa.Text, nullable=False),
        sa.Column("versi", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("answers", sa.JSON, nullable=False),
        sa.Column("attributes", sa.JSON, nullable=False),
        sa.Column("saran", sa.Text),
        sa.Column("alasan", sa.JSON, nullable=False),
        sa.Column("durasi", sa.Integer),
        sa.Column("labels", sa.JSON, nullable=False),
        sa.Column("set_aside", sa.Text),
        sa.Column("block", _SERIAL),
        sa.PrimaryKeyConstraint("seq", name="pk_answers"),
        sa.UniqueConstraint("id", name="uq_answers_id"),
        sa.UniqueConstraint("receipt", name="uq_answers_receipt"),
        sa.ForeignKeyConstraint(["block"], ["blocks.id"], name="fk_answers_block"),
        sqlite_autoincrement=True,
    )
    waits, exact = sa.text("block IS NULL AND set_aside IS NULL"), sa.text("received_at IS NOT NULL")
    op.create_index("ix_answers_waiting", "answers", ["unit", "period"], sqlite_where=waits, postgresql_where=waits)
    op.create_index("ix_answers_received_at", "answers", ["received_at"], sqlite_where=exact, postgresql_where=exact)
    op.create_table(
        "repeats",
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("receipt", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("digest", name="pk_repeats"),
    )
    op.create_index("ix_repeats_at", "repeats", ["at"])
    op.create_table(
        "terms",
        sa.Column("year", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("k", sa.Integer, nullable=False),
        sa.Column("period_kind", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_terms"),
    )
    op.create_table(
        "closings",
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("held", sa.Integer, nullable=False),
        sa.Column("versi", sa.Text),
        sa.Column("release", _SERIAL, nullable=False),
        sa.PrimaryKeyConstraint("unit", "period", name="pk_closings"),
        sa.ForeignKeyConstraint(["release"], ["releases.seq"], name="fk_closings_release"),
    )
    op.create_table(
        "release_files",
        sa.Column("release", _SERIAL, nullable=False),
        sa.Column("period", sa.Text, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("release", "period", "unit", name="pk_release_files"),
        sa.ForeignKeyConstraint(["release"], ["releases.seq"], name="fk_release_files_release"),
    )
