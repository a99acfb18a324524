# mypy: ignore-errors
"""Django's admin over a desk's own tables, in a process of its own (`django_beside`).

It gets the database's URL and a folder as arguments, the path of a page on each line of its input,
and answers each with the seconds that its WSGI application took.
"""

import re
import sys
import time
from pathlib import Path

import django
from django.apps import AppConfig
from django.conf import settings
from sqlalchemy.engine import make_url
from werkzeug.test import Client


class Desk(AppConfig):
    """The application whose models the desk's tables are."""

    name = "benchmarks.panel"
    label = "desk"


def main(url: str, folder: str) -> None:
    """Signs a superuser in and opens pages as they are asked for."""
    settings.configure(**configuration(url, Path(folder)))
    django.setup()
    from django.contrib.auth import get_user_model
    from django.core.management import call_command
    from django.core.wsgi import get_wsgi_application

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("grace", "", "grace")
    client = Client(get_wsgi_application())
    page = client.get("/admin/login/").text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    form = {"username": "grace", "password": "grace", "csrfmiddlewaretoken": token}
    assert client.post("/admin/login/", data={**form, "next": "/admin/"}).status_code == 302
    print("ready", flush=True)
    for line in sys.stdin:
        began = time.perf_counter()
        answer = client.get(line.strip())
        took = time.perf_counter() - began
        rows = answer.text.count('class="action-select"')
        print(took if answer.status_code == 200 else f"status {answer.status_code}", rows)
        sys.stdout.flush()


def configuration(url, folder):
    """Settings as `startproject` writes them, without debugging, with connections kept open."""
    parts = make_url(url)
    desk = {"ENGINE": "django.db.backends.sqlite3", "NAME": parts.database}
    if parts.get_backend_name() != "sqlite":
        desk = {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.database,
            "USER": parts.username or "",
            "PASSWORD": parts.password or "",
            "HOST": parts.host or parts.query.get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": None,
        }
    own = {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "django.db"}
    context = "django.template.context_processors.request", "django.contrib.auth.context_processors"
    return {
        "SECRET_KEY": "benchmark",
        "ALLOWED_HOSTS": ["*"],
        "DEBUG_PROPAGATE_EXCEPTIONS": True,
        "ROOT_URLCONF": "benchmarks.panel.django_admin",
        "USE_TZ": True,
        "STATIC_URL": "static/",
        "DATABASES": {"default": own, "desk": desk},  # people and sessions of its own stay small
        "DATABASE_ROUTERS": ["benchmarks.panel.django_admin.Router"],
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
        "INSTALLED_APPS": [
            "benchmarks.panel.django_side.Desk",
            *(
                f"django.contrib.{name}"
                for name in ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")
            ),
        ],
        "MIDDLEWARE": [
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        context[0],
                        f"{context[1]}.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
