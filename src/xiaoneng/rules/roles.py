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
    LIST_EDITOR = "list_editor"
    LEGAL_OFFICE = "legal_office"
    LIST_OFFICE = "list_office"

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
    Role.LIST_EDITOR: "清单编制人员",
    Role.LEGAL_OFFICE: "法制审查人员",
    Role.LIST_OFFICE: "清单管理人员",
}

# Held by virtue of what somebody is to the matter, never granted by a row in org.
BY_NATURE = frozenset({Role.APPLICANT, Role.PLATFORM})
# Held for the lists of powers; who holds nothing else sees no case of anybody.
ON_LISTS = (Role.LIST_EDITOR, Role.LEGAL_OFFICE, Role.LIST_OFFICE)
GRANTED = tuple(role for role in Role if role not in BY_NATURE and role not in ON_LISTS)


class Administrator(StrEnum):
    """The three who look after the platform and after each other: never one person, and none of them handles cases."""

    SYSTEM = "system_administrator"
    SECURITY = "security_administrator"
    AUDIT = "audit_administrator"

    @property
    def label(self) -> str:
        """Return the role's Chinese name."""
        return _ADMINISTRATORS[self]


_ADMINISTRATORS = {
    Administrator.SYSTEM: "系统管理员",
    Administrator.SECURITY: "安全管理员",
    Administrator.AUDIT: "审计管理员",
}
