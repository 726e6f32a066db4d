"""Who works in 安澜: the accounts that one can sign in with, and the colleagues of every organ around them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pypinyin import lazy_pinyin

from xiaoneng.jobs.demo import crowd, people
from xiaoneng.jobs.demo.places import CENTRE, CITY, ORGANS, VILLAGE, Organ

SEED = 339900
LIST_OFFICE = "lists"  # who keeps the lists of the city
LETTER = "授权书安政务授〔2026〕{n}号"

# Beside the roles that moves ask for: whom the city's papers name. Their holders are rows like any others.
FURTHER_ROLES = {
    "comprehensive_window": "综合窗口人员",
    "reception": "首问接待人员",
    "organisation_office": "编办人员",
    "township_worker": "镇街便民服务人员",
    "village_worker": "村居代办员",
    "hotline_operator": "热线话务员",
    "hotline_liaison": "热线部门联络员",
}


@dataclass(frozen=True, slots=True)
class Hold:
    """A role, and how far it reaches: one organ, a region with all below it, or (neither) everywhere."""

    role: str
    organ: str = ""
    region: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A member of staff: who, at which desk of which organ, with which roles."""

    login: str
    name: str
    organ: str
    title: str
    holds: tuple[Hold, ...]
    window: str = ""


# Named in settings.DEMO_ACCOUNTS, so that everybody can sign in as them.
KNOWN = (
    Post("window", "陆远舟", CENTRE, "综合窗口", (Hold("window"), Hold("comprehensive_window")), "综合受理 1 号窗口"),
    Post("window2", "叶知秋", "卫健", "卫生健康窗口", (Hold("window", organ="卫健"),), "卫生健康窗口"),
    Post("reviewer", "顾知行", "住建", "行政审批科科长", (Hold("reviewer"),)),
    Post("reviewer2", "许清和", "市监", "许可审查科主办", (Hold("reviewer"),)),
    Post("head", "周启明", "住建", "分管副局长", (Hold("head"), Hold("deputy_head"))),
    Post("chief", "梁思远", "市监", "首席代表", (
        Hold("head", organ="市监", authority=LETTER.format(n=1)), Hold("chief_representative", organ="市监"),
    ), "综合受理 1 号窗口"),
    Post("township", "阮青禾", "柳浦镇", "便民服务中心", (
        Hold("window", organ="柳浦镇"), Hold("township_worker", organ="柳浦镇"),
    ), "柳浦便民窗口"),
    Post("supervisor", "江晚舟", CENTRE, "效能监察科", (Hold("supervisor"),)),
    Post(LIST_OFFICE, "宋怀瑾", "编办", "权责清单管理科", (Hold("list_office"), Hold("organisation_office"))),
    Post("lists2", "魏一诺", "住建", "政策法规科", (Hold("list_editor", organ="住建"),)),
    Post("legal", "程既白", "司法", "合法性审查科", (Hold("legal_office"),)),
    Post("cashier", "闻雨眠", CENTRE, "收费岗（银行派驻）", (Hold("cashier"),), "银行收费窗口"),
    Post("agent", "苏念安", CENTRE, "重点项目帮办代办", (Hold("agency_service"),), "重点项目帮办代办窗口"),
    Post("centre", "秦望舒", CENTRE, "中心主任", (Hold("centre_manager"), Hold("head", organ=CENTRE))),
    Post("leader", "温致和", "市府办", "副市长", (Hold("leader"),)),
    Post("sysadmin", "简明之", CENTRE, "信息科", (Hold("system_administrator"),)),
    Post("secadmin", "严守正", CENTRE, "安全保密科", (Hold("security_administrator"),)),
    Post("auditadmin", "季回川", CENTRE, "审计室", (Hold("audit_administrator"),)),
)  # fmt: skip

# Those of whom the city has a few, whatever the organ: role, organ, title, window, how many.
_SPECIAL = (
    ("comprehensive_window", CENTRE, "综合窗口", "综合受理 2 号窗口", 2),
    ("comprehensive_window", CENTRE, "综合窗口", "综合受理 3 号窗口", 2),
    ("comprehensive_window", CENTRE, "综合窗口", "综合受理 4 号窗口", 2),
    ("reception", CENTRE, "首问接待岗", "咨询导办台", 2),
    ("cashier", CENTRE, "收费岗（安澜农商银行派驻）", "银行收费窗口", 1),
    ("agency_service", CENTRE, "重点项目帮办代办", "重点项目帮办代办窗口", 1),
    ("hotline_operator", CENTRE, "12345 话务岗", "", 3),
    ("supervisor", CENTRE, "效能监察科", "", 1),
    ("discipline_inspector", CENTRE, "市纪委监委驻局纪检监察组", "", 2),
    ("legal_office", "司法", "合法性审查科", "", 2),
    ("list_office", "编办", "权责清单管理科", "", 1),
    ("list_editor", "市监", "法规科", "", 1),
    ("organisation_office", "编办", "权责清单管理科", "", 2),
    ("leader", "市府办", "市长", "", 1),
)
_BUSY = {"市监": 4, "自规": 3, "人社": 3, "公安": 3, "住建": 2, "交通": 2, "卫健": 2, "医保": 2}  # reviewers
_LIAISONS = ("住建", "市监", "城管", "公安", "人社", "交通", "环境", "教育", "卫健", "水利")


@cache
def posts() -> tuple[Post, ...]:
    """Return everybody who works here, those that are known by name first."""
    names = _names()
    found = list(KNOWN)
    for role, seat, title, window, how_many in _SPECIAL:
        found += [_special(names, role, seat, title, window) for _ in range(how_many)]
    for number, organ in enumerate(ORGANS.values(), start=2):
        found += _colleagues(names, organ, number)
    return tuple(found)


def _names() -> Iterator[tuple[str, str]]:
    """Give names nobody here has yet, each with the login that it makes."""
    draw, invented = random.Random(SEED), crowd.names()
    surnames = invented["surnames"].replace("\n", "")
    taken = {each.name for each in people.CITIZENS.values()} | {each.name for each in KNOWN}
    logins = {each.login for each in KNOWN} | set(people.CITIZENS)
    while True:
        name = draw.choice(surnames) + draw.choice(invented["given"])
        login = "".join(lazy_pinyin(name))
        if name not in taken and login not in logins:
            taken.add(name)
            logins.add(login)
            yield name, login


def _post(names: Iterator[tuple[str, str]], organ: str, title: str, *holds: Hold, window: str = "") -> Post:
    name, login = next(names)
    return Post(login, name, organ, title, holds, window)


def _special(names: Iterator[tuple[str, str]], role: str, organ: str, title: str, window: str) -> Post:
    holds = [Hold(role)]
    if role == "comprehensive_window":
        holds.append(Hold("window", region=CITY))
    return _post(names, organ, title, *holds, window=window)


def _colleagues(names: Iterator[tuple[str, str]], organ: Organ, number: int) -> Iterator[Post]:
    """Give the people of one organ: its window, its reviewers, and those who decide."""
    key = organ.key
    if not organ.window:
        return
    yield _post(names, key, "窗口受理", Hold("window", organ=key), *_nearby(organ), window=organ.window)
    for n in range(_BUSY.get(key, 1)):
        yield _post(names, key, "审批科" if n else "审批科科长", Hold("reviewer", organ=key))
    yield _post(names, key, _HEADS.get(key, "主要负责人"), Hold("head", organ=key))
    letter = LETTER.format(n=number)
    yield _post(names, key, "分管领导", Hold("head", organ=key, authority=letter), Hold("deputy_head", organ=key))
    if key in _LIAISONS:
        yield _post(names, key, "办公室", Hold("hotline_liaison", organ=key))


_HEADS = {"柳浦镇": "镇长", "松风乡": "乡长", "柳浦村": "村委会主任", "消防": "支队长"}


def _nearby(organ: Organ) -> tuple[Hold, ...]:
    if organ.region == VILLAGE:
        return (Hold("village_worker", organ=organ.key),)
    return (Hold("township_worker", organ=organ.key),) if len(organ.region) > 6 else ()


@cache
def holding(role: str, organ: str) -> tuple[Post, ...]:
    """Return those who hold a role for an organ by name, nearest first; those of the whole city are left out."""
    return tuple(post for post in posts() if any(h.role == role and h.organ == organ for h in post.holds))


@cache
def at_the_counters() -> tuple[Post, ...]:
    """Return those who take in for every organ of the city."""
    return tuple(post for post in posts() if any(h.role == "window" and h.region == CITY for h in post.holds))
