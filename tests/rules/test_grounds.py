import json

import pytest

from xiaoneng.rules import grounds
from xiaoneng.rules.grounds import Basis, Obstacle, Obstructed, numeral


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "零"), (8, "八"), (10, "十"), (14, "十四"), (20, "二十"), (32, "三十二"), (100, "一百"), (110, "一百一十"),
     (201, "二百零一"), (1024, "一千零二十四"), (1010, "一千零一十"), (1260, "一千二百六十")],
)  # fmt: skip
def test_articles_are_numbered_as_laws_number_them(number, written):
    assert numeral(number) == written


def test_an_article_number_beyond_any_law_is_refused():
    with pytest.raises(ValueError, match="9999"):
        numeral(10_000)


@pytest.mark.parametrize(
    ("basis", "written"),
    [
        (Basis("行政许可法", 32, "一款五项"), "《行政许可法》第三十二条第一款第五项"),
        (Basis("行政许可法", 82), "《行政许可法》第八十二条"),
        (Basis("行政许可法", "32", "一款"), "《行政许可法》第三十二条第一款"),
        (Basis("刑法", "133之一"), "《刑法》第一百三十三条之一"),
        (Basis("某条例", "十二", "第二款"), "《某条例》第十二条第二款"),
        (Basis("某条例", "第十二条"), "《某条例》第十二条"),
        (Basis("国务院办公厅关于2026年部分节假日安排的通知", ""), "《国务院办公厅关于2026年部分节假日安排的通知》"),
        (Basis("《民法典》", 201), "《民法典》第二百零一条"),
        (Basis("某办法", 3, "但书"), "《某办法》第三条但书"),
    ],
)
def test_a_basis_is_written_as_lawyers_cite_it(basis, written):
    assert str(basis) == written


def test_a_basis_survives_the_way_through_json():
    basis = grounds.ONE_TIME_NOTICE
    assert Basis.from_json(json.loads(json.dumps(basis.as_json()))) == basis


def test_a_refusal_names_every_obstacle_at_once():
    seal = Obstacle("seal", "申请表未盖章。", grounds.ONE_TIME_NOTICE, "请盖章后重新上传。")
    plan = Obstacle("plan", "缺少平面图", grounds.ONE_TIME_NOTICE)
    refusal = Obstructed([seal, plan])
    assert refusal.obstacles == (seal, plan)
    assert str(refusal) == "申请表未盖章；缺少平面图。"
