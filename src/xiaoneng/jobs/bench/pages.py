"""Pages for a crowd: the guide of an item and the progress of an application, beside nginx with files of their size."""

from __future__ import annotations

import json
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

from xiaoneng.approval import reads as approval
from xiaoneng.approval.actions import accept, apply, review
from xiaoneng.catalogue.models import ItemVersion, Material
from xiaoneng.jobs.bench import city, ground, inside, nginx, outside
from xiaoneng.jobs.bench.browser import Line, Visitor
from xiaoneng.jobs.bench.city import BenchCity
from xiaoneng.jobs.bench.report import Goal, Report
from xiaoneng.jobs.trouble import CannotRun
from xiaoneng.kit import clock

CONNECTIONS = 64
ROUNDS = 3
TIMES = 10  # as many requests for what is handed out as it lies there
WARM_UP = 200
BUSY = 0.95  # of a processor: beyond, the load itself would be what is measured
PAGES = {"guide": "cached_guide_share_of_nginx", "progress": "progress_share_of_nginx"}
CONDITIONS = (
    "有固定的经营场所，场所与经营的种类、数量相适应",
    "有合格的设施设备，符合国家标准和本省的规定",
    "有完善的安全管理制度和健全的经营方案",
    "主要负责人、安全管理人员经过专业培训并考核合格",
)
PAPERS = ("申请书", "营业执照", "经营场所证明", "安全管理制度", "人员培训考核合格证明", "设施竣工验收报告")
NOTES = (
    f"同一轮里交替请求：nginx 的静态文件（与页面正文同样大小）和我们的页面，{CONNECTIONS} 条保持的连接；"
    f"{ROUNDS} 轮，逐轮相比取中位数。",
    "我们：两个网站进程，每个四个线程，与 serve 命令相同；nginx：两个工作进程，sendfile，不写访问日志。都不压缩。",
    "cached_guide：没有登录的人看到的办事指南，由网站最前面保存的一份发出，最多半秒旧。progress：凭编号和查询码打开的进度页，"
    "每次都经过会话和权限、向数据库问日志有没有动过，没有动过才发出上次做好的正文。",
    "发请求的是单独的进程，只收发和计数；load_busy 是它用掉一个处理器的几成，超过 0.95 时结果不能作数，压测会说明。",
    "first_load_kb：不带任何缓存打开首页，页面、样式、脚本、图标的正文合计，接受压缩，与浏览器相同。",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it goes over the line, and where to."""

    port: int
    request: str

    def load(self, requests: int) -> dict[str, Any]:
        """Send it this many times and return what the load told.

        :raises CannotRun: the load itself failed
        """
        order = {"port": self.port, "request": self.request, "requests": requests, "connections": CONNECTIONS}
        done = subprocess.run(
            [sys.executable, "-m", "xiaoneng.jobs.bench.load"], input=json.dumps(order), capture_output=True, text=True
        )
        if done.returncode:
            raise CannotRun(f"发请求的进程没有做完：{done.stderr.strip()[-500:]}")
        told: dict[str, Any] = json.loads(done.stdout)
        return told


def run(size: int, tell: Callable[[str], None] = lambda text: None) -> Report:
    """Run the bench in a database of its own and return what it came to.

    :raises CannotRun: it cannot be run here, above all where nginx is missing
    """
    began = time.perf_counter()
    nginx.program()
    with ground.own_database() as database:
        tell("正在建立压测城市……")
        people = city.build()
        number, code = _case(people)
        with outside.served(database) as port:
            tell("正在请求页面，与 nginx 逐轮对照……")
            visitor, line = Visitor("", ""), Line(port)
            addresses = {"guide": f"/items/{people.items[3]}", "progress": _opened(visitor, line, number, code)}
            first_load = _first_load(line)
            results = _side_by_side(port, visitor, line, addresses, size)
    errors = sum(each["errors"] for rounds in results.values() for each in rounds)
    shares = {page: _shares(results[page], results[f"nginx_{page}"]) for page in PAGES}
    goals = (
        Goal(
            PAGES["guide"],
            statistics.median(shares["guide"]),
            "倍",
            0.15,
            "higher",
            "办事指南与 nginx 静态文件的速度之比",
        ),
        Goal(
            PAGES["progress"],
            statistics.median(shares["progress"]),
            "倍",
            0.025,
            "higher",
            "进度页与 nginx 静态文件的速度之比",
        ),
        Goal("errors", errors, "次", 0, "lower", "没有正常应答的请求"),
        Goal("first_load_kb", first_load["packed_kb"], "KB", 150, "lower", "第一次打开首页要传的"),
    )
    busy = max(each["busy"] for rounds in results.values() for each in rounds)
    figures: dict[str, Any] = {
        f"{name}_per_second": [round(each["per_second"]) for each in rounds] for name, rounds in results.items()
    }
    figures |= {
        f"{name}_p99_ms": [round(each["p99_ms"] or 0, 1) for each in rounds] for name, rounds in results.items()
    }
    figures |= {
        "load_busy": {name: round(max(each["busy"] for each in rounds), 2) for name, rounds in results.items()},
        "shares_of_each_round": shares, "first_load": first_load, "connections": CONNECTIONS, "web_workers": outside.WEB_WORKERS,
    }  # fmt: skip
    notes = NOTES if busy < BUSY else (*NOTES, "注意：发请求的进程占满了处理器，nginx 本可以更快，比值偏高。")
    return Report(goals, size, time.perf_counter() - began, figures, notes)


def _shares(ours: list[dict[str, Any]], theirs: list[dict[str, Any]]) -> list[float]:
    return [round(a["per_second"] / b["per_second"], 4) for a, b in zip(ours, theirs, strict=True)]


def _side_by_side(
    port: int, visitor: Visitor, line: Line, addresses: dict[str, str], size: int
) -> dict[str, list[dict[str, Any]]]:
    bodies = {name: visitor.get(line, address) for name, address in addresses.items()}
    wrong = [name for name, answer in bodies.items() if answer.status != 200]
    if wrong:
        raise CannotRun(f"压测要用的页面没有正常应答：{'、'.join(wrong)}")
    files = {f"{name}.html": b"x" * len(answer.body) for name, answer in bodies.items()}
    yardstick = outside.free_port()
    with nginx.serving(files, yardstick, outside.WEB_WORKERS):
        cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        asked = {
            "nginx_guide": (Asked(yardstick, _request("/guide.html", yardstick)), size * TIMES),
            "guide": (Asked(port, _request(addresses["guide"], port)), size * TIMES),
            "nginx_progress": (Asked(yardstick, _request("/progress.html", yardstick)), size * TIMES),
            "progress": (Asked(port, _request(addresses["progress"], port, cookies)), size),
        }
        for each, _ in asked.values():
            each.load(WARM_UP)
        results: dict[str, list[dict[str, Any]]] = {name: [] for name in asked}
        for _ in range(ROUNDS):
            for name, (each, requests) in asked.items():
                results[name].append(each.load(requests))
        return results


def _request(path: str, port: int, cookies: str = "") -> str:
    head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/html\r\n"
    return head + (f"Cookie: {cookies}\r\n" if cookies else "") + "\r\n"


def _case(people: BenchCity) -> tuple[str, str]:
    """Lead an application to the middle of its review, on a guide that says as much as a real one."""
    version = ItemVersion.objects.get(item__code=people.items[3])
    ItemVersion.objects.filter(pk=version.pk).update(
        conditions="\n".join(CONDITIONS), basis="《城镇燃气管理条例》第十五条"
    )
    Material.objects.bulk_create(
        Material(version=version, position=n, name=name, required=False, note="复印件加盖公章")
        for n, name in enumerate(PAPERS)
    )
    matter = inside.open_draft(people, 3)
    apply.submit(matter, by=people.citizen, at=clock.now(), key=uuid4())
    accept.accept(matter, by=people.clerk, at=clock.now(), key=uuid4())
    review.review(matter, by=people.reviewer, at=clock.now(), key=uuid4(), opinion="材料真实，符合条件。")
    file = approval.load(matter)
    return file.called, approval.query_code(file)


def _opened(visitor: Visitor, line: Line, number: str, code: str) -> str:
    visitor.look(line, "/progress")
    return visitor.post(line, "/progress", number=number, code=code).location


def _first_load(line: Line) -> dict[str, Any]:
    """Open the front page as a browser does for the first time, and add up what is sent."""
    packed = {"Accept-Encoding": "gzip"}
    page = line.ask("GET", "/", None, packed)
    text = line.ask("GET", "/", None, {}).body.decode()
    found = re.findall(r'<(?:link|script|img)\b[^>]*?(?:href|src)="(/[^"]+)"', text)
    parts = {urljoin("/", each): line.ask("GET", each, None, packed) for each in dict.fromkeys(found)}
    missing = [path for path, answer in parts.items() if answer.status != 200]
    if page.status != 200 or missing:
        raise CannotRun(f"首页或它的样式、脚本没有正常应答：{'、'.join(missing) or '/'}")
    sizes = {"/": len(page.body)} | {path: len(answer.body) for path, answer in parts.items()}
    plain = len(text.encode()) + sum(len(line.ask("GET", path, None, {}).body) for path in parts)
    return {"packed_kb": round(sum(sizes.values()) / 1024, 1), "plain_kb": round(plain / 1024, 1), "bytes": sizes}
