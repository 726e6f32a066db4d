"""What may happen beside the review of an application: interested parties, hearing, site check, experts, publication.

None of these moves leads to another state, and none but a hearing's preparation has a clock: what may stop the clocks
is a special procedure, begun and ended by moves of its own.
"""

from __future__ import annotations

from xiaoneng.rules.grounds import LICENSING, Basis
from xiaoneng.rules.procedures.table import ClockName, Document, Move, start, stop
from xiaoneng.rules.roles import Role

PARTIES_NOTICE = Document("interested_party_notice", "利害关系人权利告知书", "利")
STATEMENT_RECORD = Document("statement_record", "陈述申辩笔录", "陈")
HEARING_NOTICE = Document("hearing_notice", "听证通知书", "听")
HEARING_ANNOUNCEMENT = Document("hearing_announcement", "听证公告", "听公")
NO_HEARING = Document("hearing_declined", "不予听证通知书", "不听")
HEARING_RECORD = Document("hearing_record", "听证笔录", "听笔")
SITE_CHECK_NOTICE = Document("site_check_notice", "现场核查通知书", "核")
SITE_CHECK_RECORD = Document("site_check_record", "现场核查笔录", "核笔")
EXPERT_OPINION = Document("expert_opinion", "专家评审意见书", "评")
LEGAL_OPINION = Document("legal_review_opinion", "法制审核意见书", "法审")
PUBLICATION = Document("publication", "公示公告", "公")
PUBLICATION_RESULT = Document("publication_result", "公示结果", "公结")

PARTIES_TOLD = Basis(
    LICENSING,
    36,
    "",
    "行政许可事项直接关系他人重大利益的，应当告知该利害关系人。申请人、利害关系人有权进行陈述和申辩。"
    "行政机关应当听取申请人、利害关系人的意见。",
)
HEARING_PUBLIC = Basis(
    LICENSING,
    46,
    "",
    "法律、法规、规章规定实施行政许可应当听证的事项，或者行政机关认为需要听证的其他涉及公共利益的重大行政许可事项，"
    "行政机关应当向社会公告，并举行听证。",
)
HEARING_ON_REQUEST = Basis(
    LICENSING,
    47,
    "一款",
    "申请人、利害关系人在被告知听证权利之日起五日内提出听证申请的，行政机关应当在二十日内组织听证。",
)
HEARING_NOTIFIED = Basis(
    LICENSING,
    48,
    "一款一项",
    "行政机关应当于举行听证的七日前将举行听证的时间、地点通知申请人、利害关系人，必要时予以公告。",
)
HEARING_CHAIR = Basis(
    LICENSING,
    48,
    "一款三项",
    "行政机关应当指定审查该行政许可申请的工作人员以外的人员为听证主持人，申请人、利害关系人认为主持人与该行政许可事项"
    "有直接利害关系的，有权申请回避。",
)
HEARING_SIGNED = Basis(LICENSING, 48, "一款五项", "听证应当制作笔录，听证笔录应当交听证参加人确认无误后签字或者盖章。")
HEARING_DECIDES = Basis(LICENSING, 48, "二款", "行政机关应当根据听证笔录，作出行政许可决定。")
TWO_OFFICERS = Basis(
    LICENSING, 34, "三款", "需要对申请材料的实质内容进行核实的，行政机关应当指派两名以上工作人员进行核查。"
)
EXPERTS = Basis(LICENSING, 45, "", "依法需要专家评审的，所需时间不计算在期限内，应当将所需时间书面告知申请人。")
PUBLISHED = Basis(LICENSING, 5, "二款", "行政许可的实施和结果，除涉及国家秘密、商业秘密或者个人隐私的外，应当公开。")

LEGALLY_REVIEWED = Basis(
    "国办发〔2018〕118号", "", "", "作出重大执法决定之前，必须进行法制审核；未经审核或者审核未通过的，不得作出决定。"
)

_BENCH = (Role.REVIEWER, Role.HEAD)


def proceedings(stages: tuple[str, ...]) -> tuple[Move, ...]:
    """Return the moves that may be made in these states and stay in them."""

    def beside(
        name: str, label: str, roles: tuple[Role, ...], basis: Basis, document: Document | None = None, **more: object
    ) -> Move:
        return Move(name, label, stages, stages, roles, basis, document=document, **more)  # type: ignore[arg-type]

    return (
        beside("inform_parties", "告知利害关系人", _BENCH, PARTIES_TOLD, PARTIES_NOTICE,
               clock=start(ClockName.HEARING_REQUEST)),
        beside("record_statement", "登记陈述申辩", _BENCH, PARTIES_TOLD, STATEMENT_RECORD),
        beside("request_hearing", "登记听证申请", (Role.APPLICANT, Role.WINDOW, Role.REVIEWER), HEARING_ON_REQUEST,
               clock=stop(ClockName.HEARING_REQUEST) + start(ClockName.HEARING)),
        beside("decline_hearing", "不予听证", _BENCH, HEARING_ON_REQUEST, NO_HEARING, clock=stop(ClockName.HEARING)),
        beside("schedule_hearing", "安排听证", _BENCH, HEARING_NOTIFIED, HEARING_NOTICE,
               further=(HEARING_ANNOUNCEMENT,)),
        beside("record_hearing", "登记听证笔录", _BENCH, HEARING_SIGNED, HEARING_RECORD,
               clock=stop(ClockName.HEARING)),
        beside("schedule_site_check", "安排现场核查", _BENCH, TWO_OFFICERS, SITE_CHECK_NOTICE),
        beside("record_site_check", "登记现场核查", _BENCH, TWO_OFFICERS, SITE_CHECK_RECORD),
        beside("record_expert_review", "登记专家评审意见", _BENCH, EXPERTS, EXPERT_OPINION),
        beside("record_legal_review", "登记法制审核意见", (Role.REVIEWER, Role.HEAD, Role.DEPUTY), LEGALLY_REVIEWED,
               LEGAL_OPINION),
        beside("publish", "公示", _BENCH, PUBLISHED, PUBLICATION),
        beside("close_publication", "登记公示结果", _BENCH, PUBLISHED, PUBLICATION_RESULT),
        beside("call_off", "取消安排", _BENCH,
               Basis("平台办件规则", "", "", "已经安排的听证、现场核查、公示不再进行的，写明理由并告知申请人")),
    )  # fmt: skip
