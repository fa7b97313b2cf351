"""The parts that the backend's addresses stand on, put together once by `create_app`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from form_backend.intake import Intake
from form_backend.registry_watch import RegistryWatch
from form_backend.settings import Settings
from form_backend.store.answers import Store
from skm.units import Registry


@dataclass(frozen=True)
class Backend:
    """`example` marks every live page of an installation whose answers were simulated."""

    settings: Settings
    store: Store
    watch: RegistryWatch
    intake: Intake
    site_dir: Path
    policy: Callable[[], str]
    example: bool

    @property
    def registry(self) -> Registry:
        """The registry in use now."""
        return self.watch.current().registry

    @property
    def allowed_origins(self) -> frozenset[str]:
        """Origins whose pages may post here, beside the request's own host."""
        return self.settings.allowed_origins | {self.registry.site.url.lower()}
