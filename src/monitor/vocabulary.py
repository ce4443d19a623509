"""Words and weights that the whole system shares, with their Chinese labels."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What an indicator says of a subject; always exactly one of these."""

    EXEMPT = "exempt"
    CLEAR = "clear"
    HIT = "hit"
    UNKNOWN = "unknown"


class Direction(StrEnum):
    RISK = "risk"
    UNCOVERED = "uncovered"
    INTEGRITY = "integrity"
    PROCESS = "process"


class Level(StrEnum):
    URGENT = "urgent"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Colour(StrEnum):
    RED = "red"
    ORANGE = "orange"
    YELLOW = "yellow"
    BLUE = "blue"


class CaseKind(StrEnum):
    """An audit is a household without a case, drawn at random, so that missed need can be estimated."""

    VISIT = "visit"
    REVIEW = "review"
    AUDIT = "audit"


class CaseState(StrEnum):
    NEW = "new"
    CONTINUING = "continuing"
    ESCALATED = "escalated"
    EASED = "eased"
    CLEARED = "cleared"
    CARRIED = "carried"
    MUTED = "muted"
    REOPENED = "reopened"
    CLOSED = "closed"


class Answer(StrEnum):
    """What comes back from the field; the last two from the office that reviews a benefit. Labels: `schemas/answers.toml`."""

    TRUE_ENROLLED = "true_enrolled"
    TRUE_REFERRED = "true_referred"
    TRUE_TEMPORARY = "true_temporary"
    TRUE_COVERED = "true_covered"
    FALSE_DATA = "false_data"
    FALSE_CHANGED = "false_changed"
    NOT_FOUND = "not_found"
    DECLINED = "declined"
    PENDING = "pending"
    KEEP = "keep"
    STOP = "stop"


class DeliveryState(StrEnum):
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    REFUSED = "refused"


POINTS: Final = {Level.URGENT: 8, Level.HIGH: 5, Level.MEDIUM: 3, Level.LOW: 1}
# a case has the first colour whose floor its points reach
COLOUR_FLOORS: Final = {Colour.RED: 8, Colour.ORANGE: 5, Colour.YELLOW: 3, Colour.BLUE: 0}
DUE_WORKING_DAYS: Final = {Colour.RED: 3, Colour.ORANGE: 10, Colour.YELLOW: 20}

COLOUR_ZH: Final = {Colour.RED: "红", Colour.ORANGE: "橙", Colour.YELLOW: "黄", Colour.BLUE: "蓝"}
DIRECTION_ZH: Final = {
    Direction.RISK: "风险预警",
    Direction.UNCOVERED: "应享未享",
    Direction.INTEGRITY: "待遇复核",
    Direction.PROCESS: "经办督办",
}
LEVEL_ZH: Final = {Level.URGENT: "紧急", Level.HIGH: "高", Level.MEDIUM: "中", Level.LOW: "低"}
KIND_ZH: Final = {CaseKind.VISIT: "入户走访", CaseKind.REVIEW: "待遇复核"}
AREA_ZH: Final = {"any": "城乡", "rural": "农村", "urban": "城镇"}
STATE_ZH: Final = {
    CaseState.NEW: "新增",
    CaseState.CONTINUING: "持续",
    CaseState.ESCALATED: "升级",
    CaseState.EASED: "缓和",
    CaseState.CLEARED: "消除",
    CaseState.CARRIED: "沿用(数据不全)",
    CaseState.MUTED: "静默",
    CaseState.REOPENED: "重启",
    CaseState.CLOSED: "办结",
}
# for how many days an answer takes its case off the list; pending leaves it there
MUTE_DAYS: Final = {
    Answer.TRUE_ENROLLED: 180,
    Answer.TRUE_REFERRED: 180,
    Answer.TRUE_TEMPORARY: 180,
    Answer.TRUE_COVERED: 180,
    Answer.FALSE_DATA: 90,
    Answer.FALSE_CHANGED: 90,
    Answer.DECLINED: 90,
    Answer.NOT_FOUND: 30,
    Answer.KEEP: 180,
    Answer.STOP: 30,
}
# these wait for another try; every other answer that mutes closes the case
NOT_CLOSING: Final = (Answer.NOT_FOUND,)
NO_COUNTY: Final = "000000"

# the domain of an indicator is the first part of its code
DOMAINS: Final = {
    "IDH": ("identity", "身份与家庭结构"),
    "INC": ("income", "收入与就业"),
    "AST": ("assets", "财产与市场主体"),
    "EXP": ("spending", "刚性支出"),
    "HLT": ("health", "健康残疾与照料"),
    "EHD": ("living", "儿童教育、住房与突发灾害"),
    "BEN": ("benefits", "待遇与政策衔接"),
}
