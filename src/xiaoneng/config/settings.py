"""Every setting of the platform; the environment is read here and nowhere else."""

from __future__ import annotations

import os
import sys
from typing import Any
from urllib.parse import parse_qsl, unquote, urlparse

from xiaoneng.kit import home

ENVIRONMENT = os.environ

# --- where things lie -------------------------------------------------------------------------------------------------
HOME = home.directory(ENVIRONMENT.get("XIAONENG_HOME"))
FILES_DIRECTORY = HOME / "files"
FAULT = ENVIRONMENT.get("XIAONENG_FAULT", "")  # where a process shall die, for tests only: kit.faults says how

SECRET_KEY = ENVIRONMENT.get("XIAONENG_SECRET_KEY") or home.secret(HOME)
DEBUG = False
ALLOWED_HOSTS = ENVIRONMENT.get("XIAONENG_ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]").split(",")
HTTPS = ENVIRONMENT.get("XIAONENG_HTTPS") == "1"
# Addresses or networks of the proxies in front; only what these say about a visitor's address is believed.
TRUSTED_PROXIES = ENVIRONMENT.get("XIAONENG_TRUSTED_PROXIES", "").split(",")
METRICS_TOKEN = ENVIRONMENT.get("XIAONENG_METRICS_TOKEN", "")  # lets a monitoring system in from elsewhere
LOG = ENVIRONMENT.get("XIAONENG_LOG") or ("text" if sys.stderr.isatty() else "json")

# --- the database: one serving role, one owner ------------------------------------------------------------------------
DATABASE_URL = ENVIRONMENT.get("XIAONENG_DATABASE_URL", "")
OWNER_DATABASE_URL = ENVIRONMENT.get("XIAONENG_OWNER_DATABASE_URL", "")
EMBEDDED = not DATABASE_URL
DATABASE_NAME = ENVIRONMENT.get("XIAONENG_DATABASE_NAME", "xiaoneng")  # of the embedded server


def _database(url: str, embedded_user: str, options: str) -> dict[str, Any]:
    common: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        # Values travel apart from the statement, so that the server plans it once per connection and not each time.
        "OPTIONS": {
            "options": f"-c search_path=xn,public -c TimeZone=UTC {options}".strip(),
            "server_side_binding": True,
            "prepare_threshold": 5,
        },
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
    if not url:
        here = {"HOST": str(home.socket_directory(HOME)), "PORT": "5432"}
        return common | here | {"NAME": DATABASE_NAME, "USER": embedded_user}
    parts = urlparse(url)
    common["OPTIONS"] |= dict(parse_qsl(parts.query))
    return common | {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
    }


DATABASES = {
    "default": _database(DATABASE_URL, "xn_app", ""),
    "owner": _database(OWNER_DATABASE_URL, "postgres", "-c role=xn_owner"),
}
DATABASE_ROUTERS: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the house --------------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "procrastinate.contrib.django",
    "xiaoneng.trail",
    "xiaoneng.people",
    "xiaoneng.org",
    "xiaoneng.catalogue",
    "xiaoneng.matters",
    "xiaoneng.approval",
    "xiaoneng.powerlists",
    "xiaoneng.history",
    "xiaoneng.supervision",
    "xiaoneng.evidence",
    "xiaoneng.web",
    "xiaoneng.api",
    "xiaoneng.jobs",
]
MIDDLEWARE = [
    "xiaoneng.web.client_address.ClientAddressMiddleware",
    "xiaoneng.web.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "xiaoneng.api.front.ProgramDoor",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "xiaoneng.web.sessions.IdleMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "xiaoneng.web.errors.ErrorMiddleware",
    "xiaoneng.web.access.PolicyMiddleware",
]
ROOT_URLCONF = "xiaoneng.config.urls"
WSGI_APPLICATION = "xiaoneng.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "xiaoneng.web.context.site",
            ],
            "builtins": ["xiaoneng.web.templatetags.xn"],
        },
    }
]

# --- people and safety ------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = ["xiaoneng.people.signing_in.Backend"]
LOGIN_URL = "public:login"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
# The session lies signed in the cookie and is checked against the account at every request: one query, and an account
# that is disabled or whose password changed is out at once.
SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "xiaoneng.web.errors.csrf_failure"
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # struck out unless a trusted proxy sent it
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "style-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
        "form-action": ["'self'"],
    }
}

# --- language, time, files --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True  # served from where they lie, so nothing has to be collected
WHITENOISE_MAX_AGE = 3600
UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes of one file
REQUEST_LIMIT = 100 * 1024 * 1024  # bytes of one post with all its files
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1 * 1024 * 1024
SILENCED_SYSTEM_CHECKS: list[str] = []

# --- the interface for programs ---------------------------------------------------------------------------------------
API_RATE_OF_TOKEN = 600  # requests a minute
API_RATE_OF_ADDRESS = 240  # of everybody at one address who comes without a token
WEBHOOK_PRIVATE = ENVIRONMENT.get("XIAONENG_WEBHOOK_PRIVATE") == "1"  # events may be sent into the own network

# --- what goes wrong is written down ----------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"brief": {"()": "xiaoneng.web.errors.Brief"}},
    "formatters": {"json": {"()": "xiaoneng.kit.logs.OneLine"}, "text": {"()": "xiaoneng.kit.logs.ForPeople"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler", "filters": ["brief"], "formatter": LOG if LOG in ("json", "text") else "json",
        }
    },
    "loggers": {
        "xiaoneng": {"handlers": ["console"], "level": "INFO", "propagate": False},
        "django.request": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "django.security": {"handlers": ["console"], "level": "ERROR", "propagate": False},
        "procrastinate": {"handlers": ["console"], "level": "WARNING", "propagate": False},
    },
}  # fmt: skip

# --- the city ---------------------------------------------------------------------------------------------------------
SITE_NAME = ENVIRONMENT.get("XIAONENG_SITE_NAME", "安澜政务服务")
CITY = ENVIRONMENT.get("XIAONENG_CITY", "安澜市")
HALL_ADDRESS = ENVIRONMENT.get("XIAONENG_HALL_ADDRESS", "安澜市临江路 88 号")
PUBLIC_ADDRESS = ENVIRONMENT.get("XIAONENG_PUBLIC_ADDRESS", "http://127.0.0.1:8000")
# Shown on the login page and at the start, in an installation that declares itself a demo and nowhere else.
DEMO_PASSWORD = "anlan-2026"
DEMO_ACCOUNTS = [
    {"group": group, "name": name, "role": role, "login": login, "password": DEMO_PASSWORD}
    for group, login, name, role in (
        ("申请人", "shenruoxi", "沈若溪", "也代办小满茶饮店"),
        ("申请人", "linzhiyuan", "林致远", "江畔燃气公司经办人"),
        ("窗口", "window", "陆远舟", "全市所有部门"),
        ("窗口", "window2", "叶知秋", "只办卫健委"),
        ("窗口", "township", "阮青禾", "柳浦镇便民服务中心"),
        ("窗口", "cashier", "闻雨眠", "收费窗口，全市"),
        ("窗口", "agent", "苏念安", "重点项目代办员"),
        ("审批", "reviewer", "顾知行", "审查人员，全市所有部门"),
        ("审批", "reviewer2", "许清和", "审查人员，全市所有部门"),
        ("审批", "head", "周启明", "部门负责人，全市所有部门"),
        ("审批", "chief", "梁思远", "首席代表，替市场监管局作决定"),
        ("监督和领导", "supervisor", "江晚舟", "效能监察员，全市"),
        ("监督和领导", "centre", "秦望舒", "政务服务中心主任"),
        ("监督和领导", "leader", "温致和", "分管副市长"),
        ("清单", "lists", "宋怀瑾", "清单管理人员，编办"),
        ("清单", "lists2", "魏一诺", "清单编制人员，住建局"),
        ("清单", "legal", "程既白", "法制审查人员，司法局"),
        ("管理", "sysadmin", "简明之", "系统管理员"),
        ("管理", "secadmin", "严守正", "安全管理员"),
        ("管理", "auditadmin", "季回川", "审计管理员"),
    )
]
# "database" reads the platform's time from xn_clock(); honoured only where the installation declares itself demo, test
# or bench (kit.clock).
CLOCK = ENVIRONMENT.get("XIAONENG_CLOCK", "system")

PROCRASTINATE_ON_APP_READY = "xiaoneng.jobs.tasks.on_app_ready"
