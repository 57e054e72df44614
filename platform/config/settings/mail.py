"""Mail goes to files under the var folder until a server is named."""

from __future__ import annotations

from config import environment

EMAIL_HOST = environment.text("LUCENCY_MAIL_HOST")
if EMAIL_HOST:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_PORT = environment.integer("LUCENCY_MAIL_PORT", 587, minimum=1, maximum=65535)
    EMAIL_HOST_USER = environment.text("LUCENCY_MAIL_USER")
    EMAIL_HOST_PASSWORD = environment.optional_secret("LUCENCY_MAIL_PASSWORD")
    EMAIL_USE_TLS = environment.boolean("LUCENCY_MAIL_TLS", True)
else:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = str(environment.var_folder() / "mail")
DEFAULT_FROM_EMAIL = environment.text("LUCENCY_MAIL_FROM", "lucency@localhost")
