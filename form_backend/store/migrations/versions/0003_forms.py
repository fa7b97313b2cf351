"""The forms that units have shown."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them; what an answer was given under was shown, and is taken for shown until a registry says otherwise."""
    op.create_table(
        "forms",
        sa.Column("unit", sa.Text, nullable=False),
        sa.Column("versi", sa.Text, nullable=False),
        sa.Column("replaced", sa.Text),
        sa.PrimaryKeyConstraint("unit", "versi", name="pk_forms"),
    )
    op.execute("INSERT INTO forms (unit, versi) SELECT DISTINCT unit, versi FROM answers")
