"""A run finds the blocks that may have to change again, and those of the last years, without reading the others."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the indexes."""
    changed = sa.text("aside OR noted > 0")
    op.create_index("ix_blocks_changed", "blocks", ["unit"], sqlite_where=changed, postgresql_where=changed)
    op.create_index("ix_blocks_home", "blocks", ["home"])
    op.create_index("ix_closings_period", "closings", ["period"])
