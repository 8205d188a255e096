"""What a variable of an env file holds: a live secret, a reference, ciphertext or a mere setting."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

from freddy_guard.rules.placeholders import is_placeholder

# All patterns are text: `re` compiles them on first use and keeps them, so that an import costs nothing.

# Names are compared in snake case between two underscores: `dbPassword` is `_db_password_`.
_HUMP = r"(?<=[a-z0-9])(?=[A-Z])"
_CONFIDENTIAL_NAME = (
    r"secret|passw(?:or)?d|passphrase|token|credential|_(?:pw|pwd|dsn)_|(?<!by)(?<!com)pass_"
    r"|(?:api|app|access|auth|account|admin|master|private|role|encryption|encrypt|signing|jwt|cipher)_?key"
)
# Sent to every browser: the build tools' prefixes, and keys that say so (Clerk, VAPID, reCAPTCHA, Supabase).
_PUBLIC_NAME = (
    r"^_(?:vite|next_public|react_app|public|nuxt_public|expo_public|gatsby|vue_app|ng_app|preact_app|storybook|wxt"
    r"|plasmo_public|snowpack_public)_|_(?:public|publishable|pub|anon|site_?key|search_(?:only_)?(?:api_)?key"
    r"|write_key|measurement)_|_(?:pusher|reverb)_app_key_"
)
# `AWS_ACCESS_KEY_ID`, `OAUTH_TOKEN_URL`, `MAX_TOKENS`, `PASSWORD_MIN_LENGTH`: about a secret, not one.
_ABOUT_NAME = (
    r"_(?:ids?|ur[il]s?|endpoint|name|path|file|dir|length|len|ttl|exp|expiry|expires?(?:_(?:in|at))?|expiration"
    r"|lifetime|duration|timeout|type|header|prefix|suffix|algorithm|alg|issuer|audience|arn|ref|version|limit|count"
    r"|size|enabled|required|policy|region|host|port|user|username|email|address|contract|mint|symbol|decimals|scopes?"
    r"|method|format|field|rounds|min|max|days|hours|minutes|seconds|certificate|cert)_$"
    r"|^_(?:.*_)?(?:max|min|num)(?:_.*)?_tokens_$"
)
_DECRYPTION_NAME = r"(?i)DOTENV_(?:(?:PRIVATE_)?KEY\w*|ME)"
_ENCRYPTED_NAME = r"(?i)DOTENV_(?:PUBLIC_KEY|VAULT)\w*|sops_\w+"

# Shapes that are secrets under any name. Publishable keys (`pk_live_`, `pk.ey`, `phc_`) are not here.
_VENDOR = "|".join(
    (
        r"[sr]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/]{24,}|rzp_live_\w{14,}|sq0(?:atp|csp)-[\w-]{22,}",
        r"gh[opsur]_[A-Za-z0-9]{36,}|github_pat_\w{50,}|gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[\w-]{20,}",
        r"xox[abeoprs]-[A-Za-z0-9-]{20,}|xapp-\d-[A-Za-z0-9-]{20,}|hooks\.slack\.com/services/T\w+/B\w+/\w{16,}",
        r"discord(?:app)?\.com/api/webhooks/\d+/[\w-]{40,}|\d{8,10}:AA[\w-]{33}",  # the last is Telegram's
        r"SG\.[\w-]{16,}\.[\w-]{16,}|key-[0-9a-f]{32}|SK[0-9a-f]{32}|re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,}",
        r"sk-(?=[\w-]{0,40}\d)[\w-]{20,}|hf_[A-Za-z]{30,}|gsk_\w{40,}|xai-\w{60,}|r8_\w{37,}|nvapi-[\w-]{40,}|pplx-\w{40,}",
        r"npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{50,}|dckr_[op]at_[\w-]{20,}|dop_v1_[0-9a-f]{64}|pul-[0-9a-f]{40}",
        r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}|PMAK-[0-9a-f]{24}-[0-9a-f]{34}|dapi[0-9a-f]{32}|lin_api_\w{32,}",
        r"AT(?:ATT|CTT)3x[\w=-]{50,}|GOCSPX-[\w-]{20,}|sntry[su]_[\w=+/]{40,}|sbp_[0-9a-f]{40}|figd_[\w-]{40,}",
        r"sk\.ey[\w-]{20,}\.[\w-]{20,}|hv[bs]\.[\w-]{24,}|glsa_\w{32,}|pscale_(?:tkn|pw)_[\w-]{32,}|ntn_\w{40,}",
        r"tskey-[a-z]+-[\w-]{20,}|AGE-SECRET-KEY-1[A-Z0-9]{58}|dotenv://:key_[0-9a-f]{64}",
        r"base64:[A-Za-z0-9+/]{43}=",  # Laravel's APP_KEY
        # A private key in base64: `-----BEGIN `, then PRIVATE, or RSA, EC and OPENSSH PRIVATE.
        r"LS0tLS1CRUdJTiB(?:QUklW|SU0EgUFJJV|FQyBQUklW|PUEVOU1NI)[A-Za-z0-9+/]{60,}",
    )
)
# Shapes of identifiers and public tokens too: AWS, Google, JSON web tokens.
_VENDOR_UNLESS_PUBLIC = (
    r"A[KS]IA[A-Z0-9]{16}(?![A-Z0-9])|AIza[\w-]{35}(?![\w-])|eyJ[\w-]{10,400}\.eyJ[\w-]{10,4000}\.[\w-]{20,}"
)
_WORDY_PREFIX = r"^(?:[sr]k_test_|AGE-SECRET-KEY-)"  # its words are no sign of a placeholder
_PRIVATE_KEY = r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY(?: BLOCK)?-----"
_PEM_BODY = r"(?:[A-Za-z0-9+/=\s,#:]|-(?!----)|\\[rn])*"
_PEM_BASE64 = 60  # an Ed25519 key has 64 characters; a sample cut short ends with an ellipsis

# `user:password@host`; the word before `://` is not looked at, so that one search is linear.
_USERINFO = r"://([^\s:@/]{0,200}):([^\s@/]{1,500})@(\[[^\]\s]*\]|[^\s:/?#@,]+)"
_DSN_USER = r"[a-z][a-z0-9+.-]*://([^\s:@/]+)@"  # Sentry's key
_DSN_USERINFO = r"[^\s:@/]*:([^\s@]+)@"  # Go's `user:password@tcp(host)`
# Connection strings (Azure, ADO, libpq), and credentials in a query.
_INNER = (
    r"(?i)(?:AccountKey|SharedAccessKey|password|pwd|api_?key|access_token|[?&;](?:token|sig|key))"
    r"=([^;&\s\"']+)"
)
_LOCAL_HOST = (
    r"(?i)localhost|127(?:\.\d+){1,3}|0\.0\.0\.0|\[::1?\]|host\.docker\.internal"
    r"|.*\.(?:localhost|local|test|example|invalid)|(?:.*\.)?example\.(?:com|org|net)"
)
_LOCAL_SERVER = r"(?i)localhost|127\.0\.0\.1|\(local"
_WELL_KNOWN = (
    r"(?i)pass|pwd|user|username|root|toor|admin|guest|postgres(?:ql)?|mysql|mariadb|mongo(?:db)?|redis|rabbitmq"
    r"|minio(?:admin)?|test|demo|dev|local|example|[*.x]+|.{1,3}|123\d*"
)

_REFERENCE = (
    r"(?i)\$[a-z_]\w*$|\$\(|.*(?:\$\{|\{\{|\{%|#\{)|`|<|%\w+%$|__\w+__$|\[\[|\(\(|@Microsoft\.KeyVault"
    r"|(?:op|ref\+\w+|vault|ssm|sm|kv|akv|env|file|secrets?|secretsmanager|aws-?sm|aws-?ssm|gcp-?sm|gsm|azure-?kv"
    r"|azurekeyvault|doppler|infisical|bws|bw|keychain|keyring|pass|chamber|conjur|lastpass|keeper):"
    r"|arn:aws[\w-]*:|projects/[^/]+/secrets/|process\.env\b|os\.environ|getenv\("
)
_DEFAULT_OF_REFERENCE = r"\$\{\w+:?[-=](.*)\}"
_ENCRYPTED = r"encrypted:|ENC\[|ENC\(|vault:v\d+:|aws:kms:|secure:|AgA[A-Za-z0-9+/=]{200}|\$ANSIBLE_VAULT"
_ENCRYPTED_FILE = (
    r"\s*(?:\$ANSIBLE_VAULT;|-----BEGIN (?:PGP MESSAGE|AGE ENCRYPTED FILE)-----|age-encryption\.org/"
    r"|\0GITCRYPT|Salted__)"
)
# Base64 may begin with a slash, so a path is known by its first folder or by its suffix.
_PATH = (
    r"(?:~|\.{1,2})/|[A-Za-z]:\\"
    r"|/(?:run|var|etc|usr|home|opt|app|tmp|mnt|srv|root|data|secrets|keys|certs|config|Users|workspace)/"
    r"|[\w./@ -]*\.(?:pem|key|crt|cer|p12|pfx|jks|json|ya?ml|txt|pub|env|conf|ini|asc|gpg)$"
)
_HOST_NAME = r"(?:[a-z][a-z0-9-]*\.)+[a-z][a-z0-9-]*(?::\d+)?/?$"
_ETHEREUM_ADDRESS = r"0x[0-9a-fA-F]{40}$"
# What templates and local set-ups write, besides what `is_placeholder` knows; short words only if alone.
_TEMPLATE_WORD = (
    r"(?i)change|secret|token|passw|passphrase|postgres|mysql|mongo|rabbitmq|minio|localhost|development"
    r"|default|random|string|generate|unused|example|placeholder|votre|senha|passwort|contrase"
    r"|(?:your|my|the|some|super|test|fake|dev|local)[-_ ]?(?:api|app|key|pass|user|jwt|auth)"
    r"|(?<![a-z0-9])(?:your|here|fake|todo|test|demo|fixme|null|none|admin|local|goes|enter|value)(?![a-z])"
    r"|\.\.\.|\xe2\x80\xa6"
)


def is_decryption_name(name: str) -> bool:
    """Return whether the variable opens encrypted env files (dotenvx, dotenv-vault)."""
    return re.fullmatch(_DECRYPTION_NAME, name) is not None


def is_public_name(name: str) -> bool:
    """Return whether the name says that its value goes to browsers, or is about a secret and none itself."""
    snake = _snake(name)
    return re.search(_PUBLIC_NAME, snake) is not None or re.search(_ABOUT_NAME, snake) is not None


def is_encrypted(name: str, value: str) -> bool:
    """Return whether a variable holds ciphertext, or what encryption leaves beside it (dotenvx, SOPS...)."""
    return re.match(_ENCRYPTED, value) is not None or re.fullmatch(_ENCRYPTED_NAME, name) is not None


def is_encrypted_file(text: str) -> bool:
    """Return whether the whole file is ciphertext, by its first bytes."""
    return re.match(_ENCRYPTED_FILE, text) is not None


def is_live(name: str, value: str) -> bool:
    """Return whether a value looks like a secret in use, by its name or by a password inside of it."""
    if default := re.fullmatch(_DEFAULT_OF_REFERENCE, value):
        value = default[1]
    if is_encrypted(name, value):
        return False
    return _holds_password(value) or (_is_confidential(name) and _is_strong(_credential(name, value)))


def vendor_secrets(text: str) -> Iterator[tuple[int, bool]]:
    """Yield the offset of each vendor's secret, and whether a name may say that it is public."""
    for pattern, may_be_public in ((_VENDOR, False), (_VENDOR_UNLESS_PUBLIC, True)):
        for match in re.finditer(rf"(?a)(?<![A-Za-z0-9])(?:{pattern})", text):
            if not _is_made_up(re.sub(_WORDY_PREFIX, "", match[0])):
                yield match.start(), may_be_public


def private_keys(text: str) -> Iterator[int]:
    """Yield the offset of each private key in PEM that has a body, be it in one line or in many."""
    for begin in re.finditer(_PRIVATE_KEY, text):
        body = re.match(_PEM_BODY, text[begin.end() : begin.end() + 4000])
        base64 = re.sub(r"\\[rn]|[^A-Za-z0-9+/]", "", body[0] if body else "")
        if len(base64) >= _PEM_BASE64 and len(set(base64)) > 20:
            yield begin.start()


def _snake(name: str) -> str:
    return f"_{re.sub('[^a-z0-9]+', '_', re.sub(_HUMP, '_', name).lower())}_"


def _is_confidential(name: str) -> bool:
    if is_decryption_name(name):
        return True
    return re.search(_CONFIDENTIAL_NAME, _snake(name)) is not None and not is_public_name(name)


def _credential(name: str, value: str) -> str:
    """Return the part that can be secret: all of it, but of a DSN only the password or the user."""
    if "_dsn_" in _snake(name):
        part = re.match(_DSN_USER if "://" in value else _DSN_USERINFO, value)
        return part[1] if part else ""
    return "" if "://" in value else value


def _holds_password(value: str) -> bool:
    """Return whether URLs or connection strings in the value hold a password for a host elsewhere."""
    if any(_is_url_password(*url.groups()) for url in re.finditer(_USERINFO, value)):
        return True
    if re.search(_LOCAL_SERVER, value):
        return False
    return any(_is_strong(inner[1]) for inner in re.finditer(_INNER, value))


def _is_url_password(user: str, password: str, host: str) -> bool:
    if re.fullmatch(_LOCAL_HOST, host) or re.match(_REFERENCE, password) or re.search(_TEMPLATE_WORD, password):
        return False
    if "." not in host or "$" in host:  # a container's name, or unknown: only a password that was generated
        return _is_strong(password)
    return password != user and re.fullmatch(_WELL_KNOWN, password) is None


def _is_strong(value: str) -> bool:
    """Return whether a value looks generated: 12 characters, digits and others, entropy, no placeholder."""
    return (
        len(value) >= 12
        and value.isascii()
        and re.search(r"\s", value) is None
        and re.search("[0-9]", value) is not None
        and re.search("[^0-9]", value) is not None
        and _entropy(value) >= 3
        and re.match(f"{_REFERENCE}|{_PATH}|{_ETHEREUM_ADDRESS}", value) is None
        and re.match(_HOST_NAME, value) is None
        and not _is_made_up(value)
    )


def _is_made_up(value: str) -> bool:
    return re.search(_TEMPLATE_WORD, value) is not None or is_placeholder(value[:400].encode("latin-1", "replace"))


def _entropy(value: str) -> float:
    size = len(value)
    return -sum(count / size * math.log2(count / size) for count in Counter(value).values())
