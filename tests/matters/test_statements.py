"""A move asks the database a few questions, and no more of them for a long review chain or a long story."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

import build
from xiaoneng.approval.actions import accept, apply, deliver, extension, review, special
from xiaoneng.jobs.bench import city, inside

pytestmark = pytest.mark.django_db
MOST = 4


def test_every_move_of_a_life_takes_the_same_few_statements_whether_it_has_1_3_or_12_review_steps():
    counted = inside.statements_of_moves(city.build())
    assert set(counted) == {1, 3, 12}
    assert counted[1] == counted[3] == counted[12]
    assert set(counted[1]) == {"submit", "accept", "review", "grant", "deliver"}
    assert max(counted[1].values()) <= MOST


def statements(verb, matter, by, **more) -> int:
    with inside.listening() as heard:
        verb(matter, by=by, at=datetime.now(UTC), key=uuid4(), **more)
    return len(heard)


def test_the_moves_beside_the_straight_way_take_as_few():
    where = build.city()
    version = build.item(where, steps=(("初审", 2), ("复审", 2)), materials=())
    walk = build.application(where, version).drafted(datetime.now(UTC))
    matter, clerk, reviewer, head, citizen = walk.matter, where.clerk, where.reviewer, where.head, where.citizen
    lacks = [accept.Lack("缺少经营场所证明", "产权证或者租赁合同", "《城镇燃气管理条例》第十五条")]
    apply.submit(matter, by=citizen, at=datetime.now(UTC), key=uuid4())
    taken = {"request_correction": statements(accept.request_correction, matter, clerk, lacks=lacks)}
    taken["supplement"] = statements(apply.supplement, matter, citizen, note="已补齐")
    accept.accept(matter, by=clerk, at=datetime.now(UTC), key=uuid4())
    asked = {"kind": "hearing", "days": 5, "reason": "涉及公共利益"}
    taken["suspend"] = statements(special.suspend, matter, reviewer, **asked)
    taken["resume"] = statements(special.resume, matter, reviewer, result="原则通过")
    taken["extend"] = statements(extension.extend, matter, head, days=5, reason="需要跨部门核实")
    for _ in range(2):
        review.review(matter, by=reviewer, at=datetime.now(UTC), key=uuid4(), opinion="符合条件。")
    refusal = {"reason": "场所不符合规划。", "basis": "《城镇燃气管理条例》第十五条"}
    taken["refuse"] = statements(review.refuse, matter, head, **refusal)
    taken["deliver to another"] = statements(
        deliver.deliver, matter, clerk, way="direct", recipient="门卫", note="代收"
    )
    assert max(taken.values()) <= MOST, taken


def test_an_answer_repeated_for_the_same_key_takes_one_statement():
    where = build.city()
    walk = build.application(where, build.item(where, materials=())).drafted(datetime.now(UTC))
    apply.submit(walk.matter, by=where.citizen, at=datetime.now(UTC), key=uuid4())
    key = uuid4()
    first = accept.accept(walk.matter, by=where.clerk, at=datetime.now(UTC), key=key)
    with inside.listening() as heard:
        again = accept.accept(walk.matter, by=where.clerk, at=datetime.now(UTC), key=key)
    assert len(heard) == 1
    assert again.replayed and (again.seq, again.numbers, again.hash) == (first.seq, first.numbers, first.hash)
