"""What machines and operators see: health, metrics, the log, the number of a request, the address of a visitor."""

import io
import json
import logging

import pytest
from django.db import OperationalError
from django.test import Client, RequestFactory

import build
from build import moment
from xiaoneng.jobs import time_machine
from xiaoneng.kit import logs
from xiaoneng.web import client_address, errors, observe

pytestmark = pytest.mark.django_db


@pytest.fixture
def written():
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.OneLine())
    for name in ("xiaoneng", "django.request"):
        logging.getLogger(name).addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    for name in ("xiaoneng", "django.request"):
        logging.getLogger(name).removeHandler(handler)


def test_health_tells_this_machine_everything_and_strangers_one_word(settings):
    told = Client().get("/health").json()
    assert (
        set(told["checks"]) == {"database", "worker", "backlog", "disk", "clock", "findings"}
        and told["checks"]["database"]["ok"]
    )
    assert told["status"] == "degraded" and not told["checks"]["worker"]["ok"]  # no worker in a test
    assert set(Client(REMOTE_ADDR="203.0.113.9").get("/health").json()) == {"status"}
    assert set(Client().get("/health", headers={"X-Forwarded-For": "203.0.113.9"}).json()) == {"status"}


def test_without_its_database_health_is_503_and_says_so(monkeypatch):
    def away(*_):
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(observe.connection, "cursor", away)
    answer = Client().get("/health")
    assert answer.status_code == 503 and answer.json()["status"] == "down"


def test_metrics_are_for_this_machine_or_for_the_token(settings):
    build.application().received(moment("2026-03-19"))
    with time_machine.at(moment("2026-03-20")):
        text = Client().get("/metrics").content.decode()
    assert 'xiaoneng_open_matters{kind="green"}' in text and "xiaoneng_requests_total" in text
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    assert stranger.get("/metrics").status_code == 404
    settings.METRICS_TOKEN = "let-me-in"
    assert stranger.get("/metrics", headers={"Authorization": "Bearer let-me-in"}).status_code == 200
    assert (
        stranger.get("/metrics", headers={"Authorization": "Bearer 不对".encode().decode("latin-1")}).status_code == 404
    )


def test_a_request_is_one_line_without_anything_that_was_typed(written):
    clerk = build.city().clerk
    client = Client()
    client.post("/login", {"username": "11010519491231002X", "password": "secret-word"})
    client.force_login(__import__("xiaoneng.people.models", fromlist=["Account"]).Account.objects.get(pk=clerk.account))
    answer = client.get("/desk/?q=沈若溪")
    lines = [line for line in written() if line["logger"] == "xiaoneng.request"]
    assert [(line["route"], line["status"]) for line in lines] == [("public:login", 200), ("staff:worklist", 200)]
    last = lines[-1]
    assert last["account"] == clerk.account and last["request"] == answer["X-Request-ID"] and last["ms"] > 0
    assert not any(word in json.dumps(lines, ensure_ascii=False) for word in ("11010519491231002X", "secret", "沈若溪"))


def test_the_number_on_an_error_page_is_the_one_in_the_log(written):
    answer = Client().get("/no-such-page")
    assert answer.status_code == 404 and f"请求 {answer['X-Request-ID']}" in answer.content.decode()
    assert written()[-1]["request"] == answer["X-Request-ID"]


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("电话 13812342607。", "电话 138****2607。"),
        ("证件 11010519491231002X", "证件 110105************"),
        ("重复\nDETAIL: Key (id_number)=(11010519491231002X) already exists.", "重复\nDETAIL: （略）"),
        ("编号 2026032300001 不变", "编号 2026032300001 不变"),
    ],
)
def test_logs_are_scrubbed_of_what_names_a_person(text, scrubbed):
    assert logs.scrubbed(text) == scrubbed


def test_on_a_terminal_a_request_is_a_short_line():
    record = logging.LogRecord("xiaoneng.request", logging.INFO, "", 0, "x", None, None)
    record.told = {"route": "public:home", "status": 200, "ms": 3.2, "method": "GET", "request": "abcd"}
    assert "200    3.2ms GET public:home abcd" in logs.ForPeople().format(record)


@pytest.mark.parametrize(
    ("direct", "forwarded", "seen"),
    [
        ("203.0.113.9", "10.9.9.9", "203.0.113.9"),  # nobody vouches for who says this
        ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
        (
            "10.0.0.1",
            "1.2.3.4, 198.51.100.7, 10.0.0.2",
            "198.51.100.7",
        ),  # what the visitor put in front is not believed
        ("10.0.0.1", "garbage", "10.0.0.1"),
        ("10.0.0.1", "[2001:db8::7]:443", "2001:db8::7"),
        ("10.0.0.1", "", "10.0.0.1"),
    ],
)
def test_an_address_is_believed_as_far_as_trusted_proxies_reach(direct, forwarded, seen, settings):
    settings.TRUSTED_PROXIES = ["10.0.0.0/24"]
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=direct)
    client_address.ClientAddressMiddleware(lambda request: request)(request)
    assert request.META["REMOTE_ADDR"] == seen


def test_who_is_no_proxy_cannot_claim_https_or_number_his_request(settings):
    claims = {"X-Forwarded-Proto": "https", "X-Request-ID": "made-up-1"}
    request = RequestFactory().get("/", headers=claims, REMOTE_ADDR="203.0.113.9")
    client_address.ClientAddressMiddleware(lambda request: request)(request)
    assert not request.is_secure() and "HTTP_X_REQUEST_ID" not in request.META


def test_every_page_forbids_inline_scripts_and_styles():
    for address in ("/", "/login", "/no-such-page", "/logout", "/health"):
        policy = Client().get(address)["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy and "object-src 'none'" in policy


@pytest.mark.parametrize("status", [403, 413, 429, 500, 503])
def test_each_error_has_a_page_that_says_what_to_do(status, rf):
    rf.defaults["SERVER_NAME"] = "testserver"
    page = errors.page(rf.get("/"), status, "标题", "请这样做。").content.decode()
    assert f"错误代码 {status}" in page and "接下来可以" in page and "site.css" in page


def test_a_wrong_method_is_a_page_too():
    answer = Client().get("/logout")
    assert answer.status_code == 405 and "不能这样打开" in answer.content.decode() and answer["Allow"] == "POST"
