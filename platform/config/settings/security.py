"""Keys, cookies, headers and passwords."""

from __future__ import annotations

import base64
import binascii
import secrets

from csp.constants import NONE, SELF

from config import environment


def _encryption_keys() -> list[str]:
    """The first encrypts, all decrypt; the last derives pseudonyms, so it stays when a newer one is put before it."""
    fresh = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
    why = "operative notes and hospital identifiers are encrypted with it"
    keys = environment.secret("LUCENCY_ENCRYPTION_KEY", "encryption-key", why, fresh).split(",")
    for key in keys:
        try:
            length = len(base64.urlsafe_b64decode(key))
        except (binascii.Error, ValueError):
            length = 0
        if length != 32:
            raise environment.SettingsError(
                "LUCENCY_ENCRYPTION_KEY must be 32 bytes in URL-safe base64 (several with commas between)."
            )
    return keys


PRODUCTION = environment.production()
DEBUG = False
SECRET_KEY = environment.secret("LUCENCY_SECRET_KEY", "secret-key", "sessions are signed with it")
if len(SECRET_KEY) < 32:
    raise environment.SettingsError("LUCENCY_SECRET_KEY is too short: at least 32 characters.")
ENCRYPTION_KEYS = _encryption_keys()
LUCENCY_DEMO_ALLOWED = not PRODUCTION

ALLOWED_HOSTS = environment.words("LUCENCY_HOSTS") or ["127.0.0.1", "localhost", "[::1]"]
if PRODUCTION:
    environment.required("LUCENCY_HOSTS", "the names under which this server is reached, with commas between")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if PRODUCTION else []
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
# The proxy and the health check speak plain HTTP inside the server.
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_NAME = "lucency_session"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
CSRF_COOKIE_NAME = "lucency_csrf"
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        # Compiling the radiograph decoder is the one thing beyond our own files.
        "script-src": [SELF, "'wasm-unsafe-eval'"],
        "worker-src": [SELF, "blob:"],
        "style-src": [SELF, "'unsafe-inline'"],
        "img-src": [SELF, "blob:", "data:"],
        "font-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
