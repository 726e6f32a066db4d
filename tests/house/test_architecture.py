"""The house as tests: which way foreign keys point, what no file may contain, how big a file may grow."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils import translation

SOURCE = Path(__file__).parents[2] / "src" / "xiaoneng"
FLOORS = ["trail", "people", "org", "catalogue", "matters", "approval", "powerlists", "supervision", "evidence", "api"]
LONGEST_FILE = 500


def own_models():
    return [model for model in apps.get_models() if model._meta.app_label in FLOORS]


def test_foreign_keys_point_only_down():
    upward = []
    for model in own_models():
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete and field.is_relation else None
            if target is None or target._meta.app_label not in FLOORS:
                continue
            here, there = model._meta.app_label, target._meta.app_label
            # org stands on the account by AUTH_USER_MODEL, the one thing that its sibling people lends it.
            lent = (here, there) == ("org", "people") and target.__name__ == "Account"
            if FLOORS.index(there) > FLOORS.index(here) or ({here, there} == {"org", "people"} and not lent):
                upward.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert upward == []


def test_every_foreign_key_protects_what_it_points_to():
    loose = [
        f"{model.__name__}.{field.name}"
        for model in own_models()
        for field in model._meta.get_fields()
        if field.concrete and field.many_to_one and field.remote_field.on_delete.__name__ != "PROTECT"
    ]
    assert loose == []


def test_no_model_orders_itself_or_hides_logic_in_save():
    for model in own_models():
        assert not model._meta.ordering, model
        assert "save" not in vars(model), model


def python_files():
    return [path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts]


def test_the_migrations_lead_to_the_models():
    with translation.override(None):
        loader = MigrationLoader(None)
        drift = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps)).changes(loader.graph)
    assert {room: [each.operations for each in changes] for room, changes in drift.items()} == {}


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_stays_readable(path):
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


def test_no_room_is_called_by_an_empty_word():
    empty = {"utils", "helpers", "common", "services", "managers", "misc"}
    assert [path for path in SOURCE.rglob("*") if path.stem in empty] == []


def test_only_move_calls_the_function_that_moves():
    callers = [
        str(path.relative_to(SOURCE))
        for path in python_files()
        if "FROM move(" in path.read_text() or "FROM move_many(" in path.read_text()
    ]
    assert callers == ["matters/move.py"]


def test_lists_leave_as_files_only_where_that_is_recorded():
    writers = {
        str(path.relative_to(SOURCE))
        for path in python_files()
        if path.parts[len(SOURCE.parts)] in ("web", "api")
        and any(word in path.read_text() for word in ("text/csv", "Workbook(", "csv.writer"))
    }
    assert writers <= {
        "web/exports.py",
        "web/lists/public.py",
        "api/tables.py",
    }  # the published list is open to everybody


def test_templates_and_code_never_switch_escaping_off():
    for path in SOURCE.rglob("*.html"):
        text = path.read_text()
        assert "|safe" not in text and "autoescape off" not in text, path
        assert " style=" not in text and "<script>" not in text, path
    marked = [path.name for path in python_files() if "mark_safe(" in path.read_text()]
    assert marked == ["documents.py"]  # a QR code drawn by us, its label escaped


PLAIN = {"Meta", "Kind", "Level", "Channel"}  # inner classes of Django and choices speak for themselves


def test_public_functions_say_what_they_do():
    silent = [
        f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}"
        for path in python_files()
        for node in definitions(ast.parse(path.read_text()))
        if not node.name.startswith("_") and not ast.get_docstring(node)
    ]
    assert silent == []


def definitions(tree):
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node
        if isinstance(node, ast.ClassDef) and node.name not in PLAIN and not node.name.endswith("Config"):
            yield node
            yield from definitions(node)
