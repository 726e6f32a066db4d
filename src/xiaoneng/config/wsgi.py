"""The door for the web server, loaded once in each of its worker processes."""

import os

from django.core.wsgi import get_wsgi_application

from xiaoneng.jobs import processes

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xiaoneng.config.settings")
if "XIAONENG_SUPERVISED" in os.environ:
    processes.die_with_parent(os.getppid())  # else a killed web server would leave its workers behind
inside = get_wsgi_application()

from xiaoneng.web.access import require_policies  # noqa: E402 - the rooms can be opened only now
from xiaoneng.web.public.front import Front  # noqa: E402
from xiaoneng.web.public.same_page import StillTrue  # noqa: E402

require_policies()
application = Front(StillTrue(inside))
