"""Questions as people type them, against items of a city: how often the right one stands first, among three, among ten."""

from __future__ import annotations

import pytest
from guide_rows import MONDAY, imported, row

from xiaoneng.catalogue import search
from xiaoneng.catalogue.search import meant, said
from xiaoneng.jobs.demo.items import guides

pytestmark = pytest.mark.django_db
# What is asked, and the items of which any one is right.
ASKED = (
    ("开个小饭馆要什么证", "食品经营许可"),
    ("请问一下，我想开一家奶茶店，需要办哪些证件？", "食品经营许可"),
    ("在小区门口开个早餐店需要办理什么手续", "食品经营许可、食品小作坊登记"),
    ("身份证丢了去哪补", "居民身份证申领、换领、补领"),
    ("办护照要多少钱", "普通护照签发"),
    ("结婚登记要什么材料", "内地居民结婚登记"),
    ("离婚怎么办手续", "离婚登记预约"),
    ("买二手房过户", "国有建设用地使用权及房屋所有权转移登记"),
    ("查一下房子是谁的", "不动产登记资料查询"),
    ("房子抵押贷款", "不动产抵押权登记"),
    ("低保怎么申请", "最低生活保障审核确认"),
    ("爷爷80岁了有什么补贴", "高龄津贴申领"),
    ("上班路上受伤了算工伤吗", "工伤认定"),
    ("社保转移", "城镇职工基本养老保险关系转移接续申请"),
    ("给爸妈办退休", "企业职工基本养老金申领"),
    ("公积金提取", "购买自住住房提取住房公积金"),
    ("开旅馆需要什么证", "旅馆业特种行业许可、公共场所卫生许可"),
    ("跑网约车要什么证", "网络预约出租汽车运输证核发"),
    ("孩子上小学报名", "义务教育学校新生入学登记"),
    ("我家孩子今年要上一年级，怎么报名", "义务教育学校新生入学登记"),
    ("收养孩子", "收养登记"),
    ("打官司没钱请律师", "法律援助申请审查"),
    ("宅基地盖房", "农村村民宅基地用地批准、乡村建设规划许可证核发"),
    ("挖马路装水管", "占用、挖掘城市道路审批"),
    ("砍门口的树", "砍伐城市树木审批"),
    ("养猪场需要什么手续", "动物防疫条件合格证核发"),
    ("办演唱会", "营业性演出审批、大型群众性活动安全许可"),
    ("去世了养老金怎么领", "企业职工养老保险死亡待遇申领"),
    ("家里用电报装", "低压居民报装"),
    ("高速路况", "高速公路路况查询"),
    ("食品经营许可政", "食品经营许可"),
    ("营业性眼出", "营业性演出审批"),
    ("gongjijin", "购买自住住房提取住房公积金"),
    ("shenfenzheng", "居民身份证申领、换领、补领"),
    ("spjyxk", "食品经营许可"),
)
BESIDE = (
    "食品生产许可", "个体工商户设立登记", "公司设立登记", "户口迁移登记", "机动车注册登记", "中小学教师资格认定",
    "高速公路出行指数查询", "高压报装", "批量报装", "跨省异地就医备案", "残疾人证办理", "律师执业许可（初审）",
    "建筑工程施工许可证核发", "道路货物运输经营许可", "补领结婚证预约", "一级注册建造师考试报名",
)  # fmt: skip
FIRST, AMONG_THREE, AMONG_TEN = 0.94, 0.97, 0.97  # of the questions
# As people of a county say it, and a part of what the item of the demo city is called that answers it, or of one of several.
SPOKEN = (
    ("老年人坐公交", "高龄津贴"),
    ("老人坐公交车免费怎么办卡", "高龄津贴"),
    ("八十岁老人每个月能领多少钱", "高龄津贴"),
    ("我妈今年82了能领什么补助", "高龄津贴"),
    ("爸妈想住养老院", "养老机构"),
    ("村里老人交养老保险", "城乡居民基本养老保险"),
    ("农村养老金怎么交", "城乡居民基本养老保险"),
    ("腿脚残疾怎么评级", "残疾人证"),
    ("我爸中风瘫痪了想办残疾证", "残疾人证"),
    ("眼睛看不见能办残疾人证吗", "残疾人证"),
    ("残疾人补贴", "残疾人"),
    ("刚生了孩子怎么上户口", "户口"),
    ("怀孕了要去哪里登记", "生育登记"),
    ("小孩出生要办什么", "生育登记、户口"),
    ("生二胎要登记吗", "生育登记"),
    ("娃娃今年六岁上学怎么报名", "义务教育学校新生入学登记"),
    ("外地孩子在这里读书", "义务教育学校新生入学登记"),
    ("孩子身体不好想晚一年读书", "延缓入学"),
    ("孩子生病要休学", "休学"),
    ("考老师证", "教师资格"),
    ("交社保断了怎么补", "参保"),
    ("社保卡丢了怎么补", "社会保障卡"),
    ("被公司辞退了领钱", "失业保险金"),
    ("厂里干活手被机器压了", "工伤认定"),
    ("工地上摔伤了找谁", "工伤认定"),
    ("糖尿病买药报销", "门诊慢特病"),
    ("去省城看病怎么报销", "异地就医"),
    ("在外地打工看病报销", "异地就医"),
    ("老板拖欠农民工工资", "法律援助"),
    ("进城打工孩子上学", "新生入学"),
    ("外出务工人员回乡创业贷款", "创业担保贷款"),
    ("买了新房办房产证", "转移登记"),
    ("爸爸去世了房子怎么过户给我", "转移登记"),
    ("卖二手房怎么过户", "转移登记"),
    ("房子还完贷款了", "抵押权登记"),
    ("公积金可以取出来买房吗", "提取住房公积金"),
    ("没房子住想申请公租房", "公共租赁住房"),
    ("家里房子太旧想重新盖", "宅基地、乡村建设规划"),
    ("农村盖房子要谁批", "宅基地、乡村建设规划"),
    ("邻居占了我家地界", "土地权属争议"),
    ("买了新车怎么上牌", "机动车注册登记"),
    ("买二手车过户", "机动车"),
    ("开货车拉货要办什么证", "道路货物运输"),
    ("跑滴滴要什么证", "网络预约出租汽车"),
    ("开个小超市", "个体工商户、食品经营"),
    ("开理发店要什么手续", "公共场所卫生许可"),
    ("开个烧烤摊", "食品经营、占用街道"),
    ("想在家门口卖早点", "食品经营、食品小作坊"),
    ("卖烟卖酒要什么证", "烟草专卖零售"),
    ("门口挂个招牌要审批吗", "户外广告"),
    ("楼上装修垃圾倒哪", "建筑垃圾"),
    ("店铺开业前消防检查", "消防安全检查"),
    ("埋在哪里买墓地", "公墓"),
    ("领结婚证要带什么", "结婚登记"),
    ("跟外地人结婚在哪办", "结婚登记"),
    ("身份证快到期了", "居民身份证"),
    ("第一次办护照", "普通护照"),
    ("户口迁到城里", "户口迁移"),
    ("家里穷看病没钱", "最低生活保障"),
    ("打官司请不起律师", "法律援助"),
    ("退伍军人能领多少钱", "退役士兵"),
    ("村里打井要批吗", "取水许可"),
    ("种的树想砍了卖", "林木采伐"),
    ("养鸡场要办什么", "动物防疫条件"),
    ("河里挖沙子", "河道采砂"),
    ("老人卡怎么办", "高龄津贴"),
    ("奶奶九十岁有没有补助", "高龄津贴"),
    ("听不见了能评残疾吗", "残疾人证"),
    ("坐轮椅的人有什么照顾", "残疾人"),
    ("娃上幼儿园", "幼儿园"),
    ("给新生儿上户口", "户口"),
    ("小孩转到城里读书", "新生入学"),
    ("医保卡找不到了", "社会保障卡"),
    ("上班路上被车撞了", "工伤认定"),
    ("公司倒闭了没工作", "失业保险金"),
    ("血压高每月拿药能报吗", "门诊慢特病"),
    ("在广州住院怎么报", "异地就医"),
    ("爷爷的房子要过到孙子名下", "转移登记"),
    ("房子抵给银行", "抵押权登记"),
    ("租房子住能补钱吗", "公共租赁住房"),
    ("老家的土房子倒了要重建", "宅基地、乡村建设规划"),
    ("新买的电动车上牌", "机动车注册登记"),
    ("拖拉机要上牌吗", "拖拉机"),
    ("开小面馆", "食品经营"),
    ("摆个水果摊", "个体工商户、占用街道"),
    ("开民宿", "旅馆业、公共场所卫生许可"),
    ("办个托儿所", "幼儿园"),
    ("做腐竹小作坊", "食品小作坊"),
    ("店里卖保健品", "食品经营"),
    ("营业执照丢了", "食品经营许可证补发、个体工商户、公司设立"),
    ("办厂要环保批吗", "环境影响"),
    ("工地要开工了", "施工许可"),
    ("挖开马路接水管", "挖掘城市道路"),
    ("山上修条路占了林地", "林地"),
    ("鱼塘抽河里的水", "取水许可"),
    ("老人走了后事怎么办", "公墓"),
    ("补办结婚证", "结婚"),
    ("收养一个孩子", "收养登记"),
    ("身份证掉了", "居民身份证"),
    ("去香港玩要办什么", "护照"),
    ("工资要不回来请律师", "法律援助"),
    ("退伍回来有补助吗", "退役士兵"),
    ("想当导游", "导游证"),
    ("会计公司", "代理记账"),
    ("狗狗看病的店", "动物诊疗"),
    ("外公外婆有没有高龄钱领", "高龄津贴"),
    ("九十多岁的老人政府给钱吗", "高龄津贴"),
    ("手断了能不能办个残疾证", "残疾人证"),
    ("小儿麻痹办残疾", "残疾人证"),
    ("有了身孕去哪登记", "生育登记"),
    ("二娃出生了办什么证", "生育登记、户口"),
    ("姑娘六岁半可以读一年级吗", "新生入学"),
    ("想去学校当老师要什么证", "教师资格"),
    ("孩子生病请一年假不读书", "休学"),
    ("在厂里受伤老板不管", "工伤认定"),
    ("公司把我开除了能领失业金吗", "失业保险金"),
    ("社会保障卡丢失补办", "社会保障卡"),
    ("农村户口交养老的钱在哪交", "城乡居民基本养老保险"),
    ("老婆在深圳生病住院回来报销", "异地就医"),
    ("常年吃降压药报销", "门诊慢特病"),
    ("开个店缺钱能贷款吗", "创业担保贷款"),
    ("老房子翻新要报批吗", "宅基地、乡村建设规划"),
    ("两家为了地边吵架", "土地权属争议"),
    ("父亲过世房产怎么继承", "转移登记"),
    ("按揭还清了去哪解押", "抵押权"),
    ("查自己名下有没有房", "不动产登记资料查询"),
    ("低收入家庭租政府的房子", "公共租赁住房"),
    ("刚提了新车去哪上户", "机动车注册登记"),
    ("想跑货车赚钱", "道路货物运输"),
    ("晚上去街边卖烧烤", "食品经营、占用街道"),
    ("开一家火锅店全部手续", "食品经营"),
    ("奶茶加盟店办证", "食品经营"),
    ("开药铺", "药品零售"),
    ("开个美甲店", "公共场所卫生许可、个体工商户"),
    ("卖香烟的牌照", "烟草专卖零售"),
    ("店门口想搭个遮阳棚", "占用街道"),
    ("房子装修完垃圾怎么处理", "建筑垃圾"),
    ("开ktv消防", "消防安全检查、娱乐场所"),
    ("家门口大树挡住阳光", "砍伐城市树木"),
    ("承包山上的杉树砍了卖", "林木采伐"),
    ("养猪要办证不", "动物防疫"),
    ("跟女朋友领证", "结婚登记"),
    ("想领养个小孩", "收养登记"),
    ("身份证消磁了", "居民身份证"),
    ("没钱打官司", "法律援助"),
)
SPOKEN_FIRST, SPOKEN_AMONG_THREE = 0.93, 0.97


def test_most_questions_find_what_is_meant_in_the_first_place(tmp_path):
    names = dict.fromkeys([name for _, right in ASKED for name in _named(right)] + [*BESIDE])
    plain = {"matter_short": "无", "matter_daily": "无", "theme_category": ["其他"], "DEPT_NAME": "安澜市政府办"}
    imported(tmp_path / "items.jsonl", *(row(TASK_NAME=name, **plain) for name in names))
    places = {asked: _place(asked, _named(right)) for asked, right in ASKED}
    shares = [sum(1 for place in places.values() if place <= k) / len(places) for k in (1, 3, 10)]
    assert shares[0] >= FIRST and shares[1] >= AMONG_THREE and shares[2] >= AMONG_TEN, (
        shares,
        [asked for asked, place in places.items() if place > 3],
    )


def test_what_people_say_aloud_finds_the_right_item_among_those_of_a_county(tmp_path):
    rows = (
        row(
            TASK_NAME=guide.name, matter_short="无", matter_daily="；".join(guide.aliases) or "无",
            theme_category=list(guide.themes), DEPT_NAME=guide.organ,
        )
        for guide in guides().values()
    )  # fmt: skip
    imported(tmp_path / "items.jsonl", *rows)
    places = {}
    for asked, right in SPOKEN:
        names = [line.name for line in search.search(asked, at=MONDAY, limit=10).rows]
        parts = right.split("、")
        places[asked] = next((n for n, name in enumerate(names, start=1) if any(part in name for part in parts)), 99)
    first, three = (sum(1 for place in places.values() if place <= k) / len(places) for k in (1, 3))
    assert first >= SPOKEN_FIRST and three >= SPOKEN_AMONG_THREE, (
        first, three, [asked for asked, place in places.items() if place > 1],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("我妈今年82了能领什么", "我妈今年老人了能领什么"), ("六十五岁补贴", "老人补贴"), ("60周岁", "老人"),
        ("娃六岁上学", "娃 上学"), ("九十多岁", "老人"), ("2021了", "2021了"), ("百年老店", "百年老店"),
    ],
)  # fmt: skip
def test_an_age_past_sixty_stands_for_an_old_person_and_others_for_nothing(asked, told):
    assert said.aged(asked) == told


def test_what_is_said_around_a_question_makes_no_item_like_it(tmp_path):
    imported(tmp_path / "items.jsonl", row(TASK_NAME="工伤认定", matter_short="无", matter_daily="工伤怎么办"))
    assert search.search("人去世了怎么销户", at=MONDAY).rows == ()


def test_a_theme_answers_what_no_item_is_called(tmp_path):
    plain = {"matter_short": "无", "matter_daily": "无"}
    imported(
        tmp_path / "items.jsonl",
        row(TASK_NAME="骨灰堂建设审批", theme_category=["死亡殡葬"], **plain),
        row(TASK_NAME="公司设立登记", **plain),
    )
    found = search.search("人去世了怎么销户", at=MONDAY)
    assert ([line.name for line in found.rows], found.approximate) == (["骨灰堂建设审批"], True)


def test_a_single_character_that_something_has_by_chance_is_no_answer(tmp_path):
    imported(tmp_path / "items.jsonl", row(TASK_NAME="人力资源服务许可", matter_short="无", matter_daily="无"))
    assert meant.nearest("人去世了", MONDAY, search.Choice()) == meant.Near()


def _named(right: str) -> list[str]:
    return [right] if right.startswith(("居民身份证", "占用、")) else right.split("、")


def _place(asked: str, right: list[str]) -> int:
    names = [line.name for line in search.search(asked, at=MONDAY, limit=10).rows]
    return next((place for place, name in enumerate(names, start=1) if name in right), 99)
