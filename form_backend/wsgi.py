"""The web server: waitress, in one place. It buffers whole bodies, so half-sent ones hold no thread."""

import gc
import logging
import os
import signal
import socket
import time
from collections.abc import Callable
from threading import Event
from typing import Any
from wsgiref.types import WSGIApplication

from waitress.server import create_server

from form_backend import NAME
from form_backend.logs import log_to_stderr

_THREADS = 16  # so many answers can share a commit
_CONNECTIONS = 1000
_IDLE_SECONDS = 60
# Above the intake's own ceiling: the application says 413 in words to whoever has sent all he has to send. Beyond this
# waitress hangs up, which many clients cannot tell from a fault of the network.
_BODY_BYTES = 4 * 1024 * 1024
_LOOK_UP_SECONDS = 0.25
_WAITING = 128  # connections that the system took for us and that were not accepted yet
_LAST_WORDS_SECONDS = 10
_log = logging.getLogger(NAME)


class ServeError(Exception):
    """The address cannot be listened on; the sentence says why."""

    def __init__(self, host: str, port: int, reason: str) -> None:
        super().__init__(f"cannot listen on {host} port {port}: {reason}")
        self.host, self.port, self.reason = host, port, reason


class Server:
    """An application on a socket. `port` is the one that was given, whichever was asked for."""

    def __init__(self, app: WSGIApplication, host: str, port: int) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            listening = socket.create_server((host, port), family=family)
        except OSError as error:
            raise ServeError(host, port, error.strerror or str(error)) from error
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

    def run(self, stop: Event) -> None:
        """Serve until `stop` is set; then answer what was asked and return."""
        while not stop.is_set():
            self._turn(_LOOK_UP_SECONDS)
        for _ in range(_WAITING):
            self._turn(0)
        self._server.del_channel()
        self._server.socket.close()
        deadline = time.monotonic() + _LAST_WORDS_SECONDS
        while self._is_busy() and time.monotonic() < deadline:
            self._let_go()
            self._turn(0.05)
        self._server.task_dispatcher.shutdown()
        self._server.asyncore.close_all(self._server._map)

    def _turn(self, seconds: float) -> None:
        self._server.asyncore.loop(timeout=seconds, use_poll=True, map=self._server._map, count=1)

    def _let_go(self) -> None:
        """Close connections with the answer that is under way: a web server in front would go on asking over them until
        the deadline cuts somebody's answer short."""
        for channel in list(self._server.active_channels.values()):
            for request in (*channel.requests, channel.request):
                if request is not None:
                    request.headers["CONNECTION"] = "close"

    def _is_busy(self) -> bool:
        channels = list(self._server.active_channels.values())
        return any(channel.requests or channel.request or channel.total_outbufs_len for channel in channels)


def _stay_on_one_processor() -> None:
    """Threads of one interpreter take turns, and a turn that is handed to another processor takes longer.

    Which one follows from the number of the process, so that the backends of a host are on different ones
    (docs/decisions/2026-11-30-one-processor.md). To be called before there are threads.
    """
    if hasattr(os, "sched_setaffinity"):
        allowed = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {allowed[os.getpid() % len(allowed)]})


def serve(app: WSGIApplication, host: str, port: int, listening: Callable[[int], None]) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was asked and return; ServeError where the port is taken.

    `listening` is called with the port once it is open: whoever connects from then on is answered.
    """
    log_to_stderr()
    _stay_on_one_processor()
    stop = Event()
    # Before anyone can connect: who sees the port open may send the signal.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    server = Server(app, host, port)
    # What was made so far stays until the end: not to look through it for garbage again and again.
    gc.collect()
    gc.freeze()
    _log.info("listening on %s port %s", host, server.port)
    listening(server.port)
    server.run(stop)
