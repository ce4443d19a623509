"""A made-up county, three nights in a row: the shortest way to see what the system does."""

from __future__ import annotations

from datetime import date, timedelta

from monitor import audit, steps
from monitor.durable import remove
from monitor.errors import Fault, UsageError
from monitor.progress import shown
from monitor.run import DEMO_MARK, Home
from monitor.settings import Settings
from monitor.summary import Figures
from monitor.synth import Plan, synthesise

FIRST_NIGHT = date(2026, 11, 18)
NIGHTS = 3


def run_demo(settings: Settings, *, persons: int, seed: int) -> list[Figures]:
    """Make the county's deliveries, run its nights; return their manifests.

    What an earlier demo left in the home is removed; a home that no demo made is never touched, nor is an inbox elsewhere
    that the environment names: the demo has its own.

    Raises:
        UsageError: the home holds something else.
    """
    settings = settings.model_copy(update={"inbox": None})
    home = Home(settings.home)
    if home.root.is_dir() and any(home.root.iterdir()) and not home.is_demo:
        fault = Fault(str(home.root), "里面有不是演示生成的文件", remedy="用 --home 指定一个空的或新的目录")
        raise UsageError("演示不会在可能存有真实数据的目录里运行。", [fault])
    for folder in (settings.inbox_folder, home.landing, home.runs, home.outbox, home.published):
        remove(folder)  # of a link the link only
    home.make()
    (home.root / DEMO_MARK).write_text("made-up people only\n", encoding="utf-8")
    audit.record(home.root, audit.Action.DEMO_MADE, persons=persons, seed=seed)
    plan = Plan(persons=persons, seed=seed, as_of=FIRST_NIGHT, nights=NIGHTS)
    with shown("虚构县") as report:
        synthesise(plan, settings.inbox_folder, lambda done, of: report("synth", done, of))
    settings.inbox_folder.chmod(0o700)
    manifests = []
    for day in (FIRST_NIGHT + timedelta(days=n) for n in range(NIGHTS)):
        with shown(day.isoformat()) as report:
            manifests.append(steps.run_night(settings, day, report))
    return manifests


def next_steps(settings: Settings) -> str:
    """Where to look and what to try after the demo."""
    home = settings.home
    last = (FIRST_NIGHT + timedelta(days=NIGHTS - 1)).isoformat()
    lists = sorted((home / "outbox" / last).glob("*/*.xlsx"))
    first = next((path for path in lists if path.stem != "supervision"), home / "outbox" / last)
    return (
        f"\n接下来可以:\n"
        f"  打开一份乡镇名单      {first}\n"
        f"  打印入户单            {first.with_name(first.stem + '_入户单.html')}\n"
        f"  填好名单后收回        放进 {home / 'answers'},再运行 monitor collect --home {home}\n"
        f"  看简报                {home / 'published' / 'bulletin' / last / 'index.html'}\n"
        f"  看核查进度            monitor progress --home {home}\n"
        f"  问一户为什么在上面    monitor explain 工单编号 --home {home}\n"
        f"  试算一个标准          monitor plan --set self_paid_resident_yuan=20000 --home {home}\n"
        f"  看一项指标            monitor indicators show EXP-004 --home {home}\n"
        f"  问分析库              monitor sql --recipe fell_through --home {home}\n"
        f"  哪些没列入、为什么    monitor sql --recipe left_off --home {home}\n"
        f"  看有哪些问题          monitor sql --recipes\n"
        f"  换成自己的数据        monitor run --as-of 2026-11-20 --home DIR --inbox 部门数据目录\n"
    )
