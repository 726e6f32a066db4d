"""Codes, masks, checks of numbers, Chinese numerals."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from xiaoneng.kit import numbers


def derived(n: int) -> str:
    return numbers.derived_code(hashlib.sha256(b"%d" % n).digest())


def test_a_code_holds_no_characters_that_look_alike():
    drawn = "".join(derived(n) + numbers.verify_code() for n in range(300))
    assert not set(drawn) & set("0O1ILU")
    assert set(drawn) == set(numbers.ALPHABET)
    assert len(derived(1)) == 8
    assert 12 <= len(numbers.verify_code()) <= 16


def test_two_codes_are_never_the_same_and_one_digest_gives_one_code():
    assert len({derived(n) for n in range(2000)}) == 2000
    assert derived(7) == derived(7)


@pytest.mark.parametrize(
    "typed", ["k7pm-3xw9", " K7PM 3XW9 ", "Ｋ７ＰＭ－３ＸＷ９", "k7pm—3xw9", "K7PM\u200b3XW9\n", "k7pm_3xw9"]
)
def test_a_code_is_found_however_it_was_typed(typed):
    assert numbers.normalise_code(typed) == "K7PM3XW9"


def test_a_grouped_code_reads_back_as_itself():
    code = numbers.verify_code()
    assert numbers.grouped("ABCDEFGHJKMN") == "ABCD-EFGH-JKMN"
    assert numbers.normalise_code(numbers.grouped(code)) == code


@pytest.mark.parametrize(
    ("mask", "plain", "shown"),
    [
        (numbers.masked_phone, "13812342607", "138****2607"),
        (numbers.masked_phone, "12345", "1****"),
        (numbers.masked_id_number, "11010519491231002X", "110***********002X"),
        (numbers.masked_name, "王小明", "王*明"),
        (numbers.masked_name, "王明", "王*"),
        (numbers.masked_name, "欧阳小明", "欧**明"),
        (numbers.masked_name, "", ""),
    ],
)
def test_a_mask_shows_enough_to_recognise_and_no_more(mask, plain, shown):
    assert mask(plain) == shown


@pytest.mark.parametrize(
    ("number", "right"),
    [
        ("11010519491231002X", True),
        ("110105194912310021", False),  # wrong check character
        ("11010519490231002X", False),  # 31 February
        ("1101051949123100", False),
        ("11010519491231002x", False),  # normalise first
        ("", False),
        ("一一〇一〇五一九四九一二三一〇〇二X", False),
    ],
)
def test_an_identity_number_is_checked_by_date_and_check_character(number, right):
    assert numbers.is_identity_number(number) is right


def test_a_resident_whose_county_no_list_knows_is_not_turned_away():
    body = "81000019900101001"
    number = next(body + last for last in "0123456789X" if numbers.is_identity_number(body + last))
    assert number.startswith("810000")


@pytest.mark.parametrize(
    ("code", "right"),
    [
        ("91110000600037341L", True),
        ("91110000600037341M", False),
        ("91110000I00037341L", False),  # I is not in the code's alphabet
        ("9111000060003734", False),
        ("", False),
    ],
)
def test_a_credit_code_is_checked_by_its_check_character(code, right):
    assert numbers.is_credit_code(code) is right


def test_a_rural_collective_has_a_credit_code_that_begins_with_a_letter():
    body = "N2440113MF12345AB"
    assert sum(numbers.is_credit_code(body + last) for last in "0123456789ABCDEFGHJKLMNPQRTUWXY") == 1


def test_a_mobile_number_has_eleven_digits_and_begins_with_13_to_19():
    assert numbers.is_mobile("13812342607")
    assert not any(
        map(
            numbers.is_mobile, ["12812342607", "1381234260", "138123426077", "１３８１２３４２６０７", "+8613812342607"]
        )
    )


def test_a_date_is_written_without_leading_zeros():
    assert numbers.chinese_date(date(2026, 3, 2)) == "2026年3月2日"
