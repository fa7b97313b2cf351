from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest

from form_backend.settings import Settings, SettingsError, ensure_secret
from form_backend.store.answers import open_store


def test_everything_has_a_default_below_the_folder(tmp_path: Path) -> None:
    settings = Settings.from_environment({}, tmp_path)
    assert str(settings.database_url) == f"sqlite:///{tmp_path}/var/sukma.sqlite3"
    assert (settings.site_dir, settings.site_repo) == (tmp_path / "var/site", tmp_path / "var/clone")
    assert (settings.remote, settings.branch, settings.limits) == (f"{tmp_path}/var/remote.git", "main", True)


def test_mkdocs_builds_unless_one_of_its_heirs_is_named(tmp_path: Path) -> None:
    assert Settings.from_environment({}, tmp_path).builder == "mkdocs"
    assert Settings.from_environment({"SUKMA_BUILDER": "zensical"}, tmp_path).builder == "zensical"
    with pytest.raises(SettingsError, match="SUKMA_BUILDER: 'hugo' is none of mkdocs, properdocs, zensical"):
        Settings.from_environment({"SUKMA_BUILDER": "hugo"}, tmp_path)


def test_relative_paths_are_below_the_folder(tmp_path: Path) -> None:
    environment = {"SUKMA_DATABASE_URL": "sqlite:///data/x.db", "SUKMA_SITE_DIR": "www", "SUKMA_REMOTE": "r.git"}
    settings = Settings.from_environment(environment, tmp_path)
    assert str(settings.database_url) == f"sqlite:///{tmp_path}/data/x.db"
    assert (settings.site_dir, settings.remote) == (tmp_path / "www", f"{tmp_path}/r.git")


@pytest.mark.parametrize("environment", [{}, {"SUKMA_DATABASE_URL": "sqlite:///var/sukma.sqlite3"}])
def test_a_database_behind_a_link_has_its_log_cut_beside_the_file_itself(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "large-disk").mkdir()
    (tmp_path / "var" / "sukma.sqlite3").symlink_to("../large-disk/real")
    store = open_store(Settings.from_environment(environment, tmp_path).database_url)
    log = tmp_path / "large-disk" / "real-wal"
    before = log.stat().st_size
    store.purge(datetime.now(UTC))
    assert before > log.stat().st_size
    store.close()


@pytest.mark.parametrize("remote", ["https://git.example/a.git", "git@git.example:a/b.git", "file:///srv/a.git"])
def test_a_remote_elsewhere_is_left_as_it_is(tmp_path: Path, remote: str) -> None:
    assert Settings.from_environment({"SUKMA_REMOTE": remote}, tmp_path).remote == remote


@pytest.mark.parametrize("scheme", ["postgresql", "postgresql+psycopg"])
def test_postgresql_is_spoken_to_by_one_driver(tmp_path: Path, scheme: str) -> None:
    url = f"{scheme}://u:rahasia@db/sukma?sslmode=require"
    found = Settings.from_environment({"SUKMA_DATABASE_URL": url}, tmp_path).database_url
    assert found.render_as_string(hide_password=False) == "postgresql+psycopg://u:rahasia@db/sukma?sslmode=require"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://u:rahasia@db",
        "postgresql://u:p@rahasia:x9/db",
        "postgresql+psycopg2://u:rahasia@db/sukma",
        "postgres://u:rahasia@db/sukma",
        "mysql://u:rahasia@db/sukma",
        "rahasia",
    ],
)
def test_an_address_that_is_refused_is_not_repeated_for_it_may_hold_a_password(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"SUKMA_DATABASE_URL": url}, tmp_path)
    assert str(caught.value) == (
        "SUKMA_DATABASE_URL: write a file, such as sqlite:///var/sukma.sqlite3, or postgresql://user@host/database"
    )


def test_lists_are_separated_by_commas_or_spaces(tmp_path: Path) -> None:
    environment = {
        "SUKMA_ALLOWED_ORIGINS": "https://A.example, http://b.example:8080",
        "SUKMA_TRUSTED_PROXIES": "127.0.0.1 10.0.0.0/8",
    }
    settings = Settings.from_environment(environment, tmp_path)
    assert settings.allowed_origins == {"https://a.example", "http://b.example:8080"}
    assert settings.trusted_proxies == (ip_network("127.0.0.1"), ip_network("10.0.0.0/8"))


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("k" * 40 + "\n")
    assert Settings.from_environment({"SUKMA_SECRET_KEY_FILE": str(file)}, tmp_path).secret() == b"k" * 40


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SUKMA_DATABASE_URL", "mysql://db/sukma"),
        ("SUKMA_DATABASE_URL", "sqlite://"),
        ("SUKMA_DATABASE_URL", "nonsense"),
        ("SUKMA_BRANCH", "a..b"),
        ("SUKMA_BRANCH", "-x"),
        ("SUKMA_SECRET_KEY", "short"),
        ("SUKMA_SECRET_KEY_FILE", "/no/such/file"),
        ("SUKMA_ALLOWED_ORIGINS", "https://a.example/path"),
        ("SUKMA_ALLOWED_ORIGINS", "*"),
        ("SUKMA_TRUSTED_PROXIES", "nginx"),
        ("SUKMA_TRUSTED_PROXIES", "127.0.0.1 0.0.0.0/0"),
        ("SUKMA_TRUSTED_PROXIES", "::/0"),
        ("SUKMA_LIMITS", "no"),
    ],
)
def test_a_bad_value_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({name: value}, tmp_path)
    assert str(caught.value).startswith(f"{name.removesuffix('_FILE')}: ")


def test_all_bad_values_are_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({"SUKMA_LIMITS": "no", "SUKMA_BRANCH": "a b"}, tmp_path)
    assert len(caught.value.problems) == 2


def test_a_secret_set_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not both"):
        Settings.from_environment({"SUKMA_SECRET_KEY": "k" * 40, "SUKMA_SECRET_KEY_FILE": "f"}, tmp_path)


def test_reading_the_settings_writes_nothing(tmp_path: Path) -> None:
    Settings.from_environment({}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    settings = Settings.from_environment({}, tmp_path)
    first = settings.secret()
    assert (settings.secret(), len(first)) == (first, 64)
    assert settings.secret_file.stat().st_mode & 0o777 == 0o600
    assert [file.name for file in settings.secret_file.parent.iterdir()] == ["secret"]


def test_many_that_start_together_share_one_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: ensure_secret(tmp_path / "secret"), range(8)))
    assert len(found) == 1


def test_a_database_is_in_its_folder_whatever_the_folder_is_called(tmp_path: Path) -> None:
    folder = tmp_path / "a b?c#ü%20"
    folder.mkdir()
    open_store(Settings.from_environment({}, folder).database_url).close()
    assert (folder / "var" / "sukma.sqlite3").exists()


def test_a_remote_by_ssh_alias_is_no_folder(tmp_path: Path) -> None:
    found = Settings.from_environment({"SUKMA_REMOTE": "gitserver:survei.git"}, tmp_path)
    assert found.remote == "gitserver:survei.git"
