"""Labelling knows to which answer it came, and looks at none of them a second time."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; until the next run notes something the time of the last one decides."""
    op.add_column("marks", sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite")))
