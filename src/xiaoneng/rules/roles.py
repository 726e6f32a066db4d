"""The roles that moves ask for; further roles and all holders of any role are rows in `org`."""

from enum import StrEnum


class Role(StrEnum):
    """A capacity in which somebody acts on a matter."""

    APPLICANT = "applicant"
    WINDOW = "window"
    REVIEWER = "reviewer"
    HEAD = "head"
    SUPERVISOR = "supervisor"
    PLATFORM = "platform"

    @property
    def label(self) -> str:
        """Return the role's Chinese name."""
        return _LABELS[self]


_LABELS = {
    Role.APPLICANT: "申请人",
    Role.WINDOW: "窗口人员",
    Role.REVIEWER: "审查人员",
    Role.HEAD: "部门负责人",
    Role.SUPERVISOR: "效能监察员",
    Role.PLATFORM: "平台",
}

# Held by virtue of what somebody is to the matter, never granted by a row in org.
BY_NATURE = frozenset({Role.APPLICANT, Role.PLATFORM})
GRANTED = tuple(role for role in Role if role not in BY_NATURE)
