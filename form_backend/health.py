"""`/healthz`, `/readyz`, `/version`: for those who watch the machine."""

import logging
from dataclasses import dataclass
from importlib.metadata import version

from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from form_backend.backend import Backend
from form_backend.logs import NAME
from form_backend.replies import data

_log = logging.getLogger(NAME)


@dataclass(frozen=True)
class Health:
    """The addresses as methods."""

    backend: Backend

    def healthz(self) -> Response:
        """The process answers."""
        return Response("ok\n", headers={"Cache-Control": "no-store"}, content_type="text/plain; charset=utf-8")

    def readyz(self) -> Response:
        """200 where answers can be recorded and pages shown; a bad registry is told, but its last good copy serves."""
        self.backend.watch.current()
        problem = self.backend.watch.problem
        database, site = self._database_writable(), self.backend.site_dir.is_dir()
        content = {
            "ready": database and site,
            "database": {"ok": database},
            "registry": {"ok": problem is None, "problem": problem},
            "site": {"ok": site},
        }
        return data(content, 200 if database and site else 503)

    def version(self) -> Response:
        """What runs here."""
        return data({"name": "sukma-e", "version": version("sukma-e")})

    def _database_writable(self) -> bool:
        try:
            self.backend.store.check_writable()
            self.backend.intake.note_forms()
        except SQLAlchemyError as error:
            _log.error("the database cannot be written", exc_info=error)
            return False
        return True
