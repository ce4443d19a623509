"""`monitor keys`: make a key, encrypt a home, change its key, make it clear again, and say how it stands.

A key never stands on the command line: the key in force comes from the settings, a new one from a file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from monitor.encryption import HomeKey
    from monitor.settings import Settings

keys = typer.Typer(help="加密密钥:生成、加密、更换、查看。Keys of the encrypted home.", no_args_is_help=True)
HomeOption = Annotated[Path | None, typer.Option(help="工作目录 home folder (default: $MONITOR_HOME or ./var)")]


@keys.command("new")
def new_key(file: Annotated[Path, typer.Argument(help="写到哪里 a new file, outside of the home")]) -> None:
    """生成一把新密钥,只有自己能读。Write a new 256-bit key."""
    from monitor.encryption.key import write_new_key

    key = write_new_key(file)
    print(f"新密钥 {key.mark} 已写到 {file}。请另外保管一份:丢了密钥,用它加密的数据谁也打不开。")


@keys.command("status")
def key_status(home: HomeOption = None) -> None:
    """工作目录用哪把密钥加密,给的密钥对不对。Which key locks the home, and whether the given one fits.

    Raises:
        UsageError: a night could not open the home; says why.
    """
    from monitor.encryption import key_of, must_fit
    from monitor.encryption.check import encryption_of
    from monitor.rekey import count_stored
    from monitor.run import Home
    from monitor.settings import load_settings

    settings = load_settings(home)
    now, given, found = encryption_of(settings.home), key_of(settings), count_stored(Home(settings.home))
    print(f"工作目录 {settings.home}:{f'用密钥 {now.key.mark} 加密' if now.key else '没有加密'}")
    print(f"受限数据文件:已加密 {found.encrypted:,} 个,明文 {found.clear:,} 个")
    print(f"给的密钥:{given.mark if given else '没有'}")
    must_fit(settings)


@keys.command("encrypt")
def encrypt_home(home: HomeOption = None) -> None:
    """用设置里的密钥加密一个明文的工作目录。Encrypt a clear home with the key of the settings.

    Raises:
        UsageError: no key is set, or the home is not clear.
    """
    settings, key = _with_key(home)
    _rekey(settings, None, key)


@keys.command("rotate")
def rotate_key(
    to: Annotated[Path, typer.Option(help="新密钥文件 file of the new key")],
    home: HomeOption = None,
) -> None:
    """换密钥:所有文件用新密钥重新加密;中断后再执行一次即可。Re-encrypt everything with another key; resumable.

    Raises:
        UsageError: the key of the settings is not that of the home, or the new one cannot be used.
    """
    from monitor.encryption.key import read_key

    settings, key = _with_key(home)
    _rekey(settings, key, read_key(to, settings.home))
    print(f"从现在起用 MONITOR_ENCRYPTION_KEY_FILE={to}。旧密钥只在打开旧备份时还需要。")


@keys.command("decrypt")
def decrypt_home(
    yes: Annotated[bool, typer.Option("--yes", help="确认以后明文存放 yes, store it in clear from now on")] = False,
    home: HomeOption = None,
) -> None:
    """把工作目录变回明文。Make an encrypted home clear again.

    Raises:
        UsageError: it was not confirmed, or the key of the settings is not that of the home.
    """
    from monitor.errors import Fault, UsageError

    if not yes:
        raise UsageError("没有解密。", [Fault("--yes", "没有写", why="此后磁盘上是明文的个人信息", remedy="确认后加上 --yes")])
    settings, key = _with_key(home)
    _rekey(settings, key, None)
    print("从现在起不再设置 MONITOR_ENCRYPTION_KEY_FILE。")


def _with_key(home: Path | None) -> tuple[Settings, HomeKey]:
    from monitor.encryption import key_of
    from monitor.errors import Fault, UsageError
    from monitor.settings import load_settings

    settings = load_settings(home)
    key = key_of(settings)
    if key is None:
        fault = Fault("MONITOR_ENCRYPTION_KEY_FILE", "没有设置", "密钥文件", remedy="先用 monitor keys new 生成一把")
        raise UsageError("没有给密钥。", [fault])
    return settings, key


def _rekey(settings: Settings, before: HomeKey | None, after: HomeKey | None) -> None:
    from monitor import audit
    from monitor.progress import shown
    from monitor.rekey import rekey

    with shown("密钥") as report:
        written = rekey(settings, before, after, report)
    marks = {"before": before.mark if before else "none", "after": after.mark if after else "none"}
    audit.record(settings.home, audit.Action.KEYS_ROTATED, files=written, **marks)
    print(f"写好 {written:,} 个文件;工作目录现在{f'用密钥 {after.mark} 加密' if after else '没有加密'}。")
