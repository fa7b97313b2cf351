"""Alembic's entry: runs the versions on the connection that `migrate` hands over, inside its transaction."""

from alembic import context

from form_backend.store.schema import with_indexes_of_few

context.configure(connection=context.config.attributes["connection"], target_metadata=with_indexes_of_few())
with context.begin_transaction():
    context.run_migrations()
