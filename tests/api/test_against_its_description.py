"""The interface does what its description says, asked by a program that reads the description and invents requests."""

import random

import pytest
import schemathesis
from django.conf import settings as configured
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from programs import DECLARATION, NOW, Program, token_of
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

import build
import ground
from build import moment
from xiaoneng.jobs import database, time_machine

EXAMPLES = 1  # of each kind at each operation in the usual run
# To invent a request costs more than to answer it: so each is sent by several callers to several things.
MANY, CALLERS, AT_LEAST = 12, 3, 20_000
CHECKS = [
    not_a_server_error, checks.status_code_conformance, checks.content_type_conformance,
    checks.response_headers_conformance, checks.response_schema_conformance,
    checks.unsupported_method, checks.missing_required_header,
]  # fmt: skip
QUIET = {"deadline": None, "database": None, "suppress_health_check": list(HealthCheck)}


@pytest.fixture(scope="module")
def street(django_db_setup, django_db_blocker):
    """Lay a city of its own, in which what is written stays, and let programs of four people at it."""
    name = f"{configured.DATABASE_NAME}_described"
    before = configured.API_RATE_OF_ADDRESS, configured.API_RATE_OF_TOKEN
    configured.API_RATE_OF_ADDRESS = configured.API_RATE_OF_TOKEN = 10**9
    with django_db_blocker.unblock():
        ground.make(name)
        with ground.pointed_at(name), time_machine.at(NOW):
            yield inhabited()
        database.drop(name)
    configured.API_RATE_OF_ADDRESS, configured.API_RATE_OF_TOKEN = before


def inhabited() -> dict:
    where = build.city()
    version = build.item(where)
    walks = [build.application(where, version).received(moment("2026-03-20")) for _ in range(3)]
    walks[0].accepted(moment("2026-03-20", "15:00"))
    walks[1].asked(moment("2026-03-20", "15:00"))
    tokens = [token_of(each) for each in (where.citizen, where.clerk, where.reviewer, where.head, where.supervisor)]
    names = ("system_administrator", "security_administrator", "audit_administrator")
    keepers = [token_of(build.holder(where.department, name, name, True)) for name in (*names, "list_editor")]
    office = Program(token_of(build.holder(where.department, "编办", "list_office")))
    round_ = office.post("/lists/rounds", {"name": "2026", "departments": [where.department.pk]}).json()["id"]
    compiled = office.get(f"/lists/rounds/{round_}").json()["compilations"][0]["id"]
    citizen = Program(tokens[0])
    drafts = [
        citizen.post("/drafts", {"item": version.item.code, "declaration": DECLARATION}).json()["id"] for _ in "ab"
    ]
    hooks = [Program(t).post("/webhooks", {"url": "https://93.184.216.34/"}).json()["id"] for t in tokens[:2]]
    return {
        "sent": 0,
        "tokens": [*tokens, *keepers, office.token, ""], "number": [*(walk.file.called for walk in walks), str(compiled)],
        "code": [version.item.code],
        "id": [*drafts, *hooks, 1], "file": [1, 2], "delivery": [1], "slot": ["0", "1"],
        "case": [1], "region": [where.department.region_id],
        "year": [2026, 2027], "key": ["site_name", "lock_tries", "unused_days", "nothing"],
    }  # fmt: skip


def ask(case, street, callers: int) -> None:
    """Send what was invented, at times to something that is there, and hold each answer against the description."""
    chance = random.Random(repr(case.body) + repr(case.query) + repr(case.path_parameters))
    for token in chance.sample(street["tokens"], callers):
        if case.meta is None or case.meta.generation.mode.is_positive:
            for name in case.path_parameters or {}:
                if chance.random() < 0.7:
                    case.path_parameters[name] = chance.choice(street[name])
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        response = case.call(headers=headers)
        street["sent"] += 1
        case.validate_response(response, checks=[*CHECKS, *spoilt_on_purpose(case)])


def spoilt_on_purpose(case) -> list:
    """Ask for a refusal where the body was spoilt; a token taken away was put back, and an empty parameter is none."""
    body = case.meta.components.get(ParameterLocation.BODY) if case.meta else None
    return [checks.negative_data_rejection] if body is not None and body.mode.is_negative else []


@pytest.fixture(scope="module")
def described(street):
    """Read the description as any program would."""
    application = get_wsgi_application()

    def whole(environ, start_response):
        answer = application(environ, start_response)
        try:
            return [b"".join(answer)]
        finally:
            answer.close()  # else files handed out would stay open

    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", whole)


def asked_of_each(described, street, examples: int, callers: int = 1, *, in_turn: bool = False, **how) -> list[str]:
    """Invent that many well-formed and that many malformed requests to each operation; return what went wrong.

    :param callers: how many send each of them.
    :param in_turn: only well-formed ones to every second operation, only malformed ones to the others.
    """
    wrong = []
    for place, found in enumerate(described.get_all_operations()):
        operation = found.ok()
        for mode in [list(GenerationMode)[place % 2]] if in_turn else GenerationMode:

            @settings(max_examples=examples, **QUIET, **how)
            @given(case=operation.as_strategy(generation_mode=mode))
            def run(case) -> None:
                ask(case, street, callers)

            try:
                run()
            except Unsatisfiable:
                continue  # there is nothing malformed that one could send to it
            except (FailureGroup, Failure) as failure:
                wrong.append(f"{operation.label} ({mode.value}): {failure}")
    return wrong


def test_every_operation_keeps_to_its_description(described, street):
    assert asked_of_each(described, street, EXAMPLES, in_turn=True, derandomize=True) == []


@pytest.mark.prove
def test_twenty_thousand_requests_meet_no_error(described, street):
    before = street["sent"]
    # What went wrong is told as it was sent: to look for the least that goes wrong takes longer than all the rest.
    assert asked_of_each(described, street, MANY, CALLERS, phases=[Phase.generate]) == []
    assert street["sent"] - before >= AT_LEAST
