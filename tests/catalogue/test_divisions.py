"""Administrative divisions: what a code was called on a day, when names change and codes end."""

from datetime import date

import pytest

import shared_data
from xiaoneng.catalogue import divisions
from xiaoneng.catalogue.imports import Unreadable
from xiaoneng.rules.grounds import NotFound

pytestmark = pytest.mark.django_db
OLD, NEW = date(2020, 1, 1), date(2023, 6, 30)


def edition(folder, **files):
    folder.mkdir()
    for name, rows in files.items():
        (folder / f"{name}.csv").write_text("code,name\n" + "".join(f'{code},"{called}"\n' for code, called in rows))
    return folder


def test_a_renamed_and_an_abolished_division_keep_their_past(tmp_path):
    before = edition(tmp_path / "a", provinces=[("33", "浙江省")], areas=[("330103", "下城区"), ("330102", "上城区")])
    after = edition(tmp_path / "b", provinces=[("33", "浙江省")], areas=[("330102", "上城新区"), ("330113", "临平区")])
    assert divisions.take_in(before, valid_from=OLD, source="2020 版").fresh == 3
    told = divisions.take_in(after, valid_from=NEW, source="2023 版")
    assert (told.fresh, told.renamed, told.abolished, told.unchanged) == (1, 1, 1, 1)
    assert divisions.division_on("330102", date(2023, 6, 29)).name == "上城区"
    assert divisions.division_on("330102", NEW).name == "上城新区"
    assert divisions.division_on("330103", OLD).until == NEW
    with pytest.raises(NotFound, match="没有代码为 330103"):
        divisions.division_on("330103", NEW)
    assert [line.name for line in divisions.names_of("330102")] == ["上城新区", "上城区"]
    again = divisions.take_in(after, valid_from=NEW, source="2023 版")
    assert (again.fresh, again.renamed, again.abolished, again.unchanged) == (0, 0, 0, 3)
    with pytest.raises(Unreadable, match="按时间先后"):
        divisions.take_in(before, valid_from=OLD, source="旧")


@pytest.mark.prove
def test_the_whole_register_comes_in_with_its_levels():
    told = divisions.take_in(shared_data.needed() / "divisions", valid_from=NEW, source="国家统计局 2023")
    assert told.fresh == told.read > 40_000
    street = divisions.division_on("110101001", NEW)
    assert (street.name, street.level, street.parent_code) == ("东华门街道", "乡镇级", "110101")
    assert divisions.division_on("33", NEW).name == "浙江省"
    assert [line.name for line in divisions.below("", NEW)][:2] == ["北京市", "天津市"]
    assert "杭州市" in {line.name for line in divisions.below("330000", NEW)}
    assert divisions.division_on("330100", NEW).parent_code == "330000"


def test_a_folder_without_files_is_refused(tmp_path):
    with pytest.raises(Unreadable, match="没有区划文件"):
        divisions.take_in(tmp_path, valid_from=NEW, source="")
