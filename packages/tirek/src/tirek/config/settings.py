"""Settings. What an installation may change comes from the environment (table: docs/architecture.md; forms: `environment`)."""

import os
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tirek.config import environment
from tirek.config.broker import for_devices
from tirek.config.home import Home

environment.check()
HOME = Home.from_environment()
BASE_DIR = Path(__file__).resolve().parent.parent
RUNNING = HOME.running()


def flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(default)).strip().lower() in environment.TRUE


def words(name: str, default: str = "") -> list[str]:
    return [word for word in os.environ.get(name, default).replace(",", " ").split() if word]


DEBUG = flag("TIREK_DEBUG")
SECRET_KEY = os.environ.get("TIREK_SECRET_KEY") or HOME.secret("django")
ALLOWED_HOSTS = words("TIREK_ALLOWED_HOSTS", "127.0.0.1 localhost [::1]")
CSRF_TRUSTED_ORIGINS = words("TIREK_TRUSTED_ORIGINS")

# --- What is installed, one line per word of the mission ---------------------------------------------------------
INSTALLED_APPS = [
    "tirek.config",
    "tirek.ui",
    "tirek.live",
    "tirek.audit",
    "tirek.files",
    "tirek.jobs",
    "tirek.sheets",
    "tirek.places",
    "tirek.accounts",
    "tirek.facilities",
    "tirek.equipment",
    "tirek.requirements",
    "tirek.inspections",
    "tirek.notices",
    "tirek.passports",
    "tirek.upgrades",
    "tirek.reports",
    "tirek.alarms",
    "tirek.warning",
    "tirek.incidents",
    "tirek.flashpoints",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "django_tasks",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tirek.accounts.middleware.PersonMiddleware",
    "tirek.config.middleware.NoZeros",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "tirek.config.urls"
ASGI_APPLICATION = "tirek.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "tirek.ui.context.shell",
            ],
            "builtins": ["django.templatetags.i18n", "tirek.ui.templatetags.tirek"],
        },
    }
]
FORM_RENDERER = "tirek.ui.forms.Renderer"
DJANGO_TABLES2_TEMPLATE = "ui/table.html"

# --- Database ----------------------------------------------------------------------------------------------------
if os.environ.get("DATABASE_URL"):
    DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME.data / "tirek.sqlite3",
            "TEST": {"NAME": HOME.data / "test.sqlite3"},  # a file as in real life: memory has other locks
            "OPTIONS": {
                # A write transaction takes its lock at the start, so it never fails in the middle for a stale read.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                    "PRAGMA cache_size=-32000; PRAGMA mmap_size=134217728"
                ),
            },
        }
    }

# --- People ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first, so that a locked-out name is refused before anything else
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
CSRF_FAILURE_VIEW = "tirek.ui.errors.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tirek.accounts.adapter.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_FORMS = {
    "login": "tirek.accounts.allauth_forms.LoginForm",
    "reauthenticate": "tirek.accounts.allauth_forms.ReauthenticateForm",
    "change_password": "tirek.accounts.allauth_forms.ChangePasswordForm",
}
MFA_ADAPTER = "tirek.accounts.adapter.MfaAdapter"
MFA_FORMS = {
    "authenticate": "tirek.accounts.allauth_forms.AuthenticateForm",
    "reauthenticate": "tirek.accounts.allauth_forms.ReauthenticateCodeForm",
    "activate_totp": "tirek.accounts.allauth_forms.ActivateTOTPForm",
    "add_webauthn": "tirek.accounts.allauth_forms.AddPasskeyForm",
    "edit_webauthn": "tirek.accounts.allauth_forms.NamePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tirek"
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
# Browsers offer passkeys to https and to http://localhost only; the latter needs the server's own check switched off.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not flag("TIREK_HTTPS")
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "tirek.accounts.log_in_names.counted"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "account/locked.html"
AXES_VERBOSE = False

SESSION_ENGINE = "tirek.accounts.sessions"  # a table that says whose each session is
SESSION_COOKIE_AGE = 12 * 3600  # and no session lasts longer, however busy (accounts.middleware)
SESSION_IDLE_AGE = 2 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = flag("TIREK_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "worker-src": [SELF, "blob:"],
        "media-src": [SELF, "blob:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    }
}

# --- Languages ---------------------------------------------------------------------------------------------------
LANGUAGE_CODE = os.environ.get("TIREK_LANGUAGE", "").strip() or "ru"
LANGUAGES = [("kk", _("Kazakh")), ("ru", _("Russian")), ("en", _("English"))]
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.time_zone()
FORMAT_MODULE_PATH = ["tirek.config.formats"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600

# --- Files -------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = HOME.data / "static"
MEDIA_ROOT = HOME.media
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# What a file of each kind may weigh (files.kinds says what may be in it).
FILES_MOST_MB = {"photo": 60, "document": 50, "plan": 50, "signature": 2, "clip": 30, "sheet": 300}
# host:port or socket of a ClamAV daemon. Once named, nothing is taken without its word.
CLAMD = os.environ.get("TIREK_CLAMD", "")

# --- Background work ---------------------------------------------------------------------------------------------
# "immediate" does long work in the request that asked for it, without a worker: for tests and for looking around.
IMMEDIATE = os.environ.get("TIREK_TASKS", "").strip() == "immediate"
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend"
        if IMMEDIATE
        else "django_tasks_db.DatabaseBackend"
    }
}

# --- Devices -----------------------------------------------------------------------------------------------------
MQTT_URL = os.environ.get("MQTT_URL") or RUNNING.get("mqtt_url") or "mqtt://127.0.0.1:1883"
# What enrolled agents are told; the function knows the embedded broker's own device log-in.
DEVICE_MQTT_URL = os.environ.get("TIREK_DEVICE_MQTT_URL") or for_devices(
    HOME, MQTT_URL, os.environ.get("TIREK_MQTT_PUBLIC", "")
)
DC09_ADDRESS = os.environ.get("TIREK_DC09") or RUNNING.get("dc09") or "127.0.0.1:12300"
# What a panel that stands on no list here is answered: ACK, DUH, or nothing (docs/alarm-panels.md).
UNKNOWN_ACCOUNT_ANSWER = os.environ.get("TIREK_UNKNOWN_ACCOUNT", "ACK").strip().upper()
WEB_ADDRESS = os.environ.get("TIREK_WEB") or RUNNING.get("web") or "127.0.0.1:8000"
CAP_SENDER = os.environ.get("TIREK_CAP_SENDER", "tirek@localhost")
PMTILES_FILE = os.environ.get("TIREK_PMTILES", "")

# --- Flash-points ------------------------------------------------------------------------------------------------
# How many months (of 30 days) a district may be a flash-point without a pause.
FLASHPOINT_MOST_MONTHS = environment.number("TIREK_FLASHPOINT_MONTHS", 3)

# --- Mail: reminders go by e-mail too where a server is named ------------------------------------------------------
EMAIL_HOST = os.environ.get("TIREK_MAIL_HOST", "")
EMAIL_PORT = environment.number("TIREK_MAIL_PORT", 587)
EMAIL_HOST_USER = os.environ.get("TIREK_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("TIREK_MAIL_PASSWORD", "")
EMAIL_USE_TLS = flag("TIREK_MAIL_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("TIREK_MAIL_FROM", "tirek@localhost")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # The supervisor writes the time in front of each line of its children.
    "formatters": {
        "line": {"format": ("" if flag("TIREK_SUPERVISED") else "%(asctime)s ") + "%(levelname)s %(name)s: %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("TIREK_LOG", "").strip().upper() or "INFO"},
    "loggers": {
        "axes": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "django.request": {"level": "ERROR"},
    },
}
