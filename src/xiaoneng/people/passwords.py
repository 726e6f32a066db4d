"""What a password must be like, and passwords to begin with."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

CLASSES = (("小写字母", r"[a-z]"), ("大写字母", r"[A-Z]"), ("数字", r"[0-9]"), ("符号", r"[^a-zA-Z0-9]"))
LONGEST = 128
# Without those that look alike on paper.
_LETTERS = ("abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789")


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """How long, of how many kinds of characters, not the last few again, good for how many days (0: for ever)."""

    length: int = 10
    classes: int = 2
    history: int = 3
    days: int = 0

    def __str__(self) -> str:
        words = f"至少 {self.length} 位"
        if self.classes > 1:
            words += f"，小写字母、大写字母、数字、符号中至少 {self.classes} 种"
        if self.history:
            words += f"，不与最近 {self.history} 次用过的相同"
        return words + "，不含登录名"


def faults(password: str, policy: PasswordPolicy, username: str) -> list[str]:
    """Return everything that is wrong with a password, each in a sentence; nothing about former ones."""
    found = []
    if len(password) < policy.length:
        found.append(f"密码太短：现在 {len(password)} 位，至少要 {policy.length} 位。")
    if len(password) > LONGEST:
        found.append(f"密码太长：最多 {LONGEST} 位。")
    kinds = sum(bool(re.search(pattern, password)) for _, pattern in CLASSES)
    if kinds < policy.classes:
        names = "、".join(name for name, _ in CLASSES)
        found.append(f"密码里的字符种类太少：{names}中至少要有 {policy.classes} 种，现在只有 {kinds} 种。")
    if username and username.lower() in password.lower():
        found.append("密码里不能含有登录名。")
    if _is_common(password):
        found.append("这个密码很常见，容易被猜到，请换一个。")
    return found


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def initial(policy: PasswordPolicy) -> str:
    """Make a password to begin with: easy to read out, and good under any policy."""
    blocks = ["".join(secrets.choice(letters) for letters in (*_LETTERS, _LETTERS[0])) for _ in range(3)]
    while len("-".join(blocks)) < policy.length:
        blocks.append("".join(secrets.choice(_LETTERS[0]) for _ in range(4)))
    return "-".join(blocks)
