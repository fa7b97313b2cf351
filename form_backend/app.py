"""Puts the backend together: addresses, error pages and headers around the use case."""

from collections.abc import Callable
from datetime import datetime
from functools import cache
from pathlib import Path

from flask import Flask, g, request
from werkzeug.wrappers import Response

from form_backend import guard, headers, replies
from form_backend.backend import Backend
from form_backend.guard import PER_CLIENT, PER_KIOSK, PER_KIOSKS, PER_UNIT
from form_backend.health import Health
from form_backend.intake import Intake
from form_backend.logs import note_failure
from form_backend.registry_watch import RegistryWatch
from form_backend.routes import Routes
from form_backend.settings import Settings
from form_backend.store.answers import Store
from form_backend.store.ceilings import ceiling
from form_backend.submission import JSON, MAX_BYTES
from generator import csp
from generator.pages import lean
from skm.responses import KIOSK


def create_intake(settings: Settings, store: Store, watch: RegistryWatch, clock: Callable[[], datetime]) -> Intake:
    """The intake of posted answers, whose clients are to be forgotten now and then; `clock` gives aware UTC instants.

    What the registry asks now is noted.
    """
    intake = Intake(
        store,
        lambda: watch.current().registry,
        clock,
        settings.secret(),
        settings.limits,
        per_client=ceiling(store.engine, "client", PER_CLIENT),
        per_kiosk=ceiling(store.engine, "kiosk", PER_KIOSK),
        per_kiosks=ceiling(store.engine, "kiosks", PER_KIOSKS),
        per_unit=ceiling(store.engine, "unit", PER_UNIT),
    )
    intake.note_forms()
    return intake


def create_app(
    settings: Settings,
    store: Store,
    watch: RegistryWatch,
    intake: Intake,
    site_dir: Path,
    policy: Callable[[], str],
) -> Flask:
    """The WSGI application; `policy` gives the built site's Content Security Policy."""
    backend = Backend(settings, store, watch, intake, site_dir, policy, example=store.begins_simulated())
    app = Flask("form_backend", static_folder=None, template_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BYTES
    app.url_map.merge_slashes = app.url_map.strict_slashes = False  # no redirect but those of `routes`
    _add_addresses(app, backend)
    _add_errors(app, backend)
    _add_headers(app, backend)
    return app


def _add_addresses(app: Flask, backend: Backend) -> None:
    routes, health = Routes(backend), Health(backend)
    app.add_url_rule("/kirim/", view_func=routes.find, methods=["GET"])
    app.add_url_rule("/kirim/<code>", "submit", routes.submit, methods=["POST"])
    app.add_url_rule("/kirim/<code>", view_func=routes.survey_of, methods=["GET"])
    app.add_url_rule("/terima/<receipt>", view_func=routes.receipt, methods=["GET"])
    for name in ("healthz", "readyz", "version"):
        app.add_url_rule(f"/{name}", view_func=getattr(health, name), methods=["GET"])
    app.add_url_rule("/", view_func=routes.site, methods=["GET"])
    app.add_url_rule("/<path:path>", view_func=routes.site, methods=["GET"])


def _add_errors(app: Flask, backend: Backend) -> None:
    def answer(error: Exception) -> Response:
        note_failure(error)
        lang = g.get("lang") or request.args.get("lang") or "id"
        if _wants_json():
            return replies.problem(error, lang)
        channel = g.get("channel") or guard.referred_channel(request.headers.get("Referer"), request.host)
        kiosk = channel == KIOSK
        return replies.message(error, lang, backend.registry.site, example=backend.example, kiosk=kiosk)

    app.register_error_handler(Exception, answer)


def _add_headers(app: Flask, backend: Backend) -> None:
    def finish(response: Response) -> Response:
        headers.limit(response, g.get("policy") or _lean_policy(backend.registry.site.backend))
        if request.path.startswith("/kirim/"):
            headers.share(response, request.headers.get("Origin"), backend.allowed_origins)
        return response

    app.after_request(finish)
    app.wsgi_app = headers.always(app.wsgi_app)  # type: ignore[method-assign, assignment]


@cache
def _lean_policy(other: str) -> str:
    """The policy of the pages that are made here; hashing every script costs as much as reading a form."""
    return csp.policy(*lean.policy_hashes(), other)


def _wants_json() -> bool:
    kinds = ["text/html", JSON, replies.PROBLEM]
    return request.mimetype == JSON or request.accept_mimetypes.best_match(kinds, "text/html") != "text/html"
