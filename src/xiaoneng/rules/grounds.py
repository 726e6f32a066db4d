"""The two words every rule speaks: the legal basis, and the obstacle that rests on it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

DIGITS = "零一二三四五六七八九"
LEVEL = re.compile(r"第?[（(]?([零一二三四五六七八九十百]+)[）)]?(款|项|目)")
NUMBERED = re.compile(r"(\d+)(?:之(.+))?")


def numeral(number: int) -> str:
    """Write a number from 0 to 9999 in Chinese numerals, as the articles of a law are numbered.

    :raises ValueError: when the number is out of that range.
    """
    if not 0 <= number <= 9999:
        raise ValueError(f"条文序号应在 0 至 9999 之间，收到的是 {number}。")
    if number < 10:
        return DIGITS[number]
    written = ""
    for power, word in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, power)
        if digit:
            written += DIGITS[digit] + word
        elif written and number and not written.endswith("零"):
            written += "零"
    return written.removeprefix("一") if written.startswith("一十") else written


@dataclass(frozen=True, slots=True)
class Basis:
    """A provision: law, article (empty for a document without articles), clause such as 一款五项, and its words."""

    law: str
    article: int | str
    clause: str = ""
    text: str = ""

    def __str__(self) -> str:
        law = self.law if self.law.startswith("《") else f"《{self.law}》"
        return law + self._article() + self._clause()

    def _article(self) -> str:
        """Write the article: 32 -> 第三十二条, "133之一" -> 第一百三十三条之一."""
        written = str(self.article)
        if not written:
            return ""
        if found := NUMBERED.fullmatch(written):
            return f"第{numeral(int(found[1]))}条" + (f"之{found[2]}" if found[2] else "")
        return written if written.startswith("第") else f"第{written}条"

    def _clause(self) -> str:
        """Write the clause: 一款五项 -> 第一款第五项; words that are no paragraph or item stay as they are."""
        if LEVEL.sub("", self.clause):
            return self.clause
        return "".join(f"第{number}{level}" for number, level in LEVEL.findall(self.clause))

    def as_json(self) -> dict[str, int | str]:
        """Hand out the provision as plain words for a column or a journal entry."""
        return {"law": self.law, "article": self.article, "clause": self.clause, "text": self.text}

    @classmethod
    def from_json(cls, plain: Mapping[str, int | str]) -> "Basis":
        """Read back what as_json() wrote.

        :raises KeyError: when law or article is missing.
        """
        clause, text = str(plain.get("clause", "")), str(plain.get("text", ""))
        return cls(str(plain["law"]), plain["article"], clause, text)


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in the way of an act (message), why by law (basis), and what to do next (remedy)."""

    code: str
    message: str
    basis: Basis
    remedy: str = ""


class Obstructed(Exception):
    """An act that the law does not allow yet; it carries every obstacle at once, for 一次性告知 is law."""

    def __init__(self, obstacles: Iterable[Obstacle]) -> None:
        self.obstacles: tuple[Obstacle, ...] = tuple(obstacles)
        super().__init__(self.obstacles)

    def __str__(self) -> str:
        return "；".join(obstacle.message.rstrip("。；") for obstacle in self.obstacles) + "。"


class NotAllowed(Exception):
    """An act that this person may not do, or not in this state; the message says in Chinese what to do next."""


class NotFound(Exception):
    """A thing asked for that does not exist or may not be seen; the message says in Chinese what to do next."""


LICENSING = "行政许可法"
CIVIL_CODE = "民法典"
BUSINESS_CLIMATE = "优化营商环境条例"

ONE_TIME_NOTICE = Basis(
    LICENSING,
    32,
    "一款四项",
    "申请材料不齐全或者不符合法定形式的，应当当场或者在五日内一次告知申请人需要补正的全部内容，"
    "逾期不告知的，自收到申请材料之日起即为受理。",
)
DECISION_TIME = Basis(
    LICENSING,
    42,
    "一款",
    "除可以当场作出行政许可决定的外，行政机关应当自受理行政许可申请之日起二十日内作出行政许可决定。"
    "二十日内不能作出决定的，经本行政机关负责人批准，可以延长十日，并应当将延长期限的理由告知申请人。"
    "但是，法律、法规另有规定的，依照其规定。",
)
JOINT_DECISION_TIME = Basis(
    LICENSING,
    42,
    "二款",
    "依照本法第二十六条的规定，行政许可采取统一办理或者联合办理、集中办理的，办理的时间不得超过四十五日；"
    "四十五日内不能办结的，经本级人民政府负责人批准，可以延长十五日，并应当将延长期限的理由告知申请人。",
)
DELIVERY_TIME = Basis(
    LICENSING,
    44,
    "",
    "行政机关作出准予行政许可的决定，应当自作出决定之日起十日内向申请人颁发、送达行政许可证件，"
    "或者加贴标签、加盖检验、检测、检疫印章。",
)
TIME_NOT_COUNTED = Basis(
    LICENSING,
    45,
    "",
    "行政机关作出行政许可决定，依法需要听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审的，"
    "所需时间不计算在本节规定的期限内。行政机关应当将所需时间书面告知申请人。",
)
WORKING_DAYS_COUNT = Basis(LICENSING, 82, "", "本法规定的行政机关实施行政许可的期限以工作日计算，不含法定节假日。")
START_DAY_NOT_COUNTED = Basis(CIVIL_CODE, 201, "一款", "按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算。")
HOURS_RUN_FROM_THE_MOMENT = Basis(
    CIVIL_CODE, 201, "二款", "按照小时计算期间的，自法律规定或者当事人约定的时间开始计算。"
)
CORRESPONDING_DAY = Basis(
    CIVIL_CODE,
    202,
    "",
    "按照年、月计算期间的，到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日。",
)
LAST_DAY_ROLLS_FORWARD = Basis(
    CIVIL_CODE, 203, "一款", "期间的最后一日是法定休假日的，以法定休假日结束的次日为期间的最后一日。"
)
CLOSE_OF_BUSINESS = Basis(
    CIVIL_CODE,
    203,
    "二款",
    "期间的最后一日的截止时间为二十四时；有业务时间的，停止业务活动的时间为截止时间。",
)
PROMISED_TIME = Basis(
    BUSINESS_CLIMATE,
    36,
    "二款",
    "法律、法规、规章以及国家有关规定对政务服务事项办理时限有规定的，应当在规定的时限内尽快办结；"
    "没有规定的，应当按照合理、高效的原则确定办理时限并按时办结。各地区可以在国家规定的政务服务事项办理时限内"
    "进一步压减时间，并应当向社会公开；超过办理时间的，办理单位应当公开说明理由。",
)
