"""What the reform has changed in 安澜: who is stationed and authorized, and what some items demanded before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zlib import crc32

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from xiaoneng.catalogue.models import Adjustment, Fee, ItemVersion, Material, Step
from xiaoneng.jobs.demo.items import Guide
from xiaoneng.jobs.demo.places import Organ
from xiaoneng.rules.units import WorkingDays

AFTER = timedelta(days=45)  # of the year in which the story begins: the reform is older than any case
DOCUMENT = "安政办发〔2026〕9号"
# What was asked for until then, beside what is asked for now; the days are those that were promised.
BEFORE: dict[str, tuple[int, tuple[str, ...]]] = {
    "trader": (3, ("户籍所在地证明", "从业人员证明", "近期免冠照片")),
    "company": (5, ("公司住所权属证明复印件", "无违法经营记录证明", "名称预先核准通知书")),
    "food": (18, ("法定代表人无犯罪记录证明", "场所合法使用证明", "从业人员花名册")),
    "smallfood": (15, ("村（居）民委员会证明",)),
    "teacher": (20, ("思想品德鉴定表", "无犯罪记录证明")),
    "bookshop": (18, ("从业人员学历证明",)),
    "oldage": (15, ("居住证明", "健在证明")),
    "birth": (3, ("单位婚育证明",)),
    "homestead": (20, ("家庭成员关系证明",)),
    "tobacco": (18, ("无不良信用记录证明",)),
    "travel": (18, ("资金信用证明",)),
    "device2": (5, ("产品注册证明复印件",)),
}
CHARGED = {"tobacco": "许可证工本费", "homestead": "土地登记费", "bookshop": "证照工本费"}
FEWER_FIELDS = 0.7  # of the fields that a form had before
SECRET = {"poison": "剧毒化学品流向涉及国家安全"}
TESTING = {"lift": "监督检验由检验机构在现场进行，属于检验环节"}
_SCATTERED = frozenset({"自规", "交通", "农业", "文旅", "水利"})


def begins(guide: Guide, since: datetime) -> datetime:
    """Return since when an item stands as it does now."""
    return since + AFTER if guide.key in BEFORE and _was_longer(guide) else since


def _was_longer(guide: Guide) -> bool:
    days = guide.promised
    return isinstance(days, WorkingDays) and (guide.statutory is None or isinstance(guide.statutory, WorkingDays))


def standing(guide: Guide, organ: Organ) -> dict[str, Any]:
    """Return whether an item is stationed in the hall, authorized, and in whose hands; a few lag behind."""
    draw = crc32(guide.key.encode()) % 100
    ground = {**SECRET, **TESTING}.get(guide.key, "")
    stationed = bool(organ.window) and not ground and draw >= 8
    scattered = guide.organ in _SCATTERED and draw % 3 == 0
    return {
        "stationed": stationed,
        "window_authorised": stationed and draw % 7 != 0,
        "single_window": stationed and organ.window.startswith("综合受理"),
        "undertaken_by": f"{organ.name}{'业务科' if scattered else '行政审批科'}",
        "unstationed_ground": ground or ("" if stationed else "窗口面积不够，暂在本单位办理"),
        "form_fields": 9 + 2 * len(guide.papers),
        "self_service": "自然人" in guide.audience and guide.promised == WorkingDays(0),
    }  # fmt: skip


def add_earlier_versions(pairs: Sequence[tuple[Guide, ItemVersion]], since: datetime, by: int) -> None:
    """Write what the items of the reform demanded before, and the decision that changed it."""
    chosen = [(guide, version) for guide, version in pairs if version.serial == 2]
    before = ItemVersion.objects.bulk_create(_before(guide, version, since) for guide, version in chosen)
    made = [(guide, now, then) for (guide, now), then in zip(chosen, before, strict=True)]
    Material.objects.bulk_create(row for guide, _, then in made for row in _papers(guide, then))
    Step.objects.bulk_create(row for guide, _, then in made for row in _steps(guide, then))
    Fee.objects.bulk_create(
        Fee(version=then, position=0, name=CHARGED[guide.key], low=20, high=20, unit="证", basis="原收费许可目录")
        for guide, _, then in made
        if guide.key in CHARGED
    )
    Adjustment.objects.bulk_create(
        Adjustment(
            item=now.item, disposition=Adjustment.Disposition.AMEND, document=DOCUMENT, reason="减材料、减证明、减时限",
            ground="《优化营商环境条例》第三十六条", approver="安澜市人民政府常务会议", notice="安澜市人民政府门户网站公告",
            on_running="已受理的办件按受理时的版本办完", effective_at=now.in_force.lower, recorded_at=now.in_force.lower,
            recorded_by=by, begins=now, ends=then,
        )
        for _, now, then in made
    )  # fmt: skip


def _before(guide: Guide, now: ItemVersion, since: datetime) -> ItemVersion:
    assert isinstance(guide.promised, WorkingDays)
    days, papers = BEFORE[guide.key]
    longest = guide.statutory.n if guide.statutory else days
    kept = {
        name: getattr(now, name)
        for name in (
            "name", "kind_id", "statutory_n", "statutory_unit", "promised_unit", "conditions", "basis", "audience", "themes",
            "aliases", "location", "phone", "complaint_phone", "online", "result", "source", "unstationed_ground",
            "undertaken_by", "stationed", "season",
        )
    }  # fmt: skip
    return ItemVersion(
        item=now.item, serial=1, in_force=DateTimeTZRange(since, now.in_force.lower),
        promised_n=max(guide.promised.n, min(days, longest)), form_fields=round((now.form_fields or 0) / FEWER_FIELDS),
        fingerprint=sha256(f"{guide!r}{papers}".encode()).hexdigest(), **kept,
    )  # fmt: skip


def _papers(guide: Guide, then: ItemVersion) -> Iterable[Material]:
    _, more = BEFORE[guide.key]
    for n, paper in enumerate(each for each in guide.papers if not each.situations):
        yield Material(
            version=then, position=n, name=paper.name, required=paper.required, note=paper.note, source=paper.source
        )
    for n, name in enumerate(more, start=len(guide.papers)):
        yield Material(version=then, position=n, name=name, source="有关单位出具", form="原件")


def _steps(guide: Guide, then: ItemVersion) -> Iterable[Step]:
    names = [("accept", "受理", "window"), ("review", "初审", "reviewer"),
             *[("review", name, "reviewer") for name, _ in guide.reviews],
             ("review", "复审", "reviewer"), ("decide", "决定", "head")]  # fmt: skip
    for n, (kind, name, role) in enumerate(names):
        yield Step(version=then, position=n, kind=kind, name=name, role=role)
