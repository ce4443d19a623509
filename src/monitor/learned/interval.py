"""Wilson's 95 % interval of a share, in whole numbers, so that it is the same on every machine and with any number of threads.

With k of n and A = z^2 (z = 1.959964, the 97.5 % point of the normal distribution) its ends are

    (2k + A -+ sqrt(A^2 + 4 A k (n - k) / n)) / (2 (n + A))

k, n and A are counted in millionths, and the root is the largest whole number whose square does not exceed what stands under
it: the root of the processor, which may be off by one at this size, corrected by comparing squares. Ends have four decimals.
k and n may be fractions: an audit with unequal chances of being visited has an effective number of visits.
"""

from __future__ import annotations

import duckdb

# z squared in millionths
_A = 3_841_459


def make_interval_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection `share`, `share_low` and `share_high` of (k, n) in millionths; DECIMAL(6,4), null when n is 0.

    Of counts it is `share(k * 1000000, n * 1000000)`; n may be a thousand million at most.
    """
    connection.execute(f"""
        create or replace temp macro corrected_root(root, x) as
            root - cast(root * root > x as integer) + cast((root + 1) * (root + 1) <= x as integer);
        create or replace temp macro whole_root(x) as
            corrected_root(cast(sqrt(cast(x as double)) as hugeint), cast(x as hugeint));
        create or replace temp macro half_width(k, n) as
            whole_root({_A}::hugeint * {_A} + 4::hugeint * {_A} * ((k * (n - k)) // n));
        create or replace temp macro four_decimals(x) as
            cast(cast(greatest(0, least(10000, x)) as bigint) * 0.0001 as decimal(6, 4));
        create or replace temp macro share(k, n) as
            case when n > 0 and k >= 0 then four_decimals(rounded_quotient(cast(k as hugeint) * 10000, cast(n as hugeint))) end;
        create or replace temp macro wilson_end(k, n, width) as
            case when n > 0 and k >= 0 then four_decimals(rounded_quotient((2 * k + {_A} + width) * 10000, 2 * (n + {_A}))) end;
        create or replace temp macro share_low(k, n) as
            wilson_end(cast(k as hugeint), cast(n as hugeint), -half_width(cast(k as hugeint), nullif(cast(n as hugeint), 0)));
        create or replace temp macro share_high(k, n) as
            wilson_end(cast(k as hugeint), cast(n as hugeint), half_width(cast(k as hugeint), nullif(cast(n as hugeint), 0)));
    """)
