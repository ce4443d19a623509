"""Names, addresses and phone numbers of nobody."""

from __future__ import annotations

import numpy as np
import polars as pl

from monitor.synth.streams import Bools, Ints, pick

SURNAMES = list(
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
GIVEN = list(
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅春花国庆建文光荣德福贵才富顺云山林海龙凤珍珠"
    "翠莲菊香琴美仙正兴发财朝元开学志忠孝义礼智信仁永昌世安康宁乐欢喜朋辉晨曦宇轩子涵梓欣怡佳雨诺一"
)
FIRST_PARTS = ["阿卡", "木呷", "尔古", "吉克", "沙马", "阿说", "曲比", "依拉", "扎西", "岩温", "玉罕", "阿木"]
LAST_PARTS = ["拉铁", "伍牛", "依妞", "石一", "史布", "尔哈", "卓玛", "次仁", "香囡", "叫", "军军", "阿英"]
MINORITIES = ["彝族", "回族", "苗族", "壮族", "布依族", "白族", "傣族", "藏族"]
# 154 is the one block of 15x that was never given to a carrier: nobody can be rung up
PHONE_PREFIX = 15_400_000_000


def surnames(rng: np.random.Generator, size: int) -> Ints:
    """Positions in `SURNAMES`, the commoner ones more often."""
    return (len(SURNAMES) * rng.random(size) ** 1.8).astype(np.int64)


def full_names(rng: np.random.Generator, surname: Ints, dotted: Bools) -> pl.Series:
    """A name for each person: surname and one or two characters, or a dotted minority name."""
    size = len(surname)
    second = pick(rng, ["", *GIVEN], size, [len(GIVEN) / 3, *np.ones(len(GIVEN))])
    plain = pl.Series(SURNAMES).gather(surname) + pick(rng, GIVEN, size) + second
    minority = pick(rng, FIRST_PARTS, size) + "·" + pick(rng, LAST_PARTS, size)
    return plain.zip_with(~pl.Series(dotted), minority)


def nations(rng: np.random.Generator, is_minority: Bools) -> pl.Series:
    """A nation for each person, as its code list names it."""
    size = len(is_minority)
    most = pl.Series(["汉族"]).new_from_index(0, size)
    return most.zip_with(~pl.Series(is_minority), pick(rng, MINORITIES, size))


def phones(rng: np.random.Generator, given: Bools) -> pl.Series:
    """11 digits with the prefix 154, or nothing."""
    numbers = pl.Series(PHONE_PREFIX + rng.integers(0, 100_000_000, len(given))).cast(pl.String)
    return numbers.to_frame("p").select(pl.when(pl.Series(given)).then("p")).to_series()


def addresses(rng: np.random.Generator, village_name: pl.Series) -> pl.Series:
    """`<village>3组27号`."""
    size = len(village_name)
    group = pl.Series(rng.integers(1, 15, size)).cast(pl.String)
    number = pl.Series(rng.integers(1, 120, size)).cast(pl.String)
    return village_name + group + "组" + number + "号"
