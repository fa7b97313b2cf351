"""What is set aside after its release, breakdowns of closed periods, and what the interval is computed from."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add them; blocks made before have no squares, so their periods show no interval."""
    op.add_column("blocks", sa.Column("forms", sa.JSON))
    op.add_column("blocks", sa.Column("squares", sa.Text))
    op.add_column("blocks", sa.Column("aside", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("blocks", sa.Column("noted", sa.Integer, nullable=False, server_default="0"))
    op.add_column("closings", sa.Column("set_aside", sa.Integer, nullable=False, server_default="0"))
    op.add_column("closings", sa.Column("breakdowns", sa.JSON))
    op.create_table(
        "corrections",
        sa.Column("id", _SERIAL, nullable=False),
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("home", sa.Text, nullable=False),
        sa.Column("n", sa.Integer, nullable=False),
        sa.Column("aside", sa.Boolean, nullable=False),
        sa.Column("release", _SERIAL, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_corrections"),
        sa.ForeignKeyConstraint(["release"], ["releases.seq"], name="fk_corrections_release"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_corrections_unit", "corrections", ["unit"])
    aside = sa.text("set_aside IS NOT NULL")
    op.create_index("ix_answers_aside", "answers", ["unit", "block"], sqlite_where=aside, postgresql_where=aside)
    op.create_index("ix_answers_block", "answers", ["block"])
    op.create_index("ix_answers_unit_seq", "answers", ["unit", "seq"])
