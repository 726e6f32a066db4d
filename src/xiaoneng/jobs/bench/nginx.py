"""The yardstick of pages: nginx with as many workers as we have, handing out files of the same size."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from xiaoneng.jobs import processes
from xiaoneng.jobs.trouble import CannotRun

START_SECONDS = 10.0
CONFIGURATION = """
daemon off; master_process on; worker_processes {workers}; pid {here}/nginx.pid; error_log {here}/error.log warn;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_timeout 65; keepalive_requests 1000000;
  default_type text/html; open_file_cache max=16;
  client_body_temp_path {here}/body; proxy_temp_path {here}/proxy; fastcgi_temp_path {here}/fastcgi;
  uwsgi_temp_path {here}/uwsgi; scgi_temp_path {here}/scgi;
  server {{ listen 127.0.0.1:{port}; root {here}/files; }}
}}
"""


def program() -> str:
    """Return where nginx is.

    :raises CannotRun: it is not installed
    """
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        raise CannotRun("这台机器上没有 nginx，没有可比的标尺。请安装后再执行：sudo apt-get install -y nginx-light")
    return found


@contextmanager
def serving(files: Mapping[str, bytes], port: int, workers: int) -> Iterator[None]:
    """Serve files by their names on a port.

    :raises CannotRun: nginx is missing or does not start
    """
    nginx = program()
    with tempfile.TemporaryDirectory(prefix="xiaoneng-nginx-") as directory:
        here = Path(directory)
        here.chmod(0o755)  # its workers may be somebody else
        (here / "files").mkdir()
        for name, content in files.items():
            (here / "files" / name).write_bytes(content)
        (here / "nginx.conf").write_text(CONFIGURATION.format(here=here, port=port, workers=workers), encoding="utf-8")
        part = subprocess.Popen(
            [nginx, "-p", directory, "-e", f"{directory}/error.log", "-c", f"{directory}/nginx.conf"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            if (
                not processes.wait_until(lambda: part.poll() is not None or _listens(port), START_SECONDS)
                or part.poll()
            ):
                told = part.communicate(timeout=5)[1].decode(errors="replace").strip() if part.poll() else ""
                raise CannotRun(f"nginx 没有启动：{told or '没有应答'}")
            yield
        finally:
            part.terminate()
            part.wait(START_SECONDS)
            if part.stderr:
                part.stderr.close()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
