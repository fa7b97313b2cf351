"""What goes with every response, whoever asked: nothing of ours runs elsewhere, nothing foreign runs here."""

from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

from werkzeug.wrappers import Response

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    # `no-referrer` would make a form send `Origin: null`, and the channel of a page without script would be lost.
    ("Referrer-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
)


def always(app: WSGIApplication) -> WSGIApplication:
    """The application, with the security headers that never differ: checking them anew for every answer costs time."""

    def with_them(environ: dict[str, Any], start_response: StartResponse) -> Any:
        def start(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
            return start_response(status, [*headers, *_ALWAYS], *error)

        return app(environ, start)

    return with_them


def limit(response: Response, policy: str) -> None:
    """Add the Content Security Policy of the page."""
    # Only a header may forbid framing; the same policy inside a page could not.
    response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"


def share(response: Response, origin: str | None, allowed: frozenset[str]) -> None:
    """Let a page of an allowed other origin read the answer to its post, where the site and the backend differ."""
    response.headers.add("Vary", "Origin")
    if origin is not None and origin.lower() in allowed:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Methods"] = "POST"
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Expose-Headers"] = "Location, Retry-After"
        response.headers["Access-Control-Max-Age"] = "600"
