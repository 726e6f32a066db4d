"""Stories of promises: documents that came later or never, commitments checked, others asked, a stand-in, a case at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.backends.postgresql.psycopg_any import DateRange

from xiaoneng.catalogue.models import ItemVersion, Material
from xiaoneng.jobs.demo import staff
from xiaoneng.jobs.demo.cases import COMPLETE, GRANTED, Case, act
from xiaoneng.jobs.demo.items import Guide
from xiaoneng.org.models import Department, Holding
from xiaoneng.rules.workdays import local_day

if TYPE_CHECKING:  # the city marks its items by this module
    from xiaoneng.jobs.demo.city import City

DEFERRABLE = {"hygiene": {4: 4}, "advert": {3: 5}}  # item: material and its working days
EARLY, INSTANT, COMMITTABLE = ("advert",), ("reissue",), {"freight": 20}
TEXT = "本单位已知悉从事道路货物运输经营的条件，承诺车辆检测合格、驾驶员取得从业资格、安全生产制度健全，愿意接受核查。"
STOOD_IN, STAND_IN = ("head", "卫健"), ("hotline_liaison", "卫健")
WATER = "水利"


def mark(pairs: Iterable[tuple[Guide, ItemVersion]]) -> None:
    """Mark which items take which promises, before anybody reads them."""
    for guide, version in pairs:
        for slot, days in DEFERRABLE.get(guide.key, {}).items():
            Material.objects.filter(version=version, position=slot).update(deferrable=True, deferred_days=days)
        marks = {
            **({"bears_on_safety": True} if guide.safety else {}),
            **({"early_issue": True} if guide.key in EARLY else {}),
            **({"case_type": "即办件"} if guide.key in INSTANT else {}),
            **({"committable": True, "commitment_text": TEXT, "check_days": COMMITTABLE[guide.key]}
               if guide.key in COMMITTABLE else {}),
        }  # fmt: skip
        if marks:
            ItemVersion.objects.filter(pk=version.pk).update(**marks)


def prepare(city: City, now: datetime) -> None:
    """Let one stand in for a head who is away, and authorise two at the window to decide on the spot."""
    today = local_day(now)
    away, stands = (city.actors[staff.holding(*who)[0].login] for who in (STOOD_IN, STAND_IN))
    health = Department.objects.get(pk=city.organs["卫健"])
    Holding.objects.create(
        account_id=stands.account, role_id="head", department=health, stands_in_for_id=away.account,
        during=DateRange(today - timedelta(days=40), today + timedelta(days=8)),
        authority=f"代 {away.name}（安卫健任〔2026〕5号）",
    )  # fmt: skip
    for login in {"window", staff.holding("window", "市监")[0].login}:
        Holding.objects.create(
            account_id=city.actors[login].account, role_id="chief_representative", department_id=city.organs["市监"],
            during=DateRange(today - timedelta(days=200), None), authority="市监局授权书〔2026〕9号",
        )  # fmt: skip


CASES = (
    Case("hygiene", "tea", "申请办理茶饮店公共场所卫生许可，卫生管理制度随后补交。", (
        act(19, "09:58", "chooses", later=(4,)), act(19, "10:02", "submit"), act(18, "09:40", "accept"),
        act(16, "14:30", "review", opinion=COMPLETE), act(15, "11:10", "supply_deferred", slots=(4,)),
        act(14, "10:20", "stand_in_grants", opinion=GRANTED), act(13, "15:05", "deliver", way="direct"),
    )),
    Case("hygiene", "mill", "申请办理职工浴室公共场所卫生许可，卫生管理制度承诺后补。", (
        act(17, "10:28", "chooses", later=(4,)), act(17, "10:31", "submit"), act(16, "14:12", "accept"),
    )),
    Case("advert", "inn", "申请在民宿门前设置 3 米×1 米招牌，效果图随后补交。", (
        act(4, "10:10", "chooses", later=(3,)), act(4, "10:15", "submit"), act(3, "09:20", "accept"),
        act(2, "15:40", "review", opinion=COMPLETE), act(1, "10:50", "grant", opinion=GRANTED),
        act(1, "16:10", "deliver", way="direct"),
    )),
    Case("freight", "lorry", "申请从事普通货运，投入重型货车两辆，按告知承诺办理。", (
        act(14, "09:05", "chooses", commitment=True), act(14, "09:12", "submit"), act(13, "10:02", "accept"),
        act(13, "10:40", "grant", opinion="申请人书面承诺符合条件，当场准予。"), act(13, "11:05", "deliver", way="direct"),
        act(6, "15:20", "record_check", findings="抽查两辆车的检测报告和驾驶员从业资格，与承诺一致。"),
    )),
    Case("freight", "staffing", "申请从事普通货运，投入厢式货车一辆，按告知承诺办理。", (
        act(6, "09:15", "chooses", commitment=True), act(6, "09:20", "submit"), act(5, "09:50", "accept"),
        act(5, "10:35", "grant", opinion="申请人书面承诺符合条件，当场准予。"), act(5, "10:55", "deliver", way="direct"),
    )),
    Case("advert", "media", "申请在创意园西墙设置 6 米×3 米广告牌，效果图随后补交。", (
        act(12, "10:20", "chooses", later=(3,)), act(12, "10:26", "submit"), act(11, "09:35", "accept"),
        act(10, "15:05", "review", opinion=COMPLETE), act(9, "10:40", "grant", opinion=GRANTED),
        act(9, "15:30", "deliver", way="direct"),  # nothing came in five days: to be revoked or not
    )),
    Case("advert", "tea", "申请在茶饮店二层外墙设置 4 米×1.2 米招牌，效果图随后补交。", (
        act(18, "10:05", "chooses", later=(3,)), act(18, "10:11", "submit"), act(17, "09:50", "accept"),
        act(16, "15:20", "review", opinion=COMPLETE), act(15, "10:15", "grant", opinion=GRANTED),
        act(15, "15:45", "deliver", way="direct"),  # nothing came in five days
        act(10, "10:25", "order_correction", text="补交招牌效果图（昼、夜各一张），标明尺寸和亮度。", days=8),
        act(4, "11:10", "report_rectified", note="效果图昼、夜各一张已交到城管窗口。"),
    )),
    Case("freight", "works", "申请从事普通货运，投入自卸货车三辆，按告知承诺办理。", (
        act(9, "10:30", "chooses", commitment=True), act(9, "10:36", "submit"), act(8, "09:30", "accept"),
        act(8, "10:05", "grant", opinion="申请人书面承诺符合条件，当场准予。"), act(8, "10:25", "deliver", way="direct"),
        act(3, "14:50", "record_check", result="correctable", days=10,
            findings="三辆车检测合格；一名驾驶员的从业资格证已过有效期，责令换证或者调换驾驶员。"),
    )),
    Case("freight", "mill", "申请从事普通货运，投入重型货车一辆，按告知承诺办理。", (
        act(16, "14:10", "chooses", commitment=True), act(16, "14:16", "submit"), act(15, "10:10", "accept"),
        act(15, "10:42", "grant", opinion="申请人书面承诺符合条件，当场准予。"), act(15, "11:00", "deliver", way="direct"),
        act(9, "10:30", "record_check", result="false", findings="承诺的车辆已于申请前报废注销，没有可以营运的车辆。"),
        act(7, "15:20", "revoke_on_promise", reason="承诺车辆检测合格不实，申请前车辆已经报废注销。",
            basis="《中华人民共和国行政许可法》第六十九条第二款"),
    )),
    Case("drain", "mill", "申请将三期车间处理后的废水排入沿河污水管。", (
        act(9, "09:25", "submit"), act(8, "10:15", "accept"),
        act(7, "14:20", "consult", days=3, question="排放口位于沿河护堤旁，是否影响堤防安全？"),
        act(5, "10:05", "answer", opinion="排放口距护堤 18 米，不影响堤防安全。"),
        act(4, "15:30", "review", opinion="水利部门答复不影响堤防，材料齐全。"),
    )),
    Case("drain", "tea", "申请将后厨废水经隔油池排入沿河污水管。", (
        act(4, "10:35", "submit"), act(3, "09:25", "accept"),
        act(2, "11:00", "consult", days=4, question="接入点在防洪排涝泵站上游，是否影响泵站运行？"),
    )),
    Case("reissue", "tangwanqing", "营业执照副本污损，申请换发。", (
        act(3, "10:22", "submit"), act(3, "10:31", "at_once"),
    ), at_window=True),
)  # fmt: skip
