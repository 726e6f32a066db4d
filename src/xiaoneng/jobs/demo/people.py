"""Who applies in 安澜. Every person, firm, number and telephone is invented; the numbers only have valid form."""

from __future__ import annotations

from xiaoneng.jobs.demo import crowd
from xiaoneng.jobs.demo.crowd import Citizen, Firm

_TOLD = (
    Citizen("shenruoxi", "沈若溪", "339900199202171065", "15400000001", "安澜市临江区柳浦镇柳浦村 16 号"),
    Citizen("linzhiyuan", "林致远", "339900197511033310", "15400000002", "安澜市临江区观澜路 27 号"),
    Citizen("hanyubai", "韩予白", "339900198307081192", "15400000003", "安澜市临江区书院巷 5 号"),
    Citizen("tangwanqing", "唐晚晴", "339900199603304025", "15400000004", "安澜市临江区望潮街 112 号"),
    Citizen("songqingyan", "宋青砚", "339900196909252156", "15400000005", "安澜市临江区柳浦镇老街 3 号"),
)
_TOLD_FIRMS = (
    Firm("gas", "安澜江畔燃气有限公司", "91339900MA7XA10013", "方怀瑾", "linzhiyuan", "安澜市临江区沿江大道 201 号"),
    Firm("tea", "安澜小满茶饮店", "92339900MA7XA1008M", "沈若溪", "shenruoxi", "安澜市临江区柳浦镇老街 18 号"),
    Firm("inn", "安澜听潮民宿有限公司", "91339900MA7XA10026", "唐晚晴", "tangwanqing", "安澜市临江区望潮街 96 号"),
    Firm("lorry", "安澜顺达货运有限公司", "91339900MA7XA10039", "贺兰舟", "hanyubai", "安澜市临江区物流园 8 幢"),
    Firm("mill", "安澜青禾纺织有限公司", "91339900MA7XA1004C", "宋青砚", "songqingyan", "安澜市临江区工业一路 33 号"),
    Firm("works", "安澜筑远建设有限公司", "91339900MA7XA1005F", "陶修远", "linzhiyuan", "安澜市临江区城东路 60 号"),
    Firm(
        "staffing", "安澜同舟人力资源有限公司", "91339900MA7XA1006J", "苏砚秋", "hanyubai", "安澜市临江区人才大厦 4 层"
    ),
    Firm("media", "安澜云幕传媒有限公司", "91339900MA7XA1007M", "温如玉", "tangwanqing", "安澜市临江区创意园 2 号楼"),
    Firm("diner", "安澜江鲜楼餐饮有限公司", "91339900MA7XA1009U", "江有汜", "shenruoxi", "安澜市临江区滨水街 41 号"),
    Firm("flame", "安澜北苑液化气有限公司", "91339900MA7XA10101", "韩予白", "hanyubai", "安澜市临江区北苑路 77 号"),
)
CITIZENS = {each.login: each for each in _TOLD} | crowd.citizens()
FIRMS = {each.key: each for each in _TOLD_FIRMS} | crowd.firms()


def applicant(who: str) -> Citizen:
    """Return the person who files for somebody: the agent of a firm, or the citizen."""
    firm = FIRMS.get(who)
    return CITIZENS[firm.agent if firm else who]
