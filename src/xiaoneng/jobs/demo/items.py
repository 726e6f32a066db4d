"""What can be applied for in 安澜: ten items in our own words, each resting on a statute that everybody can look up.

Where an article is not certain, the text says 条文待核. The organs, their codes and telephones are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

WORKING, CALENDAR = "working_day", "calendar_day"
UNCERTAIN = "（条文待核）"
LICENCE_LIMIT = "《中华人民共和国行政许可法》第四十二条第一款（二十日内作出决定）"


@dataclass(frozen=True, slots=True)
class Organ:
    """A department of the city."""

    name: str
    sign: str  # 机关代字, begins the numbers of its documents
    code: str
    phone: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A material, and where the applicant gets it."""

    name: str
    source: str = "申请人自备"
    required: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """An item as its guide describes it; `reviews` are the steps between acceptance and decision with their days."""

    key: str
    organ: str
    name: str
    statutory: int | None
    promised: int
    conditions: tuple[str, ...]
    basis: tuple[str, ...]
    papers: tuple[Paper, ...]
    reviews: tuple[tuple[str, int], ...]
    themes: tuple[str, ...]
    aliases: tuple[str, ...]
    result: str
    audience: tuple[str, ...] = ("企业法人", "非法人企业")
    kind: str = "行政许可"
    unit: str = WORKING


CENTRE = "政务服务管理局"
HOUSING = "住房和城乡建设局"
MARKET = "市场监督管理局"
HEALTH = "卫生健康委员会"
TRANSPORT = "交通运输局"
LABOUR = "人力资源和社会保障局"
STREETS = "城市管理局"

ORGANS = (
    Organ(CENTRE, "安政务", "11339900MB0A100014", "12345 转 801"),
    Organ(HOUSING, "安住建", "11339900MB0A100027", "12345 转 802"),
    Organ(MARKET, "安市监", "11339900MB0A10003A", "12345 转 803"),
    Organ(HEALTH, "安卫健", "11339900MB0A10004D", "12345 转 804"),
    Organ(TRANSPORT, "安交运", "11339900MB0A10005G", "12345 转 805"),
    Organ(LABOUR, "安人社", "11339900MB0A10006K", "12345 转 806"),
    Organ(STREETS, "安城管", "11339900MB0A10007N", "12345 转 807"),
)

FORM = Paper("申请书", "窗口领取或网上填写", note="写明申请事项，由申请人签名或者盖章")
LICENCE = Paper("营业执照", "市场监督管理部门核发", note="可以调用电子证照，不必复印")
IDENTITY = Paper("申请人身份证明", "公安机关核发")
AGENT = Paper("授权委托书", required=False, note="委托他人办理时才要")

ITEMS = (
    Guide(
        "gas", HOUSING, "燃气经营许可证核发", 20, 8,
        conditions=(
            "经营范围和供气区域与本市燃气发展规划一致",
            "有合格而稳定的气源，储存、输配设施符合国家标准",
            "有固定的经营场所、成套的安全制度和可行的经营方案",
            "主要负责人、安全管理人员和运行抢修人员经过专业培训并考核合格",
        ),
        basis=("《城镇燃气管理条例》第十五条", LICENCE_LIMIT),
        papers=(
            FORM, LICENCE,
            Paper("气源供应协议", note="写明供气量和期限"),
            Paper("燃气设施竣工验收报告", "建设单位组织验收后取得"),
            Paper("安全管理制度和抢险预案"),
            Paper("从业人员考核合格证明", "燃气管理部门组织考核后取得"),
        ),
        reviews=(("材料审查", 3), ("现场核查", 3)),
        themes=("公用事业",), aliases=("开液化气站", "卖煤气", "天然气公司办证"), result="燃气经营许可证",
    ),
    Guide(
        "food", MARKET, "食品经营许可", 10, 5,
        conditions=(
            "场所与经营的食品种类、数量相适应，与垃圾场、厕所等污染源保持规定的距离",
            "设备和流程能把生食与熟食、原料与成品分开",
            "有食品安全管理人员和进货查验、从业人员健康管理等制度",
        ),
        basis=("《中华人民共和国食品安全法》第三十五条", f"《食品经营许可和备案管理办法》办理期限{UNCERTAIN}"),
        papers=(
            FORM, LICENCE,
            Paper("经营场所平面图和设备布局图", note="手绘也可以，标明尺寸"),
            Paper("食品安全管理制度"),
            Paper("从业人员健康证明", "有资质的体检机构出具", required=False),
        ),
        reviews=(("材料审查", 2), ("现场核查", 2)),
        themes=("公用事业",), aliases=("开饭店", "开餐馆", "小吃店办证", "卫生许可证办饭店", "奶茶店"),
        result="食品经营许可证", audience=("自然人", "企业法人", "非法人企业"),
    ),
    Guide(
        "reissue", MARKET, "食品经营许可证补发", None, 0,
        conditions=("持有本市核发并在有效期内的食品经营许可证", "原证遗失或者损坏"),
        basis=(f"《食品经营许可和备案管理办法》关于补发的规定{UNCERTAIN}", "《优化营商环境条例》第三十六条（办理时限应当公布）"),
        papers=(FORM, IDENTITY),
        reviews=(),
        themes=("证件办理",), aliases=("证丢了", "补证", "许可证遗失"), result="食品经营许可证（补发）",
        audience=("自然人", "企业法人", "非法人企业"), kind="其他行政权力",
    ),
    Guide(
        "hygiene", HEALTH, "公共场所卫生许可", 20, 6,
        conditions=(
            "旅店、浴室、理发、游泳馆等公共场所的空气、水质、采光和噪声符合国家卫生标准",
            "清洗、消毒、通风设施齐全",
            "直接为顾客服务的人员持有健康合格证明",
        ),
        basis=("《公共场所卫生管理条例》第四条", LICENCE_LIMIT),
        papers=(
            FORM, LICENCE,
            Paper("场所平面图"),
            Paper("卫生检测报告", "有资质的检测机构出具", note="一年以内"),
            Paper("卫生管理制度"),
        ),
        reviews=(("材料和现场审查", 4),),
        themes=("医疗卫生",), aliases=("开宾馆", "开理发店", "开浴室", "民宿卫生证"), result="卫生许可证",
    ),
    Guide(
        "freight", TRANSPORT, "道路货物运输经营许可", 20, 5,
        conditions=(
            "车辆与经营业务相适应并经检测合格",
            "驾驶员具备相应的驾驶资格",
            "有健全的安全生产管理制度",
            "总质量 4.5 吨及以下的普通货车不需要办理本许可",
        ),
        basis=(f"《中华人民共和国道路运输条例》关于货运经营条件的规定{UNCERTAIN}", LICENCE_LIMIT),
        papers=(
            FORM, LICENCE,
            Paper("车辆行驶证和检测合格证明"),
            Paper("驾驶员从业资格证"),
            Paper("安全生产管理制度"),
            AGENT,
        ),
        reviews=(("审查", 3),),
        themes=("交通出行",), aliases=("跑货运", "货车营运证", "大货车办证"), result="道路运输经营许可证",
        audience=("自然人", "企业法人"),
    ),
    Guide(
        "drain", HOUSING, "城镇污水排入排水管网许可", 20, 10,
        conditions=(
            "排放口的位置和接法符合排水与污水处理规划",
            "按规定建有预处理设施和检测井",
            "排放的污水符合国家和本省的排放标准",
            "重点排污单位还应装有主要污染物自动监测设备",
        ),
        basis=("《城镇排水与污水处理条例》第二十一条", LICENCE_LIMIT),
        papers=(
            FORM, LICENCE,
            Paper("排水管网平面图", "设计单位出具"),
            Paper("水质水量检测报告", "有资质的检测机构出具"),
        ),
        reviews=(("材料审查", 4), ("现场勘查", 4)),
        themes=("环保绿化",), aliases=("排污水", "接下水道", "餐馆排水证"), result="污水排入排水管网许可证",
    ),
    Guide(
        "building", HOUSING, "建筑工程施工许可证核发", 7, 3,
        conditions=(
            "已经办理用地批准手续，依法应当办理规划许可的已经取得",
            "施工场地已经具备施工条件，施工单位已经确定",
            "有满足施工需要的资金安排、施工图纸和技术资料",
            "有保证工程质量和安全的具体措施",
        ),
        basis=("《中华人民共和国建筑法》第七条、第八条（自收到申请之日起七日内）",),
        papers=(
            FORM,
            Paper("用地批准手续", "自然资源部门核发"),
            Paper("建设工程规划许可证", "自然资源部门核发"),
            Paper("施工合同"),
            Paper("施工图审查合格书", "施工图审查机构出具"),
            Paper("质量和安全措施文件"),
        ),
        reviews=(("审查", 2),),
        themes=("规划建设",), aliases=("开工证", "工地开工", "盖厂房"), result="建筑工程施工许可证",
        audience=("企业法人", "事业法人", "行政机关"),
    ),
    Guide(
        "dispatch", LABOUR, "劳务派遣经营许可", 20, 10,
        conditions=(
            "注册资本不少于人民币二百万元",
            "有与业务相适应的固定经营场所和设施",
            "有合法的劳务派遣管理制度",
        ),
        basis=("《中华人民共和国劳动合同法》第五十七条", LICENCE_LIMIT),
        papers=(
            FORM, LICENCE,
            Paper("验资证明或者财务报表"),
            Paper("经营场所使用证明"),
            Paper("劳务派遣管理制度", note="含派遣协议样本"),
        ),
        reviews=(("审查", 4), ("复核", 3)),
        themes=("就业创业",), aliases=("派遣公司", "人力资源公司办证"), result="劳务派遣经营许可证",
    ),
    Guide(
        "advert", STREETS, "设置大型户外广告审批", 20, 5,
        conditions=(
            "位置和形式符合户外广告设置规划与市容标准",
            "不妨碍交通、消防和相邻建筑的采光通风",
            "结构安全，有具备资质的单位设计",
        ),
        basis=("《城市市容和环境卫生管理条例》第十一条", LICENCE_LIMIT),
        papers=(
            FORM, LICENCE,
            Paper("设置位置的使用权证明"),
            Paper("实景效果图"),
            Paper("结构设计图", "有资质的设计单位出具"),
        ),
        reviews=(("审查", 3),),
        themes=("城市综合执法",), aliases=("门头广告", "楼顶广告牌", "户外大屏"), result="准予设置决定",
    ),
    Guide(
        "injury", LABOUR, "工伤认定", 60, 30,
        conditions=(
            "职工在工作时间、工作场所因工作受到事故伤害，或者有法律规定的其他情形",
            "自事故发生或者诊断为职业病之日起一年内提出；由单位申请的为三十日内",
        ),
        basis=("《工伤保险条例》第十七条、第十八条", "《工伤保险条例》第二十条（自受理之日起六十日内）"),
        papers=(
            Paper("工伤认定申请表", "窗口领取或网上填写"),
            Paper("劳动关系证明", note="劳动合同、工资记录等"),
            Paper("医疗诊断证明", "医疗机构出具"),
            Paper("事故情况说明", required=False),
        ),
        reviews=(("调查核实", 20),),
        themes=("社会保障（社会保险、社会救助）",), aliases=("上班受伤", "工伤怎么办", "工伤鉴定"), result="工伤认定决定书",
        audience=("自然人", "企业法人", "事业法人"), kind="行政确认", unit=CALENDAR,
    ),
)  # fmt: skip
