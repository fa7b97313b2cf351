"""The built site as the backend serves it: which file an address means, and how it is sent."""

import errno
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from gzip import compress
from pathlib import Path
from wsgiref.types import WSGIEnvironment

from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header
from werkzeug.security import safe_join
from werkzeug.utils import send_file
from werkzeug.wrappers import Response

from skm.codes import in_lower_case, is_code

# Fixed here: the machine's own table of types differs from one to the next.
_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".csv": "text/csv",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/vnd.microsoft.icon",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".pdf": "application/pdf",
    ".webmanifest": "application/manifest+json",
    ".map": "application/json",
    ".woff2": "font/woff2",
    ".gz": "application/gzip",
}
_TEXTS = frozenset(".html .css .js .json .csv .svg .xml .txt .webmanifest .map".split())  # gzip makes them smaller
_MOST_PACKED = 1024 * 1024  # bytes; what is larger is downloaded once, not looked at on a phone
_OTHER_NAMES = {"feed.xml": "application/atom+xml"}
_CODED = re.compile(r"/(s|hasil|poster)/([^/]+)(/.*)?")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\]|//|/\.")


@dataclass(frozen=True)
class Found:
    """The file to send."""

    file: Path


@dataclass(frozen=True)
class Moved:
    """The address to go to; the query goes with it."""

    path: str


def look_up(site: Path, path: str) -> Found | Moved | None:
    """What the address `path` (decoded, beginning with a slash) means in the site; None where nothing is there.

    `site` is a link that a build swaps: it is followed anew for every request. Codes are the same in upper case, and
    a folder is its index page.
    """
    if _UNSAFE.search(path):
        return None
    if (coded := _CODED.fullmatch(path)) and (code := in_lower_case(coded[2])) != coded[2] and is_code(code):
        return Moved(f"/{coded[1]}/{code}{coded[3] or '/'}")
    joined = safe_join(str(site.resolve()), path.lstrip("/"))
    try:
        return _in_the_site(Path(joined), path) if joined is not None else None
    except OSError as error:
        if error.errno == errno.ENAMETOOLONG:
            return None  # no build writes such a name
        raise


def _in_the_site(file: Path, path: str) -> Found | Moved | None:
    if path.endswith("/"):
        index = file / "index.html"
        return Found(index) if index.is_file() else None
    if (file / "index.html").is_file():
        return Moved(f"{path}/")
    return Found(file) if file.is_file() else None


def send(file: Path, environ: WSGIEnvironment) -> Response:
    """The file, or 304 where the browser has it: always asked for, never assumed fresh.

    Texts go out as gzip to those who take it (RFC 9110, 12.5.3): a page is a third of its size on a slow line.
    """
    mimetype = _OTHER_NAMES.get(file.name) or _TYPES.get(file.suffix, "application/octet-stream")
    if file.suffix not in _TEXTS:
        return send_file(file, environ, mimetype=mimetype, conditional=True, etag=True)
    state = file.stat()
    if state.st_size <= _MOST_PACKED and _takes_gzip(environ):
        response = Response(_packed(file, state.st_mtime_ns), mimetype=mimetype)
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Cache-Control"] = "no-cache"
        response.last_modified = datetime.fromtimestamp(state.st_mtime, UTC)
        response.set_etag(f"{state.st_mtime_ns:x}-{state.st_size:x}-gzip")  # other bytes, another tag
        response.make_conditional(environ)
    else:
        response = send_file(file, environ, mimetype=mimetype, conditional=True, etag=True)
    response.vary.add("Accept-Encoding")
    return response


def _takes_gzip(environ: WSGIEnvironment) -> bool:
    return parse_accept_header(environ.get("HTTP_ACCEPT_ENCODING"), Accept)["gzip"] > 0


@lru_cache(maxsize=256)
def _packed(file: Path, _changed: int) -> bytes:
    """The file as gzip, kept while it is asked for; a build replaces whole files, so its time tells its content."""
    return compress(file.read_bytes(), 6, mtime=0)
