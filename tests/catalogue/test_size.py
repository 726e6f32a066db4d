"""Ten thousand rows of an unknown file, with the dirt that is usual, come in within a minute."""

import csv
import random

import pytest
from guide_rows import MONDAY, TUESDAY

from xiaoneng.catalogue.imports import import_catalogue

pytestmark = [pytest.mark.django_db, pytest.mark.prove]
ROWS = 10_000


def test_ten_thousand_rows_come_in_within_a_minute_and_a_repeat_changes_nothing(tmp_path):
    draw = random.Random(7)
    with (tmp_path / "big.csv").open("w", encoding="gb18030", newline="") as out:
        table = csv.writer(out)
        table.writerow(
            [
                "事项编码",
                "事项名称",
                "实施主体",
                "事项类型",
                "设定依据",
                "法定时限",
                "承诺时限",
                "申请材料",
                "收费标准",
                "受理条件",
            ]
        )
        for n in range(ROWS):
            days = draw.choice(["20个工作日", "20(工作日)", "20日", "二十日", "1个月", ""])
            materials = "\n".join(f"{k}.材料{draw.randrange(500)}" for k in range(draw.randrange(8)))
            kind = draw.choice(["行政许可", "行政处罚", "公共服务", "怪类"])
            basis, conditions = "《某某条例》（国务院令第455号）第十六条", "条件" * draw.randrange(80)
            whose = [f"Q{n}", f"事项&nbsp;{n}", f"安澜市第{n % 60}局", kind]
            table.writerow([*whose, basis, days, "5个工作日", materials, "不收费", conditions])
    told: list[str] = []
    report = import_catalogue(tmp_path / "big.csv", at=MONDAY, tell=told.append)
    assert (report.read, report.created) == (ROWS, ROWS)
    assert report.seconds < 60 and len(told) >= 6
    again = import_catalogue(tmp_path / "big.csv", at=TUESDAY)
    assert (again.created, again.updated, again.unchanged) == (0, 0, ROWS)
