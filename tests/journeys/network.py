"""The network between a phone and the server, as a proxy that a test can cut at a chosen moment."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

_HOP = {"connection", "transfer-encoding", "content-length", "server", "date"}


class Network:
    """A proxy before `url`. `asked` lists (method, path) in order.

    `cut`: "" (it works), "all" (nothing is answered), "stall" (nothing at all happens until `goes_on`, or for half a
    minute), "request" (a post does not arrive), "reply" (a post arrives and its reply does not). `instead` maps a path
    to the (status, headers, body) that somebody else answers with.
    """

    def __init__(self, url: str) -> None:
        self.cut, self.asked = "", []  # type: tuple[str, list[tuple[str, str]]]
        self.instead: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.goes_on = threading.Event()
        network, server = self, urlsplit(url)

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.forward()

            def do_POST(self) -> None:
                self.forward()

            def forward(self) -> None:
                path, cut, post = self.path.partition("?")[0], network.cut, self.command == "POST"
                network.asked.append((self.command, self.path))
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                self.close_connection = True
                if cut == "stall":
                    network.goes_on.wait(30)
                if cut in ("all", "stall") or (cut == "request" and post):
                    return
                if path in network.instead:
                    self.reply(*network.instead[path])
                    return
                connection = http.client.HTTPConnection(server.hostname or "", server.port, timeout=20)
                connection.request(self.command, self.path, body, dict(self.headers))
                answer = connection.getresponse()
                content = answer.read()
                connection.close()
                if not (cut == "reply" and post):
                    self.reply(answer.status, dict(answer.getheaders()), content)

            def reply(self, status: int, headers: dict[str, str], content: bytes) -> None:
                self.send_response(status)
                for name, value in headers.items():
                    if name.lower() not in _HOP:
                        self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:
                    """The browser hung up first; so do networks."""

            def log_message(self, *_arguments: object) -> None:
                """Nothing: the test says what went wrong."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def posts(self) -> int:
        """How many answers set out."""
        return sum(method == "POST" for method, _ in self.asked)

    def __enter__(self) -> "Network":
        self._thread.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
