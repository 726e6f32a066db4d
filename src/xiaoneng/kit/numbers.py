"""Codes that people read aloud, numbers that people carry, and numbers and dates as Chinese writes them."""

from __future__ import annotations

import re
import secrets
import unicodedata
from datetime import date

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError

# No 0/O, 1/I/L and no U, which is misread as V: thirty characters, almost five bits each.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
QUERY_LENGTH = 8  # 39 bits, safe only together with a limit on tries
VERIFY_LENGTH = 12  # 59 bits, safe by itself


def derived_code(digest: bytes) -> str:
    """Return the code of eight characters that a secret digest stands for, to be asked for together with a number."""
    number, letters = int.from_bytes(digest, "big"), []
    for _ in range(QUERY_LENGTH):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)


def verify_code() -> str:
    """Return a fresh random code of twelve characters that finds its document by itself."""
    return _random(VERIFY_LENGTH)


def grouped(code: str) -> str:
    """Return the code in groups of four: XXXX-XXXX-XXXX."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def normalise_code(text: str) -> str:
    """Return a code as it is stored, however it was typed: half-width, upper-case, without spaces and dashes."""
    # Compatibility forms turn full-width letters, digits and dashes into the plain ones.
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in plain if unicodedata.category(character)[0] not in "PZC")


def masked(text: str, head: int, tail: int) -> str:
    """Return the text with its middle starred out; a text too short to have a middle shows its first character only."""
    if len(text) <= head + tail:
        return text[:1] + "*" * (len(text) - 1)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def masked_phone(number: str) -> str:
    """Return 13812342607 as 138****2607."""
    return masked(number, 3, 4)


def masked_id_number(number: str) -> str:
    """Return an identity number with its first three and last four characters, the birth date hidden."""
    return masked(number, 3, 4)


def masked_name(name: str) -> str:
    """Return 王小明 as 王*明 and 王明 as 王*."""
    return masked(name, 1, 1)


def is_mobile(text: str) -> bool:
    """Tell whether the text is a mobile number of mainland China: eleven digits beginning with 13 to 19."""
    return re.fullmatch(r"1[3-9][0-9]{9}", text) is not None


def is_identity_number(text: str) -> bool:
    """Tell whether the text is an identity number of 18 characters with a real date and the right check character.

    The place of birth is not looked up: no list is complete for closed and new counties, for residents from Hong Kong,
    Macau and Taiwan, and for the permanent residence cards of foreigners, and a real person must not be turned away.
    """
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", text):
        return False
    try:
        ric.get_birth_date(text)
    except ValidationError:
        return False
    return bool(text[-1] == ric.calc_check_digit(text))


def is_credit_code(text: str) -> bool:
    """Tell whether the text is a unified social credit code (GB 32100) with the right check character.

    The first two characters may be letters, as in N1 for rural collectives.
    """
    if not re.fullmatch(r"[1-9ANY][1-9A-HJ-NPQRTUWXY][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}", text):
        return False
    return bool(text[-1] == uscc.calc_check_digit(text))


def chinese_date(day: date) -> str:
    """Return the day as documents write it: 2026年3月2日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _random(length: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))
