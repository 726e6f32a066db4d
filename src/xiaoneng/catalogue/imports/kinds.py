"""From the words and numbers with which a source tells the kind of an item to ours."""

from __future__ import annotations

from collections.abc import Collection, Mapping

# The numbers of the national standard; a source that numbers otherwise says so in its mapping.
NUMBERED = {
    "01": "行政许可", "02": "行政处罚", "03": "行政强制", "04": "行政征收", "05": "行政给付", "06": "行政检查", "07": "行政确认",
    "08": "行政奖励", "09": "行政裁决", "10": "其他行政权力", "20": "公共服务",
}  # fmt: skip
# A part of a word, and the kind that it points to; the first that fits counts.
HINTS = (
    ("备案", "行政备案"), ("许可", "行政许可"), ("审批", "行政许可"), ("处罚", "行政处罚"), ("强制", "行政强制"),
    ("征收", "行政征收"), ("给付", "行政给付"), ("补贴", "行政给付"), ("检查", "行政检查"), ("确认", "行政确认"),
    ("登记", "行政确认"), ("认定", "行政确认"), ("鉴定", "行政确认"),
    ("奖励", "行政奖励"), ("裁决", "行政裁决"),
    ("公共服务", "公共服务"), ("便民", "公共服务"), ("其他", "其他行政权力"), ("其它", "其他行政权力"),
    ("licen", "行政许可"), ("permit", "行政许可"), ("approval", "行政许可"), ("authoris", "行政许可"), ("authoriz", "行政许可"),
    ("fine", "行政处罚"), ("penalt", "行政处罚"), ("inspection", "行政检查"), ("registr", "行政确认"), ("certif", "行政确认"),
    ("recogni", "行政确认"), ("grant", "行政给付"), ("benefit", "行政给付"), ("subsid", "行政给付"), ("allowance", "行政给付"),
    ("award", "行政奖励"), ("tax", "行政征收"), ("levy", "行政征收"), ("notification", "行政备案"), ("declaration", "行政备案"),
    ("filing", "行政备案"), ("licencia", "行政许可"), ("permiso", "行政许可"), ("autorisation", "行政许可"),
    ("genehmigung", "行政许可"), ("erlaubnis", "行政许可"), ("zulassung", "行政许可"), ("alvar", "行政许可"),
    ("permis", "行政许可"), ("허가", "行政许可"), ("인가", "行政许可"), ("면허", "行政许可"), ("許可", "行政许可"),
    ("등록", "行政确认"), ("登録", "行政确认"),
    ("증명", "行政确认"), ("証明", "行政确认"), ("신고", "行政备案"), ("届出", "行政备案"), ("anmeldung", "行政备案"),
    ("anzeige", "行政备案"), ("certid", "行政确认"), ("bescheinigung", "行政确认"), ("servi", "公共服务"),
    ("information", "公共服务"), ("service", "公共服务"), ("request", "公共服务"), ("enquir", "公共服务"),
)  # fmt: skip


def kind_of(words: str, known: Collection[str], given: Mapping[str, str]) -> str:
    """Return our kind for the source's words, or nothing; what a mapping says of a word comes first."""
    if words in given:
        return given[words]
    if words in known:
        return words
    if words.isdigit() and words.zfill(2) in NUMBERED:
        return NUMBERED[words.zfill(2)]
    plain = words.casefold()
    return next((kind for hint, kind in HINTS if hint in plain), "")
