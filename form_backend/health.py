"""`/healthz`, `/readyz`, `/version`: for those who watch the machine."""

import logging
import time
from dataclasses import dataclass, field
from importlib.metadata import version

from werkzeug.wrappers import Response

from form_backend import NAME
from form_backend.backend import Backend
from form_backend.condition import Seen, condition, free_mb, look
from form_backend.replies import data
from form_backend.store.answers import Store
from form_backend.store.condition import Facts

_FRESH = 1.0  # seconds: however often it is asked, the disk is written once
_log = logging.getLogger(NAME)


@dataclass
class Health:
    """The addresses as methods."""

    backend: Backend
    _facts: Facts | None = None
    _next_look: float = field(default=0.0)

    def healthz(self) -> Response:
        """The process answers."""
        return Response("ok\n", headers={"Cache-Control": "no-store"}, content_type="text/plain; charset=utf-8")

    def readyz(self) -> Response:
        """200 where answers can be recorded and pages shown; a bad registry is told, but its last good copy serves."""
        self.backend.watch.current()
        settings = self.backend.settings
        seen = Seen(
            facts=self._facts_now(),
            registry_problem=self.backend.watch.problem,
            site=self.backend.site_dir.is_dir(),
            free_mb=free_mb(settings),
            backs_up=settings.database_url.get_backend_name() == "sqlite",
        )
        content = condition(seen, self.backend.intake.clock())
        return data(content, 200 if content["ready"] else 503)

    def version(self) -> Response:
        """What runs here."""
        return data({"name": "sukma-e", "version": version("sukma-e")})

    def _facts_now(self) -> Facts | None:
        if time.monotonic() >= self._next_look:
            self._facts = self._look()
            self._next_look = time.monotonic() + _FRESH
        return self._facts

    def _look(self) -> Facts | None:
        found = look(self._store, self.backend.intake.clock())
        if isinstance(found, Facts):
            return found
        _log.error("the database cannot be written", exc_info=found)
        return None

    def _store(self) -> Store:
        self.backend.intake.note_forms()
        return self.backend.store
