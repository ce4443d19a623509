"""`monitor doctor`: is the machine fit, was the last night well?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def doctor_command(
    home: Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    notify: Annotated[bool, typer.Option("--notify", help="有不行的就发通知 tell the channels what fails")] = False,
    notify_test: Annotated[bool, typer.Option("--notify-test", help="只试发一条通知 only send a test message")] = False,
) -> None:
    """体检:机器、目录、密钥、时钟、最近一晚是否正常。有不行的退出码为 1,只有注意的为 0。Is all well? Exit code 1 if not."""
    from rich.console import Console

    from monitor import clock, doctor
    from monitor import notify as notifying

    moment = clock.now()
    if notify_test:
        told = notifying.try_all(doctor.home_of(home), moment)
        print("\n".join(f"{one.channel}:{'已送达' if one.ok else one.why}" for one in told) or "没有设通知(notify.toml)。")
        raise typer.Exit(0 if told and all(one.ok for one in told) else 1)
    results = doctor.examine(home, moment)
    if as_json:
        print(doctor.as_json(results))
    else:
        Console().print(doctor.as_table(results))
    bad = doctor.bad_news(results)
    if bad and notify:
        notifying.tell(doctor.home_of(home), notifying.health_is_bad(clock.newest_due(moment), bad))
    raise typer.Exit(1 if bad else 0)
