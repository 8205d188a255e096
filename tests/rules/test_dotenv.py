from __future__ import annotations

import json
import re
import string
import subprocess
import sys
import time
from pathlib import Path

import pytest

from freddy_guard.model import Document, Match, Origin, Place, Position, Severity
from freddy_guard.rules.dotenv import RULE
from freddy_guard.rules.dotenv_names import Kind, in_sample_folder, is_dotenv_name, kind_of
from freddy_guard.rules.dotenv_values import is_live, is_public_name
from tests.support.keys import BASE62, expand

CASES = Path(__file__).parent.parent / "data" / "dotenv.jsonl"
ERROR, WARNING, SILENT = Severity.ERROR, Severity.WARNING, None
VERDICTS = {"flag": ERROR, "warn": WARNING, "ignore": SILENT}
KEYED = "FREDDY_API_KEY=<key>\n"
STRIPE = "STRIPE_SECRET_KEY=sk_live_<alnum:24>\n"
SETTINGS = "PORT=3000\nDEBUG=true\n"
PEM = "-----BEGIN {0}PRIVATE KEY-----\n<alnum:64>\n<alnum:64>\n<base64:44>\n-----END {0}PRIVATE KEY-----\n"

NAMES = [
    (".env", Kind.REAL),
    (".Env", Kind.REAL),
    (".ENV", Kind.REAL),
    (".env.production", Kind.REAL),
    (".env.development2", Kind.REAL),
    (".env.PROD", Kind.REAL),
    (".env.lando", Kind.REAL),
    (".env.crlf", Kind.REAL),
    (".env.utf16le", Kind.REAL),
    (".env.txt", Kind.REAL),
    (".env.demo", Kind.REAL),
    (".env.secret", Kind.REAL),
    (".env-prod", Kind.REAL),
    (".env_prod", Kind.REAL),
    (".env_srv", Kind.REAL),
    (".env-multiline", Kind.REAL),
    ("prod.env", Kind.REAL),
    ("PROD.ENV", Kind.REAL),
    ("production.env", Kind.REAL),
    (".prod.env", Kind.REAL),
    ("my-app.env", Kind.REAL),
    ("backup.env", Kind.REAL),
    ("app.env.production", Kind.REAL),
    ("env.production", Kind.REAL),
    ("env.staging", Kind.REAL),
    ("ENV.PROD", Kind.REAL),
    (".dev.vars", Kind.REAL),
    (".dev.vars.production", Kind.REAL),
    (".envrc", Kind.SOFT),
    (".envrc.private", Kind.SOFT),
    (".flaskenv", Kind.SOFT),
    (".xcode.env", Kind.SOFT),
    (".env.sh", Kind.SOFT),
    (".env.prod.ps1", Kind.SOFT),
    (".env.local", Kind.LOCAL),
    (".env.myLocal", Kind.LOCAL),
    (".envLocal", Kind.LOCAL),
    (".env.production.local", Kind.LOCAL),
    (".env.local.demo", Kind.LOCAL),
    (".xcode.env.local", Kind.LOCAL),
    (".dev.vars.local", Kind.LOCAL),
    (".flaskenv.local", Kind.LOCAL),
    ("env.local", Kind.LOCAL),
    ("local.env", Kind.LOCAL),
    (".local.env", Kind.LOCAL),
    (".env.bak", Kind.LEFTOVER),
    (".env.bak2", Kind.LEFTOVER),
    (".env.backup", Kind.LEFTOVER),
    (".env.BACKUP-2024", Kind.LEFTOVER),
    (".env.old", Kind.LEFTOVER),
    (".env.orig", Kind.LEFTOVER),
    (".env.save", Kind.LEFTOVER),
    (".env.save.1", Kind.LEFTOVER),
    (".env.swp", Kind.LEFTOVER),
    (".prod.env.swp", Kind.LEFTOVER),
    (".env.copy", Kind.LEFTOVER),
    (".env copy", Kind.LEFTOVER),
    (".env - Copy", Kind.LEFTOVER),
    ("Copy of .env", Kind.LEFTOVER),
    (".env (1)", Kind.LEFTOVER),
    (".env.tmp", Kind.LEFTOVER),
    (".env.previous", Kind.LEFTOVER),
    (".env~", Kind.LEFTOVER),
    ("prod.env~", Kind.LEFTOVER),
    (".env.local~", Kind.LEFTOVER),
    (".env.local.bak", Kind.LEFTOVER),
    (".env.test.bak", Kind.LEFTOVER),
    (".env.1", Kind.LEFTOVER),
    (".env.20260131", Kind.LEFTOVER),
    (".env.2026-01-31", Kind.LEFTOVER),
    ("#.env#", Kind.LEFTOVER),
    (".#.env", Kind.LEFTOVER),
    ("old.env", Kind.LEFTOVER),
    ("env.bak", Kind.LEFTOVER),
    (".env.example", Kind.TEMPLATE),
    (".env.EXAMPLE", Kind.TEMPLATE),
    (".env.examples", Kind.TEMPLATE),
    (".env.example2", Kind.TEMPLATE),
    (".env.example.txt", Kind.TEMPLATE),
    (".env.example.bak", Kind.TEMPLATE),
    (".env.sample", Kind.TEMPLATE),
    (".env.template", Kind.TEMPLATE),
    (".env.tmpl", Kind.TEMPLATE),
    (".env.tpl", Kind.TEMPLATE),
    (".env.j2", Kind.TEMPLATE),
    (".env.in", Kind.TEMPLATE),
    (".env.dist", Kind.TEMPLATE),
    (".env.defaults", Kind.TEMPLATE),
    (".env.default", Kind.TEMPLATE),
    (".env.schema", Kind.TEMPLATE),
    (".env.skeleton", Kind.TEMPLATE),
    (".env.stub", Kind.TEMPLATE),
    (".env.minimal", Kind.TEMPLATE),
    (".env-example", Kind.TEMPLATE),
    (".env_sample", Kind.TEMPLATE),
    (".envExample", Kind.TEMPLATE),
    (".env.local.example", Kind.TEMPLATE),
    (".env.example.local", Kind.TEMPLATE),
    (".env.test.example", Kind.TEMPLATE),
    (".env.vault.example", Kind.TEMPLATE),
    (".env.keys.example", Kind.TEMPLATE),
    (".env.local.demo.template", Kind.TEMPLATE),
    (".env.chrome.example", Kind.TEMPLATE),
    (".env.cron-x.example", Kind.TEMPLATE),
    (".dev.vars.example", Kind.TEMPLATE),
    (".envrc.example", Kind.TEMPLATE),
    ("example.env", Kind.TEMPLATE),
    (".example.env", Kind.TEMPLATE),
    ("sample-app.env", Kind.TEMPLATE),
    ("docker.env.example", Kind.TEMPLATE),
    ("env.example", Kind.TEMPLATE),
    ("env.server.example", Kind.TEMPLATE),
    (".env.test", Kind.TEST),
    (".env.test1", Kind.TEST),
    (".env.testing", Kind.TEST),
    (".env.ci", Kind.TEST),
    (".env.ci.mysql", Kind.TEST),
    (".env.e2e", Kind.TEST),
    (".env.dusk.local", Kind.TEST),
    (".env.cypress", Kind.TEST),
    (".env.test.local", Kind.TEST),
    (".gitlab-ci.env", Kind.TEST),
    ("test.env", Kind.TEST),
    ("env.test", Kind.TEST),
    (".env.vault", Kind.ENCRYPTED),
    (".env.encrypted", Kind.ENCRYPTED),
    (".env.production.encrypted", Kind.ENCRYPTED),
    (".env.enc", Kind.ENCRYPTED),
    ("prod.enc.env", Kind.ENCRYPTED),
    (".env.gpg", Kind.ENCRYPTED),
    (".env.local.gpg", Kind.ENCRYPTED),
    (".env.age", Kind.ENCRYPTED),
    (".env.sops", Kind.ENCRYPTED),
    (".env.keys", Kind.KEYS),
    (".env.me", Kind.KEYS),
    ("env.py", None),
    ("env.1", None),
    ("env.h", None),
    ("env.d.ts", None),
    ("env.sh", None),
    ("env", None),
    (".env.ts", None),
    (".env.d.ts", None),
    (".env.js", None),
    (".env.json", None),
    (".env.yml", None),
    (".env.md", None),
    (".env.patch", None),
    (".env.example.ts", None),
    (".env.local.php", None),
    ("vite-env.d.ts", None),
    ("test-env.sh", None),
    ("env.test.ts", None),
    ("env-and-mode.md", None),
    ("environment.yml", None),
    ("environment", None),
    ("environment.prod.ts", None),
    (".environment", None),
    (".envs", None),
    (".envoy", None),
    ("envoy.yaml", None),
    ("config.env.module", None),
    ("useEnv", None),
    ("dev.vars", None),
    ("activate", None),
]


def detect(path: str, text: str | bytes, *, tracked: bool = True) -> Match | None:
    data = text if isinstance(text, bytes) else expand(text).encode("utf-8", "surrogateescape")
    found = list(RULE.detect(Document(data, Origin(path=path, tracked=tracked)))) if RULE.detect else []
    assert len(found) <= 1
    return found[0] if found else None


def severity(path: str, text: str | bytes) -> Severity | None:
    match = detect(path, text)
    return match.severity if match else None


def shown(path: str, text: str) -> str:
    match = detect(path, text)
    assert match is not None
    return expand(text).encode()[match.start : match.end].decode()


# The labelled cases


@pytest.mark.parametrize("line", CASES.read_text().splitlines(), ids=lambda line: json.loads(line)["path"])
def test_labelled_case(line: str) -> None:
    case = json.loads(line)
    assert severity(case["path"], case["content"]) is VERDICTS[case["expect"]], case


@pytest.mark.parametrize(("path", "text"), RULE.bad)
def test_bad_example(path: str, text: str) -> None:
    assert severity(path, text) is not None
    assert is_dotenv_name(path.rpartition("/")[2].encode())


@pytest.mark.parametrize(("path", "text"), RULE.good)
def test_good_example(path: str, text: str) -> None:
    assert severity(path, text) is None


# Names


@pytest.mark.parametrize(("name", "kind"), NAMES)
def test_kind_of_name(name: str, kind: Kind | None) -> None:
    assert kind_of(name) is kind


@pytest.mark.parametrize(("name", "kind"), NAMES)
def test_names_agrees_and_name_keywords_are_in_every_name(name: str, kind: Kind | None) -> None:
    assert is_dotenv_name(name.encode()) is (kind is not None)
    if kind is not None:
        assert any(keyword in name.lower().encode() for keyword in RULE.name_keywords)


@pytest.mark.parametrize("name", [b".env.\xff", b".env.\xe4\xf6\xfc", b"\xff.env"])
def test_undecodable_names(name: bytes) -> None:
    assert is_dotenv_name(name)
    assert severity(name.decode("utf-8", "surrogateescape"), KEYED) is ERROR


def test_a_file_in_a_virtual_environment_is_no_dotenv() -> None:
    assert severity(".env/bin/activate", KEYED) is None
    assert severity(".env/pyvenv.cfg", "home = /usr/bin\n") is None


# The table: kinds against what the file holds

KINDS = [
    (".env", ERROR, ERROR, WARNING),
    ("a/b/.env.prod", ERROR, ERROR, WARNING),
    (".envrc", ERROR, ERROR, SILENT),
    (".flaskenv", ERROR, ERROR, SILENT),
    (".env.local", ERROR, ERROR, WARNING),
    (".env.bak", ERROR, ERROR, WARNING),
    (".env.example", ERROR, WARNING, SILENT),
    (".env.local.example", ERROR, WARNING, SILENT),
    (".env.test", ERROR, WARNING, SILENT),
    (".env.dusk.local", ERROR, WARNING, SILENT),
    (".env.vault", ERROR, ERROR, SILENT),
    (".env.keys", ERROR, ERROR, WARNING),
    ("env.py", SILENT, SILENT, SILENT),
    ("tests/fixtures/.env", ERROR, ERROR, SILENT),
]


@pytest.mark.parametrize(("path", "key", "secret", "plain"), KINDS)
def test_table(path: str, key: Severity | None, secret: Severity | None, plain: Severity | None) -> None:
    assert severity(path, SETTINGS + KEYED) is key
    assert severity(path, SETTINGS + STRIPE) is secret
    assert severity(path, SETTINGS + "API_KEY=\nDB_PASSWORD=changeme\n") is plain


@pytest.mark.parametrize("path", [".env", ".env.test", ".env.example", "tests/fixtures/.env", ".env.keys"])
@pytest.mark.parametrize(
    "text",
    [
        "DOTENV_PRIVATE_KEY=<hex:64>",
        "DOTENV_PRIVATE_KEY_PRODUCTION='<hex:64>'",
        'DOTENV_KEY="dotenv://:key_<hex:64>@dotenvx.com/vault/.env.vault?environment=production"',
        "DOTENV_ME=it_<hex:64>",
    ],
)
def test_what_opens_encrypted_files_is_an_error_under_every_name(path: str, text: str) -> None:
    assert severity(path, text) is ERROR


EMPTY = [
    (".env", "", SILENT),
    (".env", "\n\n", SILENT),
    (".env", "# PORT=3000\n# nothing yet\n", SILENT),
    (".env", "INHERITED\n", SILENT),
    (".env.local", "", SILENT),
    (".env.bak", "", WARNING),
    (".env~", "\n", WARNING),
    (".env", "PORT=\n", WARNING),
    (".env", "\ufeff\n", SILENT),
]


@pytest.mark.parametrize(("path", "text", "expected"), EMPTY)
def test_files_without_an_assignment(path: str, text: str, expected: Severity | None) -> None:
    assert severity(path, text) is expected


@pytest.mark.parametrize(
    "folder",
    [
        "tests/fixtures",
        "test/data",
        "test",
        "tests",
        "src/__tests__/env",
        "src/__fixtures__",
        "testdata",
        "pkg/testdata/a",
        "examples/basic",
        "example",
        "my-example",
        "templates/react",
        "packages/create-app/template-vue",
        "playground/env-nested",
        "stubs",
        "Samples",
        "{{cookiecutter.project_slug}}",
    ],
)
def test_sample_folders_silence_settings_only(folder: str) -> None:
    assert in_sample_folder(f"{folder}/.env")
    assert severity(f"{folder}/.env", SETTINGS) is None
    assert severity(f"{folder}/.env.local", SETTINGS) is None
    assert severity(f"{folder}/.env.bak", SETTINGS) is WARNING
    assert severity(f"{folder}/.env", STRIPE) is ERROR


@pytest.mark.parametrize("folder", ["src", "latest", "contest", "apps/web", "attestation", "deploy/production", "temp"])
def test_other_folders_silence_nothing(folder: str) -> None:
    assert severity(f"{folder}/.env", SETTINGS) is WARNING


SYMFONY = "###> symfony/framework-bundle ###\nAPP_ENV=dev\nAPP_SECRET={}\n###< symfony/framework-bundle ###\n"


def test_symfony_defaults_are_silent_unless_they_hold_a_secret() -> None:
    local = 'DATABASE_URL="postgresql://app:!ChangeMe!@127.0.0.1:5432/app?serverVersion=16&charset=utf8"\n'
    assert severity(".env", SYMFONY.format("") + local) is None
    assert severity(".env.dev", SYMFONY.format("")) is None
    assert severity(".env.local", SYMFONY.format("")) is WARNING
    assert severity(".env", SYMFONY.format("<hex:32>")) is ERROR
    assert severity(".env.test", "KERNEL_CLASS='App\\Kernel'\nAPP_SECRET='$ecretf0rt3st'\n") is None


ENCRYPTED = [
    'DOTENV_PUBLIC_KEY="02<hex:64>"\nDB_PASSWORD="encrypted:<base64:128>"\nPORT=1\n',
    "DOTENV_PUBLIC_KEY_PRODUCTION=02<hex:64>\nAPI_TOKEN=encrypted:<base64:128>\n",
    "API_KEY=ENC[AES256_GCM,data:<base64:40>,iv:<base64:44>,tag:<base64:24>,type:str]\nsops_version=3.9.0\n",
    "sops_age__list_0__map_recipient=age1<alnum:58>\nPORT=1\n",
    'DOTENV_VAULT_PRODUCTION="<base64:80>"\nDOTENV_VAULT_PRODUCTION_VERSION=2\n',
    "$ANSIBLE_VAULT;1.1;AES256\n<hex:80>\n<hex:80>\n",
    "-----BEGIN PGP MESSAGE-----\n\nhQEMA<alnum:59>\n<base64:44>\n=<alnum:4>\n-----END PGP MESSAGE-----\n",
]


@pytest.mark.parametrize("text", ENCRYPTED)
def test_encrypted_values_are_silent_unless_a_plain_secret_stands_beside(text: str) -> None:
    for path in (".env", ".env.local", ".env.vault"):
        assert severity(path, text) is None
        assert severity(path, text + STRIPE) is ERROR
        assert severity(path, text + KEYED) is ERROR
    assert severity(".env.example", text + STRIPE) is WARNING


def test_binary_ciphertext() -> None:
    assert severity(".env", b"\0GITCRYPT\0" + bytes(range(256)) * 4 + b"\nA=1\n") is None
    assert severity(".env.gpg", bytes(range(256)) * 4 + b"\nA=1\n") is None


# Values

LIVE = [
    "DB_PASSWORD=<alnum:20>",
    "db_pass=<alnum:14>",
    "dbPassword=<alnum:20>",
    "SMTP_PASS=<alnum:16>",
    "PGPASSWORD=<alnum:16>",
    "API_KEY=<alnum:32>",
    "SENDGRID_APIKEY=<alnum:32>",
    "APP_SECRET=<hex:32>",
    "SECRET_KEY_BASE=<hex:128>",
    "JWT_SECRET=<base64:44>",
    "APP_KEY=base64:<base64:44>",
    "BOT_TOKEN=<alnum:32>",
    "ENCRYPTION_KEY=<hex:64>",
    "SUPABASE_SERVICE_ROLE_KEY=<alnum:40>",
    "AWS_SECRET_ACCESS_KEY=<alnum:40>",
    "export API_TOKEN='<alnum:32>'",
    'API_TOKEN = "<alnum:32>"  # production',
    "API_TOKEN=<alnum:32> # production",
    "API_TOKEN=`<alnum:32>`",
    "# API_TOKEN=<alnum:32>",
    "#API_TOKEN=<alnum:32>",
    "# the old one: API_TOKEN=<alnum:32>",
    "API_TOKEN=<alnum:32>\r",
    "API_TOKEN=${API_TOKEN:-<alnum:32>}",
    # A vendor's shape, under any name
    "STRIPE=sk_live_<alnum:24>",
    "STRIPE=sk_test_<alnum:24>",
    "STRIPE=rk_live_<alnum:24>",
    "HOOK=whsec_<alnum:32>",
    "GH=ghp_<alnum:36>",
    "GH=github_pat_<alnum:82>",
    "GL=glpat-<alnum:20>",
    "SLACK=xoxb-<alnum:40>",
    "SLACK=https://hooks.slack.com/services/T<upper:8>/B<upper:8>/<alnum:24>",
    "MAIL=SG.<alnum:22>.<alnum:43>",
    "AI=sk-proj-<alnum:48>",
    "AI=sk-ant-api03-<alnum:80>",
    "NPM=npm_<alnum:36>",
    "MAPS=AIza<alnum:35>",
    "AWS=AKIA<upper:16>",
    "JWT=eyJ<alnum:33>.eyJ<alnum:40>.<alnum:43>",
    "VITE_STRIPE_SECRET=sk_live_<alnum:24>",
    "# remember sk_live_<alnum:24>",
    "X: sk_live_<alnum:24>",
    # Passwords in URLs and connection strings
    "DATABASE_URL=postgres://app:<alnum:20>@db.prod.acme.io:5432/app",
    "DATABASE_URL=postgres://app:<alnum:20>@db:5432/app",
    "DATABASE_URL=postgres://app:<alnum:20>@${DB_HOST}:5432/app",
    "DATABASE_URL=postgres://app:Tr0ub4dor@db.prod.acme.io/app",
    "MONGO='mongodb+srv://app:<alnum:16>@cluster0.abcde.mongodb.net/?retryWrites=true'",
    "REDIS_URL=redis://:<alnum:20>@cache.acme.io:6379",
    "HOSTS=http://a:b@localhost,https://app:<alnum:16>@search.acme.io",
    "AZURE=DefaultEndpointsProtocol=https;AccountName=acme;AccountKey=<base64:88>;EndpointSuffix=core.windows.net",
    "CONNECTION=Server=db.acme.io;User=app;Password=<alnum:20>;",
    "SENTRY_DSN=https://<hex:32>@o123.ingest.sentry.io/456",
    "MYSQL_DSN=app:<alnum:20>@tcp(db.acme.io:3306)/app",
    # Private keys
    f'TLS="{PEM.format("")}"',
    f"TLS='{PEM.format('RSA ')}'",
    f"TLS={PEM.format('EC ')}",
    f'TLS="{PEM.format("OPENSSH ")}"'.replace("\n", "\\n"),
    f'GOOGLE={{"private_key": "{PEM.format("")}"}}'.replace("\n", "\\n"),
    "TLS=LS0tLS1CRUdJTiBSU0EgUFJJVkFURSBLRVkt<alnum:80>",
    "AGE=AGE-SECRET-KEY-1<upper:58>",
]


@pytest.mark.parametrize("text", LIVE)
def test_live_secrets(text: str) -> None:
    assert severity(".env", text) is ERROR
    assert severity(".env.example", text) is WARNING
    assert severity(".env.test", text) is WARNING
    assert severity("fixtures/.env", text) is ERROR


NOT_LIVE = [
    # Empty, short, plain, or a placeholder
    "DB_PASSWORD=",
    'DB_PASSWORD=""',
    "DB_PASSWORD=password",
    "DB_PASSWORD=hunter2hunter2",
    "DB_PASSWORD=correcthorsebattery",
    "DB_PASSWORD=123456789012345",
    "DB_PASSWORD=postgres12345",
    "MSSQL_PASSWORD=Changethis1!",
    "API_KEY=your-api-key-123456",
    "API_KEY=my-super-secret-key-123",
    "API_KEY=<your 32 character key>",
    "API_KEY=[YOUR_API_KEY_HERE_123]",
    "API_KEY=xxxxxxxxxxxxxxxx1234",
    "API_KEY=0123456789abcdef0123456789abcdef",
    "API_KEY=abcdefghijklmnop1234",
    "API_KEY=00000000-0000-0000-0000-000000000000",
    "HOOK_ENCRYPTION_KEY=your_64_character_hex_key",
    "JWT_SECRET=dev-secret-do-not-use-1234",
    "JWT_SECRET=至少32位强随机字符串ABC",
    "SECRET_KEY=precompile_placeholder_123",
    "FREDDY_API_KEY=ak_your_api_key_here",
    "FREDDY_API_KEY=ak_1234567890abcdef1234567890abcdef12345678",
    "FREDDY_API_KEY=ak_...",
    "FREDDY_API_KEY=ak_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "FREDDY_API_KEY=ak_your_staging_key_1234",
    "STRIPE_KEY=sk_live_xxxxxxxxxxxxxxxxxxxxxxxx",
    "STRIPE_KEY=sk_test_your_key_here_12345678",
    "STRIPE_KEY=pk_live_<alnum:24>",
    "GH_TOKEN=ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
    "OPENAI=sk-proj-votre-cle-api-openai-ici",
    "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
    "AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    # Names that are about a secret, or public
    "AWS_ACCESS_KEY_ID=AKIA<upper:16>",
    "GOOGLE_CLIENT_ID=<alnum:32>",
    "OAUTH_TOKEN_URL=https://login.acme.io/oauth2/v2.0/token",
    "TOKEN_ENDPOINT=login.acme.io/Oauth2/<alnum:20>",
    "MAX_TOKENS=128000",
    "LLM_MAX_OUTPUT_TOKENS=<alnum:20>",
    "SIGNING_KEY_ID=<alnum:20>",
    "PASSWORD_MIN_LENGTH=12",
    "BYPASS_LIST=<alnum:20>",
    "VAPID_PUBLIC_KEY=<alnum:87>",
    "STRIPE_PUBLISHABLE_KEY=<alnum:40>",
    "RECAPTCHA_SITE_KEY=<alnum:40>",
    "SUPABASE_ANON_KEY=eyJ<alnum:33>.eyJ<alnum:40>.<alnum:43>",
    "VITE_API_TOKEN=<alnum:32>",
    "NEXT_PUBLIC_FIREBASE_API_KEY=AIza<alnum:35>",
    "REACT_APP_API_KEY=<alnum:32>",
    "EXPO_PUBLIC_API_KEY=<alnum:32>",
    "BUILD=<alnum:40>",
    "TOKEN_ADDRESS=0x<hex:40>",
    "USDC_TOKEN=0x<hex:40>",
    # References
    "API_KEY=op://vault/freddy/key1234",
    "API_KEY=vault:secret/data/app1#api_key",
    "API_KEY=ref+vault://secret/app1#/key",
    "API_KEY=${PRODUCTION_API_KEY_2024}",
    "API_KEY=${API_KEY:-changeme}",
    "API_KEY=prefix-${API_KEY_1}-suffix",
    "API_KEY=$PRODUCTION_API_KEY_2024",
    "API_KEY=$(pass show acme/api-key-2024)",
    "API_KEY=`pass show acme/key-2024`",
    "API_KEY={{ vault_api_key_2024 }}",
    "API_KEY=%PRODUCTION_API_KEY_2024%",
    "API_KEY=__PRODUCTION_API_KEY_2024__",
    "DB_PASSWORD=arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-AbCdEf",
    "DB_PASSWORD=@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/Db1)",
    "DB_PASSWORD=projects/123456789012/secrets/db/versions/1",
    "DB_PASSWORD=/run/secrets/db_pw_2024",
    "PRIVATE_KEY=./certs/server-2024.key",
    "PRIVATE_KEY=certs/Server2024.pem",
    "API_TOKEN_SERVICE=auth-v2.internal.acme1.svc",
    # Passwords that are none, or for here
    "DATABASE_URL=postgres://postgres:postgres@localhost:5432/app",
    "DATABASE_URL=postgres://app:<alnum:20>@localhost:5432/app",
    "DATABASE_URL=postgres://app:<alnum:20>@127.0.0.1/app",
    "DATABASE_URL=postgres://app:<alnum:20>@host.docker.internal/app",
    "DATABASE_URL=postgres://app:<alnum:20>@[::1]:5432/app",
    "DATABASE_URL=postgres://user:pass@db.example.com/app",
    "DATABASE_URL=postgres://user:password@db.prod.acme.io/app",
    "DATABASE_URL=postgres://postgres:postgres@db:5432/app",
    "DATABASE_URL=postgres://app:app@db.prod.acme.io/app",
    "DATABASE_URL=postgres://${USER}:${PASS}@db.prod.acme.io/app",
    "DATABASE_URL=postgres://user:<password>@db.prod.acme.io/app",
    "API_URL=http://localhost:8000/path@v1",
    "CONNECTION=Server=localhost;User=sa;Password=<alnum:20>;",
    "SENTRY_DSN=",
    "SENTRY_DSN=https://example@o0.ingest.sentry.io/0",
    "MYSQL_DSN=root:root@tcp(127.0.0.1:3306)/app1",
    "PG_DSN=host=127.0.0.1 port=5432 dbname=app1",
    # Public keys, certificates, and private ones without a body
    "CERT='-----BEGIN CERTIFICATE-----\n<alnum:64>\n<alnum:64>\n-----END CERTIFICATE-----'",
    "KEY='-----BEGIN PUBLIC KEY-----\n<alnum:64>\n<alnum:64>\n-----END PUBLIC KEY-----'",
    'PRIVATE_KEY="-----BEGIN PRIVATE KEY-----\\n...\\n-----END PRIVATE KEY-----"',
    'PRIVATE_KEY="-----BEGIN PRIVATE KEY-----\\nYOUR KEY HERE\\n-----END PRIVATE KEY-----"',
    'PRIVATE_KEY="-----BEGIN RSA PRIVATE KEY-----\\nMIIEpAIBAAKCAQEA...\\n-----END RSA PRIVATE KEY-----"',
]


@pytest.mark.parametrize("text", NOT_LIVE)
def test_settings_are_no_secrets(text: str) -> None:
    assert severity(".env", text) is WARNING
    assert severity(".env.example", text) is None


def test_generated_values_are_live_and_no_luck_is_needed() -> None:
    texts = ("DB_PASSWORD=<alnum:20>", "K=sk_live_<alnum:24>", "DATABASE_URL=pg://app:<alnum:20>@db.acme.io/app")
    misses = [text for seed in range(300) for text in texts if not _live(expand(text, seed))]
    assert misses == []


def _live(text: str) -> bool:
    return severity(".env", text.encode()) is ERROR


@pytest.mark.parametrize("name", ["STRIPE_PUBLISHABLE_KEY", "nextPublicKey", "NEXT_PUBLIC_X", "MAX_TOKENS", "key_id"])
def test_public_names(name: str) -> None:
    assert is_public_name(name)
    assert not is_live(name, expand("<alnum:32>"))


# Encodings and odd files


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("secret", [KEYED, STRIPE])
def test_encodings(encoding: str, newline: str, secret: str) -> None:
    text = expand(f"PORT=3000\nNAME=x\n{secret}").replace("\n", newline)
    match = detect(".env", text.encode(encoding))
    assert match is not None
    assert match.severity is ERROR
    assert match.identity == (".env", secret.partition("=")[0])


def test_utf16_with_its_mark_has_no_offsets() -> None:
    for codec, mark in (("utf-16-le", b"\xff\xfe"), ("utf-16-be", b"\xfe\xff")):
        match = detect(".env", mark + expand("GRÖßE=1\n" + STRIPE).encode(codec))
        assert match is not None
        assert (match.start, match.end) == (0, 0)
        assert match.severity is ERROR
        assert severity(".env", mark + "PORT=1\n".encode(codec)) is WARNING


def test_invalid_utf8() -> None:
    data = b"NAME=\xff\xfe\xc3\x28\n" + expand(STRIPE).encode() + b"\x80=1\n"
    match = detect(".env", data)
    assert match is not None
    assert data[match.start : match.end] == b"STRIPE_SECRET_KEY"


def test_an_editors_swap_file_is_binary_and_read_all_the_same() -> None:
    swap = b"b0VIM 8.2\0\0\0\0" + bytes(400) + b"\0".join([b"PORT=1", expand(STRIPE).strip().encode()]) + bytes(900)
    assert severity(".env.swp", swap) is ERROR
    assert severity(".env.swp", b"b0VIM 8.2" + bytes(1000)) is WARNING


def test_private_keys_over_many_lines_are_attributed_and_their_body_is_no_assignment() -> None:
    text = f'PORT=1\nTLS_KEY="{PEM.format("")}"\n'
    match = detect(".env", text)
    assert match is not None
    assert match.identity == (".env", "TLS_KEY")


# What a report shows


def test_message_and_identity_name_the_variables() -> None:
    match = detect("app/.env", f"PORT=1\n{STRIPE}DB_PASSWORD=<alnum:20>\nDB_PASSWORD_2=changeme\n")
    assert match is not None
    assert match.message == "an env file with 2 filled-in secrets (DB_PASSWORD, STRIPE_SECRET_KEY) is committed"
    assert match.identity == ("app/.env", "DB_PASSWORD", "STRIPE_SECRET_KEY")
    assert match.secret is None


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        (".env", SETTINGS, "an env file is committed; it holds only settings today"),
        (".env.local", SETTINGS, "a local env file is committed; it holds only settings today"),
        (".env.bak", "", "a leftover copy of an env file is committed; it holds nothing today"),
        (".env", KEYED, "an env file with 1 filled-in secret (FREDDY_API_KEY) is committed"),
        (".env.test", STRIPE, "a test env file with 1 filled-in secret (STRIPE_SECRET_KEY) is committed"),
        (".env", "<key>\n", "an env file with 1 filled-in secret is committed"),
        (
            ".env",
            "".join(f"TOKEN_{letter}=<alnum:30>\n" for letter in "ABCDEFG"),
            "an env file with 7 filled-in secrets (TOKEN_A, TOKEN_B, TOKEN_C, TOKEN_D, TOKEN_E, ...) is committed",
        ),
    ],
)
def test_message(path: str, text: str, message: str) -> None:
    match = detect(path, text)
    assert match is not None
    assert match.message == message


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("PORT=3000\n" + KEYED, "FREDDY_API_KEY"),
        ("PORT=3000\n  export " + KEYED, "FREDDY_API_KEY"),
        ("\ufeffPORT=3000\n", "PORT"),
        ("# a comment\n\nPORT = 3000\n", "PORT"),
        ("# old: " + KEYED + "PORT=1\n", "FREDDY_API_KEY"),
        ("A=A=A\n", "A"),
        ("PORT=1\n<key>\n", ""),
        ("PORT=1\nX: <key>\n", ""),
        ("PORT=1\n<key>=\n", ""),
        ("PORT=1\nsk_live_<alnum:24>=\n", ""),
        ("<base64:44>\nPORT=1\n", "PORT"),
        ("INHERITED\n", ""),
    ],
)
def test_the_match_is_the_variables_name_and_never_a_value(text: str, name: str) -> None:
    assert shown(".env.bak", text) == name


@pytest.mark.parametrize("text", [*LIVE, KEYED, "<key>=1", "<hex:40>=", "AKIA<upper:16>=x", "# <key> X=<key>"])
def test_nothing_of_a_secret_is_in_the_match(text: str) -> None:
    match = detect(".env.bak", text)
    assert match is not None
    secrets = [line for line in re.split(r"\s|=|\\n", expand(text)) if len(line) >= 16 and line not in text]
    said = f"{match} {shown('.env.bak', text)}"
    assert not any(secret in said for secret in secrets)


def test_the_remedy_untracks_ignores_and_rotates() -> None:
    remedy = "\n".join(RULE.remedy)
    assert "git rm --cached -- {path}" in remedy
    assert ".gitignore" in remedy
    assert "otate every secret" in remedy


# When it is silent


@pytest.mark.parametrize(
    "document",
    [
        Document(b"PORT=1\n", Origin(path=".env")),
        Document(b"PORT=1\n", Origin(path=".env", tracked=True, place=Place.SYMLINK)),
        Document(b"PORT=1\n", Origin(path=".env", tracked=True, place=Place.PATH_NAME)),
        Document(b"PORT=1\n", Origin(path=".env", tracked=True), Position(offset=1 << 24, line=9)),
        Document(b"PORT=1\n", Origin(path="src/env.py", tracked=True)),
        Document(b"PORT=1\n", Origin(tracked=True)),
    ],
)
def test_speaks_only_of_the_start_of_a_tracked_file(document: Document) -> None:
    assert RULE.detect is not None
    assert list(RULE.detect(document)) == []


# Cost


@pytest.mark.parametrize(
    "data",
    [
        b"A" * 500_000,
        b"A=" + b" " * 500_000 + b"x",
        b"A=x" + b" " * 500_000 + b"x",
        b'A="' + b"\\" * 500_000,
        b"#" * 500_000 + b"=x",
        b"export " * 50_000 + b"=1",
        b"-----BEGIN PRIVATE KEY-----\n" * 20_000,
        b"-----BEGIN A-----\n" * 20_000,
        b"-----BEGIN A-----\n" * 100_000 + b"-----END A-----\n",
        b"A=" + b"sk-" * 150_000,
        b"A=" + b"-eyJaaaaaaaaaa" * 40_000,
        b"A=" + b"://a:b" * 80_000,
        b"A_TOKEN=" + b"a." * 250_000 + b"1",
        b"A_TOKEN=" + b"${a" * 150_000,
    ],
    ids=range(14),
)
def test_time_is_linear_on_hostile_files(data: bytes) -> None:
    start = time.process_time()
    detect(".env", data)
    assert time.process_time() - start < 5  # a quadratic search takes minutes


def test_import_loads_nothing_heavy() -> None:
    heavy = ["hashlib", "urllib.parse", "logging", "json", "base64", "pathlib"]
    code = f"import sys, freddy_guard.rules.dotenv; print([m for m in {heavy} if m in sys.modules])"
    result = subprocess.run([sys.executable, "-S", "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_markers_expand_to_what_they_say() -> None:
    drawn = expand("<key> <key:39> <alnum:24> <hex:64> <upper:16> <base64:44>").split()
    assert [len(word) for word in drawn] == [43, 42, 24, 64, 16, 44]
    assert set(drawn[3]) <= set(string.hexdigits)
    assert set(drawn[2]) <= set(BASE62)
    assert drawn[5].endswith("=")
    assert expand("<key> <key>").split()[0] != expand("<key> <key>").split()[1]
    assert expand("<key>", 1) == expand("<key>", 1) != expand("<key>", 2)
