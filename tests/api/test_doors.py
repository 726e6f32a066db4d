"""Who may call what: every scope on every operation, generated from the interface itself."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from programs import NOW, Program, program, token_of

import build
from build import moment
from xiaoneng.api import interface
from xiaoneng.api.actions import tokens
from xiaoneng.api.door import Bearer, Public
from xiaoneng.api.operations import joint as joint_moves
from xiaoneng.api.operations import lists, moves
from xiaoneng.api.schemas.words import Answer, Body
from xiaoneng.api.scopes import Scope, offered, wants
from xiaoneng.jobs import time_machine
from xiaoneng.kit import clock
from xiaoneng.people.models import Account
from xiaoneng.rules.procedures import application, joint, power_list
from xiaoneng.rules.roles import Administrator, Role
from xiaoneng.trail.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(db):
    with time_machine.at(NOW):
        yield build.application().received(moment("2026-03-20"))


def address(path: str, walk) -> str:
    known = {"number": walk.file.called, "code": "XXXX", "id": "1", "file": "1", "delivery": "1"}
    known |= {"year": "2026", "key": "site_name", "slot": "0", "case": "1", "region": "1"}
    return re.sub(r"{(\w+)}", lambda found: known[found[1]], path)


def status_of(answer) -> int:
    if answer.streaming:
        list(answer.streaming_content)  # to its end, which closes the file
    return answer.status_code


def test_every_operation_lets_in_its_own_scopes_and_turns_two_others_away_in_turn(street, settings):
    assert wrongly_let_in(street, settings, turned_away=2) == []


@pytest.mark.prove
def test_every_operation_lets_in_its_own_scopes_and_no_other(street, settings):
    assert wrongly_let_in(street, settings, turned_away=None) == []


def wrongly_let_in(street, settings, turned_away):
    settings.API_RATE_OF_ADDRESS = settings.API_RATE_OF_TOKEN = 100_000
    keepers = {
        scope: build.holder(street.city.department, scope, wants(scope).role.value, True)
        for scope in Scope
        if isinstance(wants(scope).role, Administrator)
    }
    people = [street.city.citizen, street.city.clerk, street.city.supervisor, *keepers.values()]
    kinds = {each.account: Account.objects.get(pk=each.account).kind for each in people}
    roles = {each.account: wants(scope).role for scope, each in keepers.items()} | {people[2].account: Role.SUPERVISOR}
    held = [
        (who, scope, Program(token_of(who, [scope])))
        for who in people
        for scope in offered(kinds[who.account])
        if wants(scope).role in (None, roles.get(who.account)) and (who in people[:3] or wants(scope).role)
    ]
    wrong = []
    for place, (path, operation) in enumerate(interface.operations()):
        door = interface.door_of(operation)
        keys = [each for each in held if opens(door, each[1])]
        others = [each for each in held if each not in keys]
        others = others[place % len(others) :] + others[: place % len(others)] if others else []
        for method in operation.methods:
            anonymous = Program().send(method, address(path, street), "{")
            if (anonymous.status_code == 401) != isinstance(door, Bearer):
                wrong.append(f"anybody on {method} {path}: {anonymous.status_code}")
            for who, scope, hand in [*keys, *others[:turned_away]]:
                status = status_of(hand.send(method, address(path, street), "{"))
                if (status == 403) == opens(door, scope) or status >= 500:
                    wrong.append(f"{who.name} with {scope} on {method} {path}: {status}")
    return wrong


def opens(door, scope) -> bool:
    return isinstance(door, Public) or not door.scopes or scope in door.scopes


def test_a_supervisors_scope_is_worth_nothing_without_the_role(street):
    assert program(street.city.supervisor).get("/supervision/board").status_code == 200
    refused = program(street.city.clerk).get("/supervision/board")
    assert refused.status_code == 403 and refused.json()["required"] == ["supervision:read"]


def test_no_two_bodies_or_answers_share_a_name_in_the_description():
    interface.require_doors()  # every operation is known, and with it what it takes and gives
    names = [each.__name__ for each in {*below(Answer), *below(Body)}]  # one with two parents is met twice
    assert len(names) > 100 and sorted({name for name in names if names.count(name) > 1}) == []


def below(kind: type) -> list[type]:
    return [each for child in kind.__subclasses__() for each in (child, *below(child))]


def test_an_operation_without_a_door_keeps_the_server_from_starting(monkeypatch):
    interface.require_doors()
    path, operation = next(interface.operations())
    monkeypatch.setattr(operation, "auth_callbacks", [])
    with pytest.raises(ImproperlyConfigured, match=re.escape(path)):
        interface.require_doors()


@pytest.mark.parametrize(
    ("room", "table", "elsewhere"),
    [
        ("/cases/", application.PROCEDURE, moves.ELSEWHERE),
        ("/joint/", joint.PROCEDURE, joint_moves.ELSEWHERE),
        ("/lists/compilations/", power_list.PROCEDURE, lists.ELSEWHERE),
    ],
)
def test_every_move_that_a_person_may_make_is_put_up_and_no_other(room, table, elsewhere):
    by_people = {row.name for row in table.moves if row.roles != (Role.PLATFORM,)}
    put_up = {
        path.rsplit("/", 1)[-1]: door for path, door in interface.operations() if f"{room}{{number}}/moves/" in path
    }
    assert set(put_up) == by_people - elsewhere
    for name, operation in put_up.items():
        applicant = Role.APPLICANT in table.move(name).roles
        assert (Scope.APPLICATIONS_WRITE in interface.door_of(operation).scopes) is applicant, name


def test_others_cases_are_not_there(street):
    number = street.file.called
    stranger, elsewhere = program(street.city.stranger), program(build.city().clerk)
    for hand in (stranger, elsewhere):
        for path in (f"/cases/{number}", f"/cases/{number}/explanations", f"/cases/{number}/files/1"):
            assert hand.get(path).status_code == 404
        assert hand.post(f"/cases/{number}/moves/withdraw", {"reason": "无"}).status_code == 404
    assert elsewhere.get("/cases?view=all").json()["rows"] == []


def test_a_role_is_asked_for_at_every_move_whatever_the_token_says(street):
    refused = program(street.city.head).post(f"/cases/{street.file.called}/moves/accept")
    assert refused.status_code == 409 and "窗口人员" in refused.json()["detail"]


def test_a_token_ends_when_revoked_expired_or_its_account_disabled(street):
    clerk = street.city.clerk
    first, second, third = (Program(token_of(clerk)) for _ in range(3))
    assert first.get("/me").json()["login"] == Account.objects.get(pk=clerk.account).username
    tokens.revoke(first.token[:11], at=clock.now())
    assert first.get("/me").status_code == 401
    with time_machine.at(NOW + timedelta(days=91)):
        late = second.get("/me")
        assert late.status_code == 401 and "过期" in late.json()["detail"] and "WWW-Authenticate" in late
    Account.objects.filter(pk=clerk.account).update(is_active=False)
    assert third.get("/me").status_code == 401


def test_a_token_is_kept_as_a_hash_and_shown_by_its_prefix(street):
    from django.db import connection

    token = token_of(street.city.clerk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM api_token t")
        kept = cursor.fetchone()[0]
    assert token[:11] in kept and token[12:] not in kept


def test_who_asks_too_often_is_told_when_to_come_again(street, settings):
    settings.API_RATE_OF_TOKEN = 3
    hand = program(street.city.clerk)
    left = [hand.get("/me")["RateLimit-Remaining"] for _ in range(3)]
    refused = hand.get("/me")
    assert left == ["2", "1", "0"] and refused.status_code == 429
    assert 1 <= int(refused["Retry-After"]) <= 60 and refused.json()["type"].endswith("too-many")
    with time_machine.at(NOW + timedelta(minutes=1)):
        assert hand.get("/me").status_code == 200


def test_the_pages_explain_the_interface_without_foreign_scripts(street):
    client = Program().client
    page = client.get("/api/v1/docs").content.decode()
    for _, operation in interface.operations():
        assert f'id="{operation.operation_id}"' in page
    assert re.findall(r'(?:src|href)="https?:', page) == []
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")


def test_a_person_makes_and_revokes_tokens_on_the_page(street):
    client = Program().client
    client.force_login(Account.objects.get(pk=street.city.clerk.account))
    made = client.post("/account/tokens", {"do": "make", "name": "报表", "scopes": ["cases:read"], "days": "30"})
    token = re.search(r'id="made">([^<]+)<', made.content.decode())[1]
    assert Program(token).get("/cases").status_code == 200
    assert token not in client.get("/account/tokens").content.decode()
    wrong = client.post("/account/tokens", {"do": "make", "name": "", "scopes": ["applications:read"], "days": "9"})
    assert wrong.status_code == 422 and "请写明给哪个程序用" in wrong.content.decode()
    client.post("/account/tokens", {"do": "revoke", "prefix": token[:11]})
    assert list(Record.objects.order_by("id").values_list("what", "actor")) == [
        ("新建令牌", street.city.clerk.account), ("停用令牌", street.city.clerk.account),
    ]  # fmt: skip
    assert Program(token).get("/cases").status_code == 401


def test_the_command_makes_lists_and_revokes_tokens(street, capsys):
    from xiaoneng.jobs import cli

    login = Account.objects.get(pk=street.city.clerk.account).username

    def run(*words: str) -> tuple[int, str]:
        args = cli.parser().parse_args(["token", *words])
        return args.command.execute(args), capsys.readouterr().out.strip()

    code, token = run("make", login, "--name", "夜间同步", "--scopes", "cases:read")
    assert code == 0 and Program(token).get("/cases").status_code == 200
    _, listed = run("list", "--json")
    assert json.loads(listed)["tokens"][0]["prefix"] == token[:11]
    assert run("revoke", token[:11])[0] == 0 and Program(token).get("/cases").status_code == 401
    assert run("make", login, "--name", "x", "--scopes", "applications:read")[0] == 2
    assert run("make", "nobody", "--name", "x", "--scopes", "cases:read")[0] == 2
