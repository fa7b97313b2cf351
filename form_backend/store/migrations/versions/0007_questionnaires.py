"""The questionnaires that were shown, which answers are read by also where their files are gone."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, empty: a server that starts fills it from the files that are still there."""
    op.create_table(
        "questionnaires",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", "version", name="pk_questionnaires"),
    )
