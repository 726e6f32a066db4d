"""A city walked through every move, and the hands that break it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import promising
from django.db import connection

import build
from build import moment
from xiaoneng.jobs import doctor, time_machine

NOW = moment("2026-06-01", "12:00")


def walk_all() -> dict[str, int]:
    """Walk cases through every move of the table; each stands at a different end."""
    from xiaoneng.approval.actions import accept, apply, deemed, deliver

    where = build.city()
    version = build.item(where, steps=(("审查", 3), ("复核", None)))
    by_days = build.item(where, statutory=30, promised=None, unit="calendar_day", name="建筑垃圾处置核准")
    walks = {}

    def begin(name: str, version=version) -> build.Walk:
        walks[name] = build.application(where, version)
        return walks[name]

    whole = begin("whole").received(moment("2026-03-01", "20:14")).accepted(moment("2026-03-02", "09:12"))
    whole.suspended(moment("2026-03-04", "15:10")).resumed(moment("2026-03-10")).reviewed(moment("2026-03-11"))
    whole.suspended(moment("2026-03-12")).resumed(moment("2026-03-16")).extended(moment("2026-03-17"), days=5)
    whole.reviewed(moment("2026-03-18")).granted(moment("2026-03-19"))
    whole.do(deliver.deliver, moment("2026-03-20"), where.clerk, way="post", recipient="邻居李四", tracking="EX1")
    late = begin("late").received(moment("2026-03-02")).accepted(moment("2026-03-03")).reviewed(moment("2026-04-20"))
    late.reviewed(moment("2026-04-21")).refused(moment("2026-04-22")).delivered(moment("2026-05-28"))
    asked = begin("asked", by_days).received(moment("2026-03-02")).asked(moment("2026-03-03"))
    asked.supplemented(moment("2026-03-05", "18:30")).accepted(moment("2026-03-09")).reviewed(moment("2026-03-10"))
    refused = begin("not_accepted").received(moment("2026-03-02"))
    refused.do(accept.not_accept, moment("2026-03-04"), where.clerk, ground="not_needed", reason="不需要许可")
    gone = begin("withdrawn").received(moment("2026-03-02")).accepted(moment("2026-03-03"))
    gone.suspended(moment("2026-03-05")).do(apply.withdraw, moment("2026-03-09"), where.citizen, reason="不办了")
    begin("paused", by_days).received(moment("2026-05-25")).accepted(moment("2026-05-26")).suspended(
        moment("2026-05-28")
    )
    begin("waiting").received(moment("2026-05-29", "16:59")).asked(moment("2026-05-29", "17:30"))
    begin("draft").drafted(moment("2026-05-29"))
    begin("deemed").received(moment("2026-05-08"))
    with time_machine.at(moment("2026-05-20", "08:00")):
        deemed.accept_what_is_deemed_accepted(lambda: moment("2026-05-20", "08:00"))
    _walk_beside(where, begin)
    promising.walk_promised(where, begin)
    promising.walk_chained(where, begin)
    _change_the_calendar()
    record(NOW)
    return {name: walk.matter for name, walk in walks.items()}


def _walk_beside(where: build.City, begin) -> None:
    """Walk cases through every move beside the straight way; each ends as nothing else does."""
    from xiaoneng.approval.actions import accept, closing, inspections, proceedings, renewal, special
    from xiaoneng.approval.models import Terms

    version, who = build.item(where, name="户外广告设置许可"), where.reviewer
    Terms.objects.create(version=version, waits=["payment"], set_at=moment("2026-01-05"))
    two = [where.reviewer.account, where.clerk.account]
    beside = begin("beside", version).received(moment("2026-05-04", "09:00")).accepted(moment("2026-05-06", "09:00"))
    beside.do(proceedings.inform_parties, moment("2026-05-07"), who, parties="李四", interest="相邻")
    beside.do(
        proceedings.record_statement, moment("2026-05-08"), who, speaker="李四", statement="反对", answer="部分采纳"
    )
    beside.do(special.wait, moment("2026-05-08"), who, kind="payment", days=3, reason="等缴费")
    beside.do(proceedings.request_hearing, moment("2026-05-08"), where.clerk, asked_by="party", note="担心噪声")
    beside.do(proceedings.decline_hearing, moment("2026-05-11"), who, reason="已经协商", given_up=True)
    beside.do(special.end_wait, moment("2026-05-12"), who, result="已缴")
    hearing = {"starts_at": moment("2026-05-22", "09:30"), "place": "三楼", "chair": where.head.account}
    beside.do(special.suspend, moment("2026-05-12"), who, kind="hearing", days=12, reason="机关认为需要")
    beside.do(proceedings.schedule_hearing, moment("2026-05-12", "11:00"), who, **hearing)
    site = {"place": "临江路", "officers": two}
    beside.do(
        inspections.schedule_site_check, moment("2026-05-12", "12:00"), who, starts_at=moment("2026-05-13"), **site
    )
    beside.do(inspections.record_site_check, moment("2026-05-13"), who, findings="好", passed=True, **site)
    beside.do(
        inspections.record_expert_review, moment("2026-05-14"), who, experts="甲\n乙\n丙", conclusion="可", passed=True
    )
    beside.do(inspections.publish, moment("2026-05-14"), who, days=3, place="网站", content="拟准予")
    beside.do(inspections.close_publication, moment("2026-05-20"), who, objections=0, handling="")
    beside.do(inspections.publish, moment("2026-05-20"), who, days=3, place="网站", content="拟准予")
    beside.do(inspections.call_off, moment("2026-05-21"), who, kind="publication", reason="内容有误")
    record = {"attendees": "李四", "transcript": "略", "signed": True}
    beside.do(proceedings.record_hearing, moment("2026-05-22", "12:00"), who, **record)
    beside.do(special.resume, moment("2026-05-22", "13:00"), who, result="已听证")
    lawyer = build.holder(where.department, "法制科", "reviewer")
    beside.do(inspections.record_legal_review, moment("2026-05-22", "14:00"), lawyer, result="agree", opinion="同意")
    beside.do(closing.terminate, moment("2026-05-25"), where.head, ground="dissolution", reason="企业注销")
    begin("lapsed", version).received(moment("2026-05-06")).asked(moment("2026-05-06", "11:00"))
    renewed = begin("renewed", version).received(moment("2026-04-20"))
    renewed.do(
        accept.accept, moment("2026-04-21"), where.clerk, certificate="广 7", expires_on=moment("2026-05-26").date()
    )
    at = moment("2026-05-28", "08:00")
    with time_machine.at(at):
        assert closing.lapse_what_was_not_supplemented(lambda: at) == 1
        assert renewal.grant_what_is_deemed_renewed(lambda: at) == 1


def _change_the_calendar() -> None:
    from xiaoneng.approval.actions import recalculation
    from xiaoneng.org.models import Calendar, CalendarDay

    at = moment("2026-05-29", "18:00")
    calendar = Calendar.objects.get(name="全国")
    calendar.version += 1
    calendar.save()
    CalendarDay.objects.create(
        calendar=calendar, day=moment("2026-06-04").date(), kind="holiday", name="市庆", since=calendar.version
    )
    with time_machine.at(at):
        assert recalculation.recalculate(calendar=calendar.pk, now=lambda: at, document="关于调整放假安排的通知")


def record(at) -> None:
    """Put on record the lights that have come true, as the worker would."""
    from xiaoneng.supervision import actions

    with time_machine.at(at - timedelta(minutes=1)):
        actions.record_red_lights(lambda: at - timedelta(minutes=1))


class Patient:
    """The sound city within one transaction: served by xn_app, broken by a superuser while every trigger sleeps."""

    def __init__(self, matters: dict[str, int]) -> None:
        self.matters = matters
        self.serve()

    def serve(self, login: str = "xn_app") -> None:
        """Let the session be one of this login."""
        with connection.cursor() as cursor:
            cursor.execute("RESET SESSION AUTHORIZATION")
            cursor.execute(f"SET SESSION AUTHORIZATION {login}")

    def examine(self, **options: Any) -> doctor.Report:
        with time_machine.at(NOW):
            return doctor.examine(**options)

    def ids(self, **options: Any) -> set[int]:
        return {finding.id for finding in self.examine(**options).findings}

    def root(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run a statement as superuser with every trigger asleep."""
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what was put off would stand in the way of DDL
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("RESET SESSION AUTHORIZATION")
            cursor.execute("SET session_replication_role = replica")
            cursor.execute(statement, values or None)
            found = cursor.fetchall() if cursor.description else []
            cursor.execute("SET session_replication_role = origin")
            cursor.execute("SET SESSION AUTHORIZATION xn_app")
        return found

    def seq(self, matter: str, move: str) -> int:
        """Give the place of the last such move in a matter's journal."""
        return self.root("SELECT max(seq) FROM entry WHERE matter_id = %s AND move = %s", self.matters[matter], move)[
            0
        ][0]

    def forge(self, matter: str, move: str, change: str, *values: Any) -> None:
        """Change columns of an entry and chain the journal anew from there, as only the owner could."""
        id_, seq = self.matters[matter], self.seq(matter, move)
        self.root(f"UPDATE entry SET {change} WHERE matter_id = %s AND seq = %s", *values, id_, seq)
        self.rechain(id_)

    def rechain(self, matter: int) -> None:
        """Link and hash a journal anew."""
        self.root(_RECHAIN.format(matter=matter))

    def refold(self, matter: int) -> None:
        """Let a matter's clocks and pauses say what its journal says now."""
        clocks: dict[str, Any] = {}
        for (facts,) in self.root("SELECT facts::text FROM entry WHERE matter_id = %s ORDER BY seq", matter):
            told = json.loads(facts)
            clocks |= {f"{each['name']}/{each['round']}": each for each in told.get("clocks", ())}
            clocks |= {key: clocks[key] | changed for key, changed in told.get("recounted", {}).items()}
        self.root("UPDATE matter SET clocks_moved = %s::jsonb WHERE id = %s", json.dumps(clocks), matter)
        self.root("SELECT project_pauses(id, matter.clocks) FROM matter WHERE id = %s", matter)

    def reclock(self, matter: str, clock: str, **columns: object) -> None:
        """Change what a matter's row says of a clock."""
        path = f"{{{clock}}}"
        self.root(
            "UPDATE matter SET clocks_moved = jsonb_set(clocks_moved, %s, clocks_moved #> %s || %s::jsonb) WHERE id = %s",
            path, path, json.dumps(columns), self.matters[matter],
        )  # fmt: skip

    def restate(self, matter: str, texts: dict[str, str]) -> None:
        """Let a journal tell another story from the first entry on, and let chain, row and clocks agree with it."""
        id_ = self.matters[matter]
        for old, new in texts.items():
            self.root("UPDATE entry SET body = replace(body, %s, %s) WHERE matter_id = %s", old, new, id_)
        self.rechain(id_)
        self.refold(id_)
        self.root(
            """UPDATE matter SET paused = (facts ->> 'paused')::bool, closed = (facts ->> 'closed')::bool FROM entry e
               WHERE e.matter_id = matter.id AND seq = version AND matter.id = %s""",
            id_,
        )

    def accounts(self) -> dict[str, int]:
        """Give the accounts of the city by name."""
        return {name: id_ for id_, name in self.root("SELECT id, name FROM people_account")}

    def walk(self) -> build.Walk:
        """Begin a further application of the sound city's own people and item."""
        from xiaoneng.catalogue.models import ItemVersion
        from xiaoneng.matters.models import Matter
        from xiaoneng.matters.move import Actor

        who = self.accounts()
        actors = (Actor(who[name], name) for name in ("陆远舟", "顾知行", "周启明", "江晚舟", "沈若溪", "路人甲"))
        row = Matter.objects.select_related("department").get(pk=self.matters["whole"])
        version = ItemVersion.objects.get(pk=row.item_version_id)
        return build.Walk(build.City(row.department, *actors), version)


_RECHAIN = """
DO $$
DECLARE e record; link bytea := (SELECT genesis FROM matter WHERE id = {matter});
BEGIN
  FOR e IN SELECT * FROM entry WHERE matter_id = {matter} ORDER BY seq LOOP
    UPDATE entry SET prev = link, hash = entry_hash(link, e.matter_id, e.seq, e.move, e.actor, e.role, e.authority, e.at,
      e.claimed_at, e.recorded_at, e.body, e.numbers, e.item_version_id, e.calendar_version, e.source, e.key)
    WHERE id = e.id RETURNING hash INTO link;
  END LOOP;
  UPDATE matter SET head = link WHERE id = {matter};
END$$"""
