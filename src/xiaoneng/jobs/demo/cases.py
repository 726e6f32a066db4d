"""Cases of 安澜 that are told one by one, in working days before the day on which the demo is loaded.

A promise of eight days accepted "8" working days ago ends today, or on the last day that was worked where today is
none; so the lights come out alike on whatever day the city is built. `plot` draws the many others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

FIRST = 45  # working days before today on which the story begins


@dataclass(frozen=True, slots=True)
class Act:
    """A move, made so many working days before today at a time of the day; of today's only what has already passed."""

    ago: int
    clock: str
    move: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """An application: for which item, by whom (the key of a firm or the login of a citizen), and what happened to it."""

    item: str
    who: str
    content: str
    acts: tuple[Act, ...]
    at_window: bool = False


def act(ago: int, clock: str, move: str, **facts: Any) -> Act:
    """Return a move as one line of a story."""
    return Act(ago, clock, move, facts)


LAW_32 = "《中华人民共和国行政许可法》第三十二条第一款第四项"
COMPLETE = "材料齐全，内容与原件一致。"
ON_SITE = "两名人员到现场核查，情况与申报一致。"
GRANTED = "申请符合法定条件和标准，准予。"

CASES = (
    # --- finished ---------------------------------------------------------------------------------------------------------
    Case("gas", "gas", "申请在沿江片区经营管道天然气，供气约 1.2 万户。", (
        act(29, "09:26", "submit"),
        act(28, "10:05", "accept"),
        act(27, "15:20", "review", opinion=COMPLETE),
        act(26, "09:30", "suspend", kind="expert_review", days=8, reason="储配站临近学校，需要专家评审安全间距。"),
        act(17, "16:10", "resume", result="专家评审通过，建议加装一处切断阀，企业已经加装。"),
        act(16, "10:40", "review", opinion=ON_SITE),
        act(15, "14:15", "grant", opinion=GRANTED),
        act(13, "09:50", "deliver", way="direct"),
    )),
    Case("food", "diner", "申请经营热食类、冷食类食品，经营面积 320 平方米。", (
        act(28, "19:42", "submit"),
        act(27, "09:15", "accept"),
        act(26, "11:02", "review", opinion=COMPLETE),
        act(25, "15:36", "review", opinion=ON_SITE),
        act(24, "10:20", "grant", opinion=GRANTED),
        act(22, "16:05", "deliver", way="direct"),
    )),
    Case("building", "works", "申请办理城东 2 号厂房工程施工许可，建筑面积 8600 平方米。", (
        act(26, "14:10", "submit"),
        act(25, "09:40", "accept"),
        act(24, "15:15", "review", opinion="用地、规划、图审和合同齐全。"),
        act(23, "11:10", "grant", opinion=GRANTED),
        act(23, "14:30", "deliver", way="electronic"),
    ), at_window=True),
    Case("reissue", "songqingyan", "许可证遗失，申请补发。", (
        act(20, "09:12", "submit"),
        act(20, "09:18", "accept"),
        act(20, "09:31", "grant", opinion="登记信息核对无误，当场补发。"),
        act(20, "09:36", "deliver", way="direct"),
    ), at_window=True),
    *(
        Case("reissue", who, "许可证遗失，申请补发。", (
            act(ago, "14:12", "submit"),
            act(ago, "14:16", "accept"),
            act(ago, "14:29", "grant", opinion="登记信息核对无误，当场补发。"),
            act(ago, "14:33", "deliver", way="direct"),
        ), at_window=True)
        for ago, who in ((9, "tea"), (4, "inn"), (2, "tangwanqing"), (0, "linzhiyuan"))
    ),
    Case("advert", "media", "申请在望潮街口楼顶设置 12 米×6 米电子屏。", (
        act(25, "10:32", "submit"),
        act(24, "14:02", "accept"),
        act(22, "10:15", "review", opinion="拟设位置正对路口信号灯，夜间眩光会影响行车。"),
        act(21, "16:20", "refuse", reason="电子屏正对路口信号灯，妨碍交通安全，不符合户外广告设置规划。",
            basis="《城市市容和环境卫生管理条例》第十一条"),
        act(18, "09:45", "deliver", way="post"),
    )),
    Case("foodmaking", "diner", "申请生产预包装江鲜熟食，日产 300 公斤。", (
        act(24, "10:18", "submit"),
        act(23, "09:50", "accept"),
        act(21, "15:05", "review", opinion="设备清单所附的购置发票在税务平台上查不到，请现场核查时核对设备。"),
        act(19, "10:30", "review", opinion="到现场核查，没有清单所列的杀菌、包装设备；税务部门书面答复发票是假的。"),
        act(18, "16:10", "refuse", reason="现场没有清单所列的设备，所附购置发票经税务部门核实系伪造。",
            basis="《中华人民共和国食品安全法》第三十五条", ground="false",
            falsehood="主要生产设备清单所列设备不存在，所附购置发票是伪造的"),
        act(16, "09:40", "deliver", way="post"),
    )),
    Case("freight", "hanyubai", "申请用一辆总质量 4.2 吨的厢式货车从事普通货运。", (
        act(19, "20:14", "submit"),
        act(17, "10:25", "not_accept", ground="not_needed",
            reason="总质量 4.5 吨及以下的普通货车从事普通货运，不需要取得道路运输经营许可，可以直接经营。"),
    )),
    Case("dispatch", "staffing", "申请经营劳务派遣业务。", (
        act(22, "11:05", "submit"),
        act(21, "09:35", "accept"),
        act(19, "15:48", "withdraw", reason="公司调整业务，暂不经营劳务派遣。"),
    )),
    Case("hygiene", "inn", "申请办理民宿（12 间客房）公共场所卫生许可。", (
        act(21, "15:25", "submit"),
        act(20, "10:30", "accept"),
        act(15, "16:40", "review", opinion="检测报告合格，消毒间设置规范。"),
        act(12, "10:10", "grant", opinion=GRANTED),  # two days after its promise: a red light stays on record
        act(10, "14:20", "deliver", way="direct"),
    ), at_window=True),
    Case("drain", "mill", "申请将处理后的印染废水排入工业一路污水管。", (
        act(16, "10:08", "submit"),  # five days without a word: accepted by law
        act(10, "09:45", "review", opinion=COMPLETE),
        act(8, "15:05", "review", opinion=ON_SITE),
        act(7, "11:15", "grant", opinion=GRANTED),
        act(5, "10:35", "deliver", way="direct"),
    )),
    Case("food", "shenruoxi", "申请在老街开一家早点铺，经营热食。", (
        act(15, "20:37", "submit"),
        act(13, "10:20", "request_correction", lacks=(
            ("布局图没有标出洗消间", "标明洗消间的位置和尺寸", LAW_32),
            ("缺少从业人员健康证明", "补交两名从业人员的健康证明", "《中华人民共和国食品安全法》第四十五条"),
        )),
        act(11, "19:55", "supplement", slots=(2, 4), note="布局图已重画，健康证明两份已补齐。"),
        act(10, "09:25", "accept"),
        act(9, "14:40", "review", opinion=COMPLETE),
        act(8, "10:50", "review", opinion=ON_SITE),
        act(7, "15:30", "grant", opinion=GRANTED),
        act(6, "16:25", "deliver", way="electronic"),
    )),
    Case("dispatch", "staffing", "申请经营劳务派遣业务，派遣岗位为仓储、保洁等辅助性岗位。", (
        act(27, "10:45", "submit"),
        act(26, "14:25", "accept"),
        act(22, "09:55", "review", opinion=COMPLETE),
        act(18, "11:20", "extend", days=5, reason="注册资本的实缴情况要向开户银行核实，银行答复尚未到达。"),
        act(15, "10:05", "review", opinion="银行已经答复，实缴资本属实。"),
        act(14, "16:00", "grant", opinion=GRANTED),
        act(12, "10:15", "deliver", way="direct"),
    )),
    # --- open: waiting for the applicant or for acceptance -----------------------------------------------------------------
    Case("food", "tea", "申请经营自制饮品，经营面积 28 平方米。", (
        act(1, "14:20", "submit"), act(0, "09:10", "accept"),
    )),
    Case("hygiene", "inn", "申请办理民宿附设理发室公共场所卫生许可。", (act(4, "10:33", "submit"),), at_window=True),
    Case("freight", "lorry", "申请从事普通货运，投入重型货车三辆。", (act(1, "20:46", "submit"),)),
    Case("advert", "works", "申请在自有门店外墙设置 4 米×2 米灯箱。", (
        act(5, "09:48", "submit"),
        act(3, "15:10", "request_correction", lacks=(
            ("效果图看不出灯箱与相邻窗户的距离", "补交标有尺寸的正立面效果图", LAW_32),
            ("缺少外墙的使用权证明", "产权证，或者业主同意设置的书面意见", LAW_32),
        )),
    )),
    # --- open: under review ------------------------------------------------------------------------------------------------
    Case("gas", "gas", "申请在城东片区增设一处液化天然气储配站。", (
        act(3, "16:12", "submit"), act(2, "10:18", "accept"),
    )),
    Case("gas", "flame", "申请经营瓶装液化石油气，供应站一处。", (
        act(8, "10:55", "submit"), act(7, "09:50", "accept"), act(5, "14:35", "review", opinion=COMPLETE),
    ), at_window=True),
    Case("dispatch", "staffing", "申请增加劳务派遣经营范围。", (
        act(11, "09:20", "submit"), act(10, "15:45", "accept"), act(6, "10:30", "review", opinion=COMPLETE),
    )),
    Case("advert", "media", "申请在滨水街设置一组 3 米×1.5 米灯箱。", (
        act(10, "09:05", "submit"), act(9, "11:12", "accept"),  # its promise ended four days later: red
    )),
    Case("gas", "flame", "申请变更储罐规格后重新核发燃气经营许可证。", (
        act(7, "09:42", "submit"),
        act(6, "10:26", "accept"),
        act(5, "15:00", "review", opinion=COMPLETE),
        act(4, "10:00", "suspend", kind="testing", days=12, reason="新储罐须经检测机构检测，结果是审查的前提。"),
    )),
    Case("injury", "songqingyan", "夜班操作织机时左手受伤，申请认定工伤。", (
        act(9, "10:50", "submit"), act(8, "14:55", "accept"),
    )),
    Case("injury", "hanyubai", "送货途中发生交通事故，本人无责任，申请认定工伤。", (
        act(14, "09:33", "submit"),
        act(13, "10:45", "accept"),
        act(6, "15:25", "suspend", kind="appraisal", days=15, reason="事故伤情与旧伤的关系需要专业机构鉴定。"),
    ), at_window=True),
    Case("dispatch", "staffing", "申请在临江区设立分公司经营劳务派遣。", (
        act(14, "11:15", "submit"),
        act(13, "09:25", "accept"),
        act(9, "16:05", "review", opinion=COMPLETE),
        act(5, "09:40", "extend", days=10, reason="分公司场所正在办理产权过户，要等登记机构答复。"),
    )),
    # --- open: to be decided -----------------------------------------------------------------------------------------------
    Case("drain", "diner", "申请将餐饮废水经隔油池排入滨水街污水管。", (
        act(7, "14:48", "submit"),
        act(6, "11:06", "accept"),
        act(4, "15:50", "review", opinion=COMPLETE),
        act(2, "10:42", "review", opinion=ON_SITE),
        act(0, "10:15", "grant", opinion=GRANTED),
    )),
    Case("freight", "lorry", "申请新增冷藏货运，投入冷藏车两辆。", (
        act(5, "10:12", "submit"), act(4, "09:38", "accept"), act(2, "16:15", "review", opinion=COMPLETE),
    )),
    Case("hygiene", "inn", "申请办理二号院（8 间客房）公共场所卫生许可。", (
        act(15, "13:22", "submit"), act(14, "10:02", "accept"), act(6, "14:12", "review", opinion=ON_SITE),
    )),
    Case("building", "works", "申请办理青禾纺织扩建车间施工许可。", (
        act(10, "15:40", "submit"), act(9, "16:30", "accept"),
        act(3, "09:28", "review", opinion="施工合同的工期与图纸不一致，申请人已经书面说明。"),
    ), at_window=True),
    # --- open: decided, to be delivered ------------------------------------------------------------------------------------
    Case("food", "inn", "申请在民宿内经营早餐。", (
        act(9, "18:30", "submit"),
        act(8, "09:12", "accept"),
        act(7, "10:35", "review", opinion=COMPLETE),
        act(5, "15:58", "review", opinion=ON_SITE),
        act(4, "14:05", "grant", opinion=GRANTED),
    )),
    Case("drain", "mill", "申请在二期车间新增一处排放口。", (
        act(14, "14:28", "submit"),
        act(13, "15:12", "accept"),
        act(10, "11:25", "review", opinion="检测井与市政管线的标高不符。"),
        act(8, "09:58", "review", opinion="现场测量，排放口低于市政管 0.4 米，雨季会倒灌。"),
        act(6, "16:35", "refuse", reason="排放口标高低于市政污水管，不符合排水规划。",
            basis="《城镇排水与污水处理条例》第二十二条"),
    ), at_window=True),
    Case("hygiene", "diner", "申请办理茶座公共场所卫生许可。", (
        act(13, "10:22", "submit"),
        act(12, "09:32", "accept"),
        act(10, "14:50", "review", opinion=ON_SITE),
        act(9, "11:08", "grant", opinion=GRANTED),
    ), at_window=True),
)  # fmt: skip

# A form begun and not handed in.
DRAFT = Case("injury", "shenruoxi", "上班途中被电动自行车撞伤，", (act(1, "21:05", "draft"),))
