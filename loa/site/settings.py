"""All settings. Every input is an environment variable, listed in docs/reference/settings.md."""

import re
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from loa.ops.buckets import media_bucket
from loa.ops.environment import WrongSetting, choice, flag, number, secret, text
from loa.ops.home import Home
from loa.ops.mail import mailer, sender

ROOT = Path(__file__).resolve().parents[2]
HOME = Home.from_environment()

DEBUG = flag("LOA_DEBUG")
SECRET_KEY = secret("LOA_SECRET_KEY") or HOME.kept_secret("django-secret")
MASTER_KEYS = secret("LOA_MASTER_KEYS") or HOME.kept_secret("master-keys")

# --- where Loa answers --------------------------------------------------------------------
BIND = text("LOA_BIND", "127.0.0.1")
PORT = number("LOA_PORT", 8787, least=1, most=65535)
PRACTICE_PORT = number("LOA_PRACTICE_PORT", 8788, least=1, most=65535)
PUBLIC_URL = text("LOA_PUBLIC_URL", f"http://127.0.0.1:{PORT}").rstrip("/")
PRACTICE_URL = text("LOA_PRACTICE_URL", f"http://127.0.0.1:{PRACTICE_PORT}").rstrip("/")
# What `loa up` runs and fills besides Loa itself.
WITH_PRACTICE = flag("LOA_PRACTICE", default=True)
WITH_DEMO = flag("LOA_DEMO", default=True)
# Origins on private addresses that outgoing requests may reach; all others are refused.
EGRESS_ALLOWED_ORIGINS = (PRACTICE_URL, *text("LOA_EGRESS_ALLOW").split())

# The host of tracked links, such as go.brand.example; workspaces may have hosts of their own.
LINK_DOMAIN = text("LOA_LINK_DOMAIN").lower()

_public = urlsplit(PUBLIC_URL)
if _public.scheme not in {"http", "https"} or not _public.hostname:
    raise WrongSetting(f"LOA_PUBLIC_URL={PUBLIC_URL!r} is not an address like https://loa.example.")
if LINK_DOMAIN and not re.fullmatch(r"[a-z0-9.-]+(:[0-9]{1,5})?", LINK_DOMAIN):
    raise WrongSetting(f"LOA_LINK_DOMAIN={LINK_DOMAIN!r} is not a host like go.brand.example.")
if LINK_DOMAIN in {_public.netloc, _public.hostname}:
    raise WrongSetting("LOA_LINK_DOMAIN must differ from the host of LOA_PUBLIC_URL.")
ALLOWED_HOSTS = sorted({_public.hostname, "127.0.0.1", "localhost", *text("LOA_HOSTS").split()})
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _public.scheme == "https"
SESSION_COOKIE_NAME = "loa_session"
CSRF_COOKIE_NAME = "loa_csrf"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_PROXY = flag("LOA_BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "loa.web",
    "loa.ops",
    "loa.workspace",
    "loa.channels",
    "loa.library",
    "loa.content",
    "loa.publish",
    "loa.measure",
    "loa.watch",
    "loa.create",
    "loa.plan",
    "loa.intake",
    "loa.today",
    # Last, so that our templates stand before the library's own.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
]

MIDDLEWARE = [
    "loa.site.request_ids.RequestIdMiddleware",
    # Whoever follows a tracked link meets neither session nor cookie nor page.
    "loa.site.middleware.TrackedLinks",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "loa.site.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "loa.site.urls"
WSGI_APPLICATION = "loa.site.wsgi.application"
# How many pages one web process computes at once; each thread keeps one database connection.
WEB_THREADS = number("LOA_WEB_THREADS", 8, least=1, most=64)
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "loa.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.tz",
                "django.templatetags.static",
                "loa.web.templatetags.loa",
            ],
        },
    }
]

# Nothing inline, nothing from elsewhere; htmx is told not to add its own style tag.
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "form-action": ["'self'"],
    "script-src": ["'self'", "<CSP_NONCE_SENTINEL>"],
    "style-src": ["'self'", "<CSP_NONCE_SENTINEL>"],
}

# --- the database -------------------------------------------------------------------------
# The product runs as a role that owns nothing, so row-level security holds for it. Commands
# that change the schema set LOA_DATABASE_ROLE=owner.
DATABASE_ROLE = text("LOA_DATABASE_ROLE", "app")


# A database whose machine went silent is given up within half a minute, not within hours. The
# address may say otherwise.
SILENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}


def _database(url: str) -> dict[str, object]:
    """Turn a postgresql:// URL into Django's form."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise WrongSetting("DATABASE_URL is not of the form postgresql://user:password@host/name.")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": SILENCE | dict(parse_qsl(parts.query)),
    }


DATABASE_URL = secret("DATABASE_URL")
DATABASE_OWNER_URL = secret("DATABASE_OWNER_URL") or DATABASE_URL
_url = DATABASE_OWNER_URL if DATABASE_ROLE == "owner" else DATABASE_URL
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        **(_database(_url) if _url else HOME.embedded_database(role=DATABASE_ROLE)),
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people -------------------------------------------------------------------------------
AUTH_USER_MODEL = "workspace.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
PASSWORD_RESET_TIMEOUT = 24 * 60 * 60
ACCOUNT_ADAPTER = "loa.site.accounts.People"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
# Links prove who somebody is here (the owner's, an invitation); e-mail may not even be set up.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
# Failed sign-ins: per address; per address and account; see accounts.People for per account.
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
MFA_ADAPTER = "loa.site.accounts.SecondSteps"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Loa"
MFA_TOTP_TOLERANCE = 1
# Browsers allow passkeys without https on this machine alone.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _public.hostname in {"localhost", "127.0.0.1"}
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"

# --- language and time --------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
# Off, or every id above 999 that a template writes would get a separator; counts are
# written with one by the filter that formats them.
USE_THOUSAND_SEPARATOR = False
FORMAT_MODULE_PATH = ["loa.site.formats"]
FIRST_DAY_OF_WEEK = 1

# --- files --------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "frontend" / "dist"]
# The build names its files by their content, so they are served where it left them, for ever.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^.+-[0-9A-Za-z_-]{8}\.[a-z0-9]+$"
MEDIA_ROOT = HOME.path / "media"
MEDIA_BUCKET = media_bucket(
    text("LOA_MEDIA_URL"),
    endpoint=text("LOA_MEDIA_ENDPOINT").rstrip("/"),
    region=text("LOA_MEDIA_REGION", "us-east-1"),
    key_id=text("LOA_MEDIA_KEY_ID"),
    secret=secret("LOA_MEDIA_SECRET"),
    path_style=flag("LOA_MEDIA_PATH_STYLE", default=True),
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 4_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
FILE_UPLOAD_HANDLERS = [
    "loa.web.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "loa.web.nameless.Nameless",
]
UPLOAD_MAX_BYTES = number("LOA_UPLOAD_MAX_BYTES", 40_000_000, least=1)
# Files that arrive in pieces: where, how large one may be, and how much may be on its way.
UPLOADS_ROOT = HOME.path / "uploads"
UPLOAD_IN_PIECES_MAX_BYTES = number("LOA_UPLOAD_IN_PIECES_MAX_BYTES", 2_000_000_000, least=1)
UNFINISHED_MEMBER_MAX_BYTES = number("LOA_UNFINISHED_MEMBER_MAX_BYTES", 5_000_000_000, least=1)
UNFINISHED_MAX_BYTES = number("LOA_UNFINISHED_MAX_BYTES", 20_000_000_000, least=1)
VIDEO_MAX_BYTES = number("LOA_VIDEO_MAX_BYTES", 1_000_000_000, least=1)

# --- e-mail -------------------------------------------------------------------------------
EMAIL_URL = secret("LOA_EMAIL_URL")
MAILERS = {"default": mailer(EMAIL_URL)}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = sender(EMAIL_URL, host=_public.hostname)

# Where messages to Telegram go: the public service, or a Bot API server of one's own.
TELEGRAM_URL = text("LOA_TELEGRAM_URL", "https://api.telegram.org").rstrip("/")

# --- background work ----------------------------------------------------------------------
SENDER_THREADS = number("LOA_SENDER_THREADS", 24, least=1, most=256)
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# Shared by all processes: the throttles of sign-in count in it.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "ops_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
# The word with which a monitor may read /metrics; without one there is no such page.
METRICS_TOKEN = secret("LOA_METRICS_TOKEN")
LOGGING_CONFIG = "loa.ops.logs.configure"
LOGGING = {
    "level": choice("LOA_LOG_LEVEL", ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL")),
    "format": choice("LOA_LOG_FORMAT", ("text", "json")),
}
