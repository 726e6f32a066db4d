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
    DEPUTY = "deputy_head"
    CHIEF = "chief_representative"
    CONSULTED = "consulted"
    LEADER = "leader"
    AGENT = "agency_service"
    CASHIER = "cashier"
    CONCERNED = "concerned"

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
    Role.DEPUTY: "分管领导",
    Role.CHIEF: "首席代表",
    Role.CONSULTED: "被征求意见的部门",
    Role.LEADER: "政府负责人",
    Role.AGENT: "代办员",
    Role.CASHIER: "收费窗口人员",
    Role.CONCERNED: "当事人",
}

# Held by virtue of what somebody is to the matter, never granted by a row in org.
BY_NATURE = frozenset({Role.APPLICANT, Role.PLATFORM, Role.CONSULTED, Role.CONCERNED})
# Held for the lists of powers; who holds nothing else sees no case of anybody.
ON_LISTS = (Role.LIST_EDITOR, Role.LEGAL_OFFICE, Role.LIST_OFFICE)
# Held for the money: who takes it sees what is owed, and no case.
AT_THE_TILL = (Role.CASHIER,)
# Held for whole projects: the head of the government who lengthens a joint limit, the agent who goes along with a firm.
ON_PROJECTS = (Role.LEADER, Role.AGENT)
GRANTED = tuple(role for role in Role if role not in BY_NATURE and role not in (*ON_LISTS, *AT_THE_TILL, *ON_PROJECTS))


class Onlooker(StrEnum):
    """Those who read what supervision writes, and change nothing: no move asks for them."""

    DISCIPLINE = "discipline_inspector"
    CENTRE = "centre_manager"  # reads the boards of the cases, and nothing that supervision writes about anybody

    @property
    def label(self) -> str:
        """Return the role's Chinese name."""
        return _ONLOOKERS[self]


_ONLOOKERS = {Onlooker.DISCIPLINE: "纪检监察人员", Onlooker.CENTRE: "政务服务中心主任"}


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
