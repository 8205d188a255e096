from __future__ import annotations

from collections.abc import Iterator

import pytest

from freddy_guard.model import Coverage, Document, Finding, Origin, Severity, Signs
from freddy_guard.rules.shared import environment
from tests.support.keys import key
from tests.support.scans import scanned

PATHS = [
    (".env.production", "production"),
    (".env.prod", "production"),
    (".env.PROD", "production"),
    (".env.production.local", "production"),
    ("prod.env", "production"),
    ("config/settings.live.json", "production"),
    ("production.py", "production"),
    ("production.yaml", "production"),
    ("values-prd.yaml", "production"),
    ("docker-compose.prod.yml", "production"),
    ("deploy/prod/app.yaml", "production"),
    ("terraform/production/main.tf", "production"),
    (".env.staging", "staging"),
    (".env.stage", "staging"),
    ("stg.tfvars", "staging"),
    ("uat/secrets.toml", "staging"),
    ("preprod.ini", "staging"),
    (".env.preview", "preview"),
    (".env.development", "development"),
    (".env.dev", "development"),
    (".env.local", "development"),
    ("settings.dev.json", "development"),
    ("dev/app.conf", "development"),
    (".env.test", "test"),
    ("qa.properties", "test"),
    ("config.ci.toml", "test"),
    (".env.sandbox", "sandbox"),
    ("environments/dev/prod.env", "production"),
    (".env", ""),
    (".env.example", ""),
    ("app.py", ""),
    ("src/main.go", ""),
    ("dev-server.js", ""),
    ("README.md", ""),
    ("products.json", ""),
    ("delivery.yaml", ""),
    ("local/README.md", ""),
    ("tests/data.json", ""),
]


class _Files:
    """A source of a few texts."""

    name = "files"

    def __init__(self, **texts: str) -> None:
        self._texts = {path.replace("__", "/").replace("_", "."): text for path, text in texts.items()}

    def documents(self, signs: Signs, coverage: Coverage) -> Iterator[Document]:
        for path, text in self._texts.items():
            coverage.read["files"] += 1
            yield Document(text.encode(), Origin(path=path))


def shared(**texts: str) -> list[Finding]:
    report = scanned(_Files(**texts))
    return [verdict.finding for verdict in report.verdicts if verdict.finding.rule.id == "FG103"]


@pytest.mark.parametrize(("path", "name"), PATHS)
def test_the_environment_of_a_path(path: str, name: str) -> None:
    assert environment(path) == name


def test_one_key_in_two_environments() -> None:
    line = f"FREDDY_API_KEY={key(30)}\n"
    (finding,) = shared(_env_production=line, _env_development=line)
    assert finding.severity is Severity.WARNING
    assert finding.origin.path == ".env.production"
    assert finding.message == "the key of production is also the key of .env.development (development)"


def test_all_environments_are_named_in_one_finding() -> None:
    line = f"key: {key(31)}\n"
    (finding,) = shared(dev__app_yaml=line, staging__app_yaml=line, prod__app_yaml=line)
    assert finding.origin.path == "prod/app.yaml"
    assert finding.message == (
        "the key of production is also the key of dev/app.yaml (development), staging/app.yaml (staging)"
    )


def test_without_production_the_first_by_name() -> None:
    line = f"key: {key(32)}\n"
    (finding,) = shared(_env_test=line, _env_development=line)
    assert finding.origin.path == ".env.development"


def test_each_shared_key_has_its_finding() -> None:
    lines = "".join(f"KEY{seed}={key(seed)}\n" for seed in (33, 34))
    assert len(shared(_env_production=lines, _env_staging=lines)) == 2


def test_what_is_fine() -> None:
    one, other = f"K={key(35)}\n", f"K={key(36)}\n"
    assert shared(_env_production=one, _env_development=other) == []
    assert shared(_env_production=one, _env_prod=one) == []
    assert shared(_env_production=one, README_md=one) == []
    assert shared(_env=one, app_py=one) == []


def test_only_keys_count() -> None:
    sample = "K=ak_" + "1234567890abcdef" * 2 + "12345678\n"
    assert shared(_env_production=sample, _env_development=sample) == []
    cut = f"FREDDY_API_KEY={key(37, 38)}\n"
    assert shared(_env_production=cut, _env_development=cut) == []
