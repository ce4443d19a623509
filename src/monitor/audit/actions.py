"""What is recorded, and how it is called in Chinese."""

from __future__ import annotations

from enum import StrEnum


class Action(StrEnum):
    """What somebody did, or what a program did for them."""

    DEMO_MADE = "demo_made"
    RUN_BEGUN = "run_begun"
    RUN_COMMITTED = "run_committed"
    RUN_ENDED = "run_ended"
    RUN_FAILED = "run_failed"
    PULLED = "pulled"
    COLLECTED = "collected"
    REVEALED = "revealed"
    EXPORTED = "exported"
    PUBLIC_RELEASED = "public_released"
    UI_OPENED = "ui_opened"
    KEYS_ROTATED = "keys_rotated"
    BACKED_UP = "backed_up"
    RESTORED = "restored"
    DELETED = "deleted"
    # written by the trail itself: a record that was cut off while it was written, and records that are missing
    REPAIRED = "repaired"
    GAP_FOUND = "gap_found"


ACTION_ZH = {
    Action.DEMO_MADE: "生成演示数据",
    Action.RUN_BEGUN: "开始运行",
    Action.RUN_COMMITTED: "结果生效",
    Action.RUN_ENDED: "运行完成",
    Action.RUN_FAILED: "运行失败",
    Action.PULLED: "取数",
    Action.COLLECTED: "收回核查结果",
    Action.REVEALED: "查看身份信息",
    Action.EXPORTED: "导出",
    Action.PUBLIC_RELEASED: "公开发布",
    Action.UI_OPENED: "打开界面",
    Action.KEYS_ROTATED: "更换密钥",
    Action.BACKED_UP: "备份",
    Action.RESTORED: "恢复",
    Action.DELETED: "清理",
    Action.REPAIRED: "补齐断尾",
    Action.GAP_FOUND: "发现缺失",
}
