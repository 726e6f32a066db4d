"""What the demo city offers: its guides, its people and its stories, before anything of it stands in a database."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from xiaoneng.jobs.demo import cases, items, people, places, plot, staff
from xiaoneng.jobs.demo.items import LICENCE, LICENCE_LIMIT
from xiaoneng.kit import numbers
from xiaoneng.rules.units import CalendarDays, Hours, Months, WorkingDays

GUIDES = items.guides()
UNCHECKED = "条文待核"
CITED = re.compile(r"《[^》]+》.*第[一二三四五六七八九十百千零]+[条章]")


def test_a_city_of_many_departments_offers_what_people_come_for():
    assert 120 <= len(GUIDES) <= 150
    assert 28 <= len({guide.organ for guide in GUIDES.values()}) <= len(places.ORGANS)
    levels = {len(places.ORGANS[guide.organ].region) for guide in GUIDES.values()}
    assert levels == {6, 9, 12}


@pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
def test_a_guide_rests_on_a_law_and_its_article_or_says_that_it_is_unchecked(guide):
    assert guide.basis and guide.conditions and guide.aliases and guide.themes and guide.result
    for text in guide.basis:
        assert text.startswith("《") and (CITED.search(text) or "待核" in text), text


@pytest.mark.parametrize("guide", GUIDES.values(), ids=GUIDES)
def test_a_promise_is_published_with_its_steps_and_is_no_longer_than_the_law(guide):
    if not guide.open:
        assert guide.key in {"penalty", "inspection", "seizure", "soilfee", "helper"}
        return
    assert guide.papers and guide.required and guide.asks
    if guide.kind == LICENCE:
        assert guide.statutory is not None
    if type(guide.promised) is type(guide.statutory):
        assert guide.promised.n <= guide.statutory.n
    if LICENCE_LIMIT in guide.basis:
        assert guide.statutory == WorkingDays(20)
    if isinstance(guide.promised, WorkingDays):
        assert sum(days for _, days in guide.reviews) <= guide.promised.n
        assert bool(guide.reviews) == (guide.promised.n > 0)


def test_limits_come_in_every_unit_and_in_the_lengths_that_cities_know():
    limits = [limit for guide in GUIDES.values() for limit in (guide.statutory, guide.promised) if limit]
    assert {type(limit) for limit in limits} == {WorkingDays, CalendarDays, Hours, Months}
    assert {limit.n for limit in limits if isinstance(limit, WorkingDays)} >= {0, 3, 5, 7, 10, 20, 30, 45, 60}
    instant = [guide for guide in GUIDES.values() if guide.promised == WorkingDays(0)]
    assert len(instant) >= 0.1 * len(GUIDES)


def test_most_articles_were_checked():
    texts = [text for guide in GUIDES.values() for text in guide.basis]
    assert sum(UNCHECKED in text for text in texts) < 0.25 * len(texts)


def test_numbers_of_invented_people_firms_and_organs_have_valid_form_and_are_given_once():
    persons, firms = people.CITIZENS.values(), people.FIRMS.values()
    assert all(numbers.is_identity_number(each.number) and numbers.is_mobile(each.phone) for each in persons)
    assert all(numbers.is_credit_code(each.code) for each in firms)
    assert all(numbers.is_credit_code(places.code_of(organ)) for organ in places.ORGANS.values())
    for given in (
        [p.number for p in persons],
        [p.name for p in persons],
        [f.code for f in firms],
        [f.name for f in firms],
    ):
        assert len(set(given)) == len(given)
    signs = [organ.sign for organ in places.ORGANS.values()]
    assert len(set(signs)) == len(signs)


def test_nobody_who_reviews_for_an_organ_decides_for_it():
    for organ in places.ORGANS:
        reviewers, heads = staff.holding("reviewer", organ), staff.holding("head", organ)
        assert not {post.login for post in reviewers} & {post.login for post in heads}
    working = {guide.organ for guide in GUIDES.values() if guide.open}
    assert all(staff.holding(role, organ) for organ in working for role in ("window", "reviewer", "head"))


def test_the_same_city_is_drawn_every_time_and_no_two_cases_alike():
    first, second = list(plot.cases(300)), list(plot.cases(300))
    assert first == second
    assert len({repr((case.item, case.who, case.acts)) for case in first}) == len(first)
    assert max(Counter((case.item, case.who) for case in first).values()) <= 3


def test_every_story_goes_forward_in_time():
    for case in (*cases.CASES, *plot.cases(400)):
        when = [(-act.ago, act.clock) for act in case.acts]
        assert when == sorted(when), case
