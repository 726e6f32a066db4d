"""What the house knows, in the words of the interface."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from xiaoneng.api.schemas import cases, items, words
from xiaoneng.approval import reads
from xiaoneng.approval.explained import Explained
from xiaoneng.catalogue.reads import Plan
from xiaoneng.kit import numbers
from xiaoneng.matters import reads as matters
from xiaoneng.matters.clocks import ClockState
from xiaoneng.matters.move import Moved
from xiaoneng.matters.reads import DocumentLine, EntryLine, File, MatterFile
from xiaoneng.rules.grounds import Basis, Obstacle
from xiaoneng.rules.items.scenarios import questions
from xiaoneng.rules.limits import Light, Limit, light_at
from xiaoneng.rules.procedures import Move
from xiaoneng.rules.roles import Role


def limit_told(length: Limit | None) -> words.LimitTold | None:
    """Return a limit, or nothing."""
    return words.LimitTold(n=length.n, unit=length.unit, text=str(length)) if length is not None else None


def basis_told(basis: Basis) -> words.BasisTold:
    """Return a provision in full and as it is cited."""
    return words.BasisTold(
        law=basis.law, article=str(basis.article), clause=basis.clause, text=basis.text, cited=str(basis)
    )


def obstacle_told(obstacle: Obstacle) -> words.ObstacleTold:
    """Return an obstacle with its basis."""
    return words.ObstacleTold(
        code=obstacle.code, message=obstacle.message, remedy=obstacle.remedy, basis=basis_told(obstacle.basis)
    )


def light_told(row: Any, now: datetime) -> words.LightTold:
    """Return the light of a matter, or of a row that carries its instants."""
    light = light_at(row.yellow_at, row.red_at, row.paused, now)
    name, word = ("done", "已办结") if row.closed else (light.value, light.word)
    late = row.late or (light is Light.RED and not row.closed)
    return words.LightTold(light=name, word=word, yellow_at=row.yellow_at, red_at=row.red_at, late=late)


def document_told(document: DocumentLine) -> words.DocumentTold:
    """Return an issued document with the address of its PDF."""
    return words.DocumentTold(
        kind=document.kind, title=document.title, number=document.number, issued_at=document.issued_at,
        verify_code=document.verify_code, pdf=reverse("api-v1:document_pdf", args=[document.verify_code]),
    )  # fmt: skip


def file_told(file: File) -> cases.FileTold:
    """Return a file handed in."""
    return cases.FileTold(
        id=file.id, slot=file.slot, name=file.name, kind=file.kind, size=file.size, sha256=file.sha256,
        uploaded_at=file.uploaded_at, round=file.round,
    )  # fmt: skip


def material_told(material: Any) -> items.MaterialTold:
    """Return a material that a version asks for."""
    return items.MaterialTold(
        slot=material.slot, name=material.name, required=material.required, form=material.form,
        copies=material.copies, note=material.note, source=material.source,
        scenarios=list(material.scenarios),
    )  # fmt: skip


def guide_told(plan: Plan) -> items.ItemGuide:
    """Return an item as its guide tells it."""
    return items.ItemGuide(
        code=plan.code, name=plan.name, kind=plan.kind, department=plan.department, department_id=plan.department_id,
        version=plan.serial, in_force_since=plan.in_force_since, promised=limit_told(plan.promised),
        statutory=limit_told(plan.statutory), conditions=plan.conditions, basis=plan.basis,
        audience=list(plan.audience), themes=list(plan.themes),
        scenarios=[
            items.ScenarioTold(question=question.text, name=name, note=note)
            for question in questions(plan.scenarios)
            for name, note in question.answers
        ],
        season=plan.season, materials=[material_told(each) for each in plan.materials],
        steps=[items.StepTold(name=s.name, role=s.role.value, limit=limit_told(s.limit)) for s in plan.steps],
        location=plan.location, phone=plan.phone, complaint_phone=plan.complaint_phone, result=plan.result,
        online=plan.online, open=plan.has_limit and plan.on_application, source=plan.source,
    )  # fmt: skip


def clock_told(clock: ClockState) -> cases.ClockTold:
    """Return a clock with its pauses."""
    length = limit_told(clock.limit)
    assert length is not None
    return cases.ClockTold(
        clock=clock.name.value, label=clock.name.label, round=clock.round, limit=length, extension=clock.extension,
        started_on=clock.started_on, due_on=clock.due_on, yellow_at=clock.yellow_at, red_at=clock.red_at,
        state=clock.state, stopped_at=clock.stopped_at, counts=clock.counts, provisional=clock.provisional,
        pauses=[cases.PauseTold.model_validate({"from": each.start, "to": each.end, "kind": each.kind}) for each in clock.pauses],
    )  # fmt: skip


def entry_told(file: MatterFile, line: EntryLine, names: dict[int, str]) -> cases.EntryTold:
    """Return a line of a journal."""
    row = file.procedure.move(line.move)
    role = Role(line.role)
    return cases.EntryTold(
        seq=line.seq, move=line.move, label=line.label, actor=names.get(line.actor, role.label), role=role.value,
        authority=line.authority, at=line.at, claimed_at=line.claimed_at, recorded_at=line.recorded_at,
        facts=line.facts.get("what", {}), basis=str(row.basis), hash=line.hash,
    )  # fmt: skip


def explanation_told(each: Explained) -> cases.ExplanationTold:
    """Return how a due day was computed, day by day."""
    days = [
        cases.DayTold(day=cell.day, kind=cell.kind.value, number=cell.number, label=cell.label)
        for week in each.told.weeks
        for cell in week.cells
        if cell.kind.value != "outside"
    ]
    return cases.ExplanationTold(
        title=f"{each.label}：{each.told.title}", intro=each.told.intro, days=days,
        sentences=[items.SentenceTold(text=s.text, basis=s.basis, result=s.result) for s in each.told.sentences],
    )  # fmt: skip


def moved_told(file: MatterFile, name: str, moved: Moved) -> cases.MovedTold:
    """Return what a move came to."""
    drawn = moved.numbers
    intake, case = drawn.get("intake_number"), drawn.get("number")
    return cases.MovedTold(
        number=case or file.number or intake or file.intake_number or "", move=name, seq=moved.seq, state=moved.state,
        state_label=file.procedure.state(moved.state).label, recorded_at=moved.recorded_at,
        intake_number=intake or file.intake_number, case_number=case or file.number,
        documents=list(drawn.get("documents", [])), hash=moved.hash.hex(),
    )  # fmt: skip


def applicant_told(file: MatterFile, *, own: bool) -> dict[str, str]:
    """Return who applies; numbers are masked but for the applicant."""
    form = reads.form_of(file)
    identity, phone = form.get("identity", ""), form.get("phone", "")
    return {
        "kind": form.get("kind", ""),
        "name": file.extra["applicant_name"],
        "identity": identity if own else numbers.masked_id_number(identity),
        "contact": form.get("contact", ""),
        "phone": phone if own else numbers.masked_phone(phone),
    }


def materials_told(file: MatterFile) -> list[cases.MaterialHanded]:
    """Return what was handed in, material by material."""
    given: dict[str, list[cases.FileTold]] = {}
    for each in matters.attachments(file.id):
        given.setdefault(each.slot, []).append(file_told(each))
    listed = [
        cases.MaterialHanded(slot=h.slot, name=h.name, required=h.required, count=h.count, files=given.pop(h.slot, []))
        for h in reads.handed(file)
    ]
    rest = [
        cases.MaterialHanded(slot=slot, name="其他材料", required=False, count=len(files), files=files)
        for slot, files in given.items()
    ]
    return listed + rest


def move_told(row: Move, held: set[Role], *, own: bool) -> cases.PossibleMove:
    """Return a move that leads on, and whether the caller holds a role for it."""
    has = held | ({Role.APPLICANT} if own else set())
    return cases.PossibleMove(
        move=row.name, label=row.label, roles=[role.value for role in row.roles], basis=basis_told(row.basis),
        allowed=bool(has & set(row.roles)),
    )  # fmt: skip
