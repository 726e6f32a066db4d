"""Where 安澜 is governed: its regions on four levels, its organs, and the halls with their windows. All invented."""

from __future__ import annotations

from dataclasses import dataclass

from stdnum.cn import uscc

from xiaoneng.org.models import Region

CITY, RIVERSIDE, MOUNTAIN, LAKESIDE = "339900", "339902", "339921", "339922"
TOWN, STREET, HAMLET = "339902100", "339902001", "339921200"
VILLAGE, UPPER_VILLAGE = "339902100201", "339921200202"

REGIONS = (
    (CITY, "安澜市", "AL", Region.Level.CITY),
    (RIVERSIDE, "临江区", "LJ", Region.Level.COUNTY),
    (MOUNTAIN, "云岫县", "YX", Region.Level.COUNTY),
    (LAKESIDE, "青梧县", "QW", Region.Level.COUNTY),
    (TOWN, "柳浦镇", "LP", Region.Level.TOWNSHIP),
    (STREET, "望潮街道", "WC", Region.Level.TOWNSHIP),
    (HAMLET, "松风乡", "SF", Region.Level.TOWNSHIP),
    (VILLAGE, "柳浦村", "LPC", Region.Level.VILLAGE),
    (UPPER_VILLAGE, "松风坪村", "SFP", Region.Level.VILLAGE),
)


def above(region: str) -> str:
    """Return the code of the region that a region lies in, or nothing for the city."""
    return {6: "" if region == CITY else CITY, 9: region[:6], 12: region[:9]}[len(region)]


@dataclass(frozen=True, slots=True)
class Hall:
    """A place where windows stand: its region, address and windows."""

    key: str
    region: str
    address: str
    windows: tuple[str, ...]


HALLS = {
    each.key: each
    for each in (
        Hall("市民中心一楼 A 区", CITY, "", (
            "咨询导办台", "综合受理 1 号窗口", "综合受理 2 号窗口", "综合受理 3 号窗口", "综合受理 4 号窗口", "统一出件窗口",
            "银行收费窗口", "重点项目帮办代办窗口",
        )),
        Hall("市民中心一楼 B 区", CITY, "", ("不动产登记 1 号窗口", "不动产登记 2 号窗口", "公积金窗口")),
        Hall("市民中心二楼 C 区", CITY, "", ("社保医保 1 号窗口", "社保医保 2 号窗口", "卫生健康窗口", "民生综合窗口")),
        Hall("市民中心二楼 D 区", CITY, "", ("户政出入境 1 号窗口", "户政出入境 2 号窗口", "车管窗口")),
        Hall("市民中心三楼 E 区", CITY, "", ("投资项目综合窗口 1 号", "投资项目综合窗口 2 号", "工程建设综合窗口")),
        Hall("临江区政务服务中心", RIVERSIDE, "临江区书院路 6 号", ("临江综合窗口 1 号", "婚姻登记处")),
        Hall("云岫县政务服务中心", MOUNTAIN, "云岫县云岫大道 15 号", ("云岫综合窗口 1 号", "云岫综合窗口 2 号")),
        Hall("青梧县政务服务中心", LAKESIDE, "青梧县梧桐路 30 号", ("青梧综合窗口 1 号",)),
        Hall("柳浦镇便民服务中心", TOWN, "柳浦镇老街 1 号", ("柳浦便民窗口",)),
        Hall("望潮街道便民服务中心", STREET, "望潮街 20 号", ("望潮便民窗口",)),
        Hall("松风乡便民服务中心", HAMLET, "松风乡松风街 8 号", ("松风便民窗口",)),
        Hall("柳浦村便民服务点", VILLAGE, "柳浦村村委会一楼", ("柳浦村代办点",)),
        Hall("松风坪村便民服务点", UPPER_VILLAGE, "松风坪村村委会一楼", ("松风坪村代办点",)),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Organ:
    """A department: the short key by which the guides name it, its name, its sign (机关代字), and its window."""

    key: str
    name: str
    sign: str
    hall: str
    window: str
    region: str = CITY


_A, _B, _C, _D, _E = (f"市民中心{place} 区" for place in ("一楼 A", "一楼 B", "二楼 C", "二楼 D", "三楼 E"))
_ANY = "综合受理 3 号窗口"

ORGANS = {
    each.key: each
    for each in (
        Organ("政务", "政务服务管理局", "安政务", _A, "综合受理 1 号窗口"),
        Organ("住建", "住房和城乡建设局", "安住建", _E, "工程建设综合窗口"),
        Organ("市监", "市场监督管理局", "安市监", _A, "综合受理 1 号窗口"),
        Organ("卫健", "卫生健康委员会", "安卫健", _C, "卫生健康窗口"),
        Organ("交通", "交通运输局", "安交运", _A, "综合受理 4 号窗口"),
        Organ("人社", "人力资源和社会保障局", "安人社", _C, "社保医保 1 号窗口"),
        Organ("城管", "城市管理局", "安城管", _A, "综合受理 4 号窗口"),
        Organ("公安", "公安局", "安公", _D, "户政出入境 1 号窗口"),
        Organ("自规", "自然资源和规划局", "安自规", _B, "不动产登记 1 号窗口"),
        Organ("发改", "发展和改革委员会", "安发改", _E, "投资项目综合窗口 1 号"),
        Organ("环境", "生态环境局", "安环", _E, "投资项目综合窗口 2 号"),
        Organ("水利", "水利局", "安水利", _E, "投资项目综合窗口 2 号"),
        Organ("农业", "农业农村局", "安农", _A, _ANY),
        Organ("林业", "林业局", "安林", _A, _ANY),
        Organ("民政", "民政局", "安民政", _C, "民生综合窗口"),
        Organ("司法", "司法局", "安司", _C, "民生综合窗口"),
        Organ("财政", "财政局", "安财", _A, _ANY),
        Organ("教育", "教育局", "安教", _C, "民生综合窗口"),
        Organ("文旅", "文化广电旅游局", "安文旅", _A, _ANY),
        Organ("体育", "体育局", "安体", _A, _ANY),
        Organ("出版", "新闻出版局", "安新出", _A, _ANY),
        Organ("民宗", "民族宗教事务局", "安民宗", _C, "民生综合窗口"),
        Organ("应急", "应急管理局", "安应急", _E, "投资项目综合窗口 2 号"),
        Organ("消防", "消防救援支队", "安消", _E, "工程建设综合窗口"),
        Organ("气象", "气象局", "安气", _E, "工程建设综合窗口"),
        Organ("商务", "商务局", "安商", _A, _ANY),
        Organ("烟草", "烟草专卖局", "安烟", _A, "综合受理 2 号窗口"),
        Organ("工信", "工业和信息化局", "安工信", _E, "投资项目综合窗口 1 号"),
        Organ("医保", "医疗保障局", "安医保", _C, "社保医保 2 号窗口"),
        Organ("退役", "退役军人事务局", "安退役", _C, "民生综合窗口"),
        Organ("残联", "残疾人联合会", "安残", _C, "民生综合窗口"),
        Organ("公积金", "住房公积金管理中心", "安公积金", _B, "公积金窗口"),
        Organ("编办", "机构编制委员会办公室", "安编办", _A, ""),
        Organ("市府办", "人民政府办公室", "安政办", _A, ""),
        Organ("临江民政", "临江区民政局", "临民政", "临江区政务服务中心", "婚姻登记处", RIVERSIDE),
        Organ("临江市监", "临江区市场监督管理局", "临市监", "临江区政务服务中心", "临江综合窗口 1 号", RIVERSIDE),
        Organ("云岫审批", "云岫县行政审批局", "云审", "云岫县政务服务中心", "云岫综合窗口 1 号", MOUNTAIN),
        Organ("柳浦镇", "柳浦镇人民政府", "柳政", "柳浦镇便民服务中心", "柳浦便民窗口", TOWN),
        Organ("松风乡", "松风乡人民政府", "松政", "松风乡便民服务中心", "松风便民窗口", HAMLET),
        Organ("柳浦村", "柳浦村村民委员会", "柳村", "柳浦村便民服务点", "柳浦村代办点", VILLAGE),
    )
}  # fmt: skip
CENTRE = "政务"


def code_of(organ: Organ) -> str:
    """Return an organ's invented credit code, whose form is right."""
    place = f"{organ.region[:6]}MB0A1{list(ORGANS).index(organ.key) + 1:04d}"
    return f"11{place}{uscc.calc_check_digit('11' + place)}"


def phone_of(organ: Organ) -> str:
    """Return the extension of the city's one number at which an organ answers."""
    return f"12345 转 {801 + list(ORGANS).index(organ.key)}"
