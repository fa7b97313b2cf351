"""The web server: waitress, in one place. It buffers whole bodies, so half-sent ones hold no thread (SPEED.md 10)."""

import logging
import signal
import socket
import time
from types import FrameType
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.server import create_server

from form_backend.logs import NAME, log_to_stderr

_THREADS = 8
_CONNECTIONS = 1000
_IDLE_SECONDS = 60
# Above the intake's own ceiling, so that it is the application that says 413, in words; and no more than this is kept.
_BODY_BYTES = 1024 * 1024
_LAST_WORDS_SECONDS = 10
_log = logging.getLogger(NAME)


class ServeError(Exception):
    """The address cannot be listened on; the sentence says why."""


class Server:
    """An application on a socket. `port` is the one that was given, whichever was asked for."""

    def __init__(self, app: WSGIApplication, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family)
        except OSError as error:
            raise ServeError(f"cannot listen on {host} port {port}: {error.strerror or error}") from error
        self._stopping = False
        self._server: Any = create_server(
            app,
            sockets=[listening],
            threads=_THREADS,
            ident=None,
            connection_limit=_CONNECTIONS,
            channel_timeout=_IDLE_SECONDS,
            max_request_body_size=_BODY_BYTES,
            asyncore_use_poll=True,
            clear_untrusted_proxy_headers=False,  # read by `guard.client_address`, which knows whom to trust
        )
        self.port = int(self._server.effective_port)

    def run(self) -> None:
        """Serve until `stop`; then answer what was asked and return."""
        while not self._stopping:
            self._turn(1.0)
        self._server.del_channel()
        self._server.socket.close()
        deadline = time.monotonic() + _LAST_WORDS_SECONDS
        while self._is_busy() and time.monotonic() < deadline:
            self._turn(0.05)
        self._server.task_dispatcher.shutdown()
        self._server.asyncore.close_all(self._server._map)

    def stop(self) -> None:
        """End `run`; safe from a signal handler and from another thread."""
        self._stopping = True
        self._server.pull_trigger()

    def _turn(self, seconds: float) -> None:
        self._server.asyncore.loop(timeout=seconds, use_poll=True, map=self._server._map, count=1)

    def _is_busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.total_outbufs_len for channel in channels)


def serve(app: WSGIApplication, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was asked and return; ServeError where the port is taken."""
    log_to_stderr()
    server = Server(app, host, port)

    def stop(_number: int, _frame: FrameType | None) -> None:
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    _log.info("listening on %s port %s", host, server.port)
    server.run()
