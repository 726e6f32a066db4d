"""The calculator counts like the cases do, says what it cannot read, and never fails."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def asked(**more) -> str:
    return (
        Client().get("/calculator", {"start": "2026-03-02", "n": "20", "unit": "working_day"} | more).content.decode()
    )


def test_a_limit_with_a_pause_ends_when_a_case_with_that_pause_would():
    assert "2026年3月30日" in asked()
    page = asked(pauses="2026-03-09 2026-03-20")
    assert "2026年4月13日" in page and "第20日" in page


def test_what_cannot_be_read_is_said_beside_its_field():
    answer = Client().get("/calculator", {"start": "2026-02-30", "n": "x", "pauses": "三月九日"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "日期写成 2026-03-02 的样子" in page and "请填写整数" in page and "读不懂" in page


@pytest.mark.parametrize("odd", [{"n": "0"}, {"unit": "month", "n": "1"}, {"pauses": "2026-03-09"}, {"calendar": "999"},
                                 {"start": "9998-12-01"}, {"start": "0001-01-01"}, {"unit": "hour"}])  # fmt: skip
def test_odd_questions_get_an_answer_or_a_word(odd):
    answer = Client().get("/calculator", {"start": "2026-03-02", "n": "20", "unit": "working_day"} | odd)
    assert answer.status_code in (200, 422)
    assert "到" in answer.content.decode()
