"""Questions to the Parquet files of `stancelog export`, asked with DuckDB (`pip install duckdb`).

    stancelog export stances --format parquet -o stances.parquet
    stancelog export changes --format parquet -o changes.parquet
    stancelog export events --format parquet -o events.parquet
    python examples/parquet.py TARGET [FOLDER]

Prints who is against the target, the confirmed flips of each year, and how much each year has of each action.
"""

import os
import sys

import duckdb


def main():
    target = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else "."
    file = lambda name: os.path.join(folder, f"{name}.parquet")

    # Every file says of what it is.
    about = dict(duckdb.execute("SELECT decode(key), decode(value) FROM parquet_kv_metadata(?)", [file("stances")]).fetchall())
    print(f"known at {about['known_at']} of {about['head']}, by the rule {about['rule']}")

    print(f"\nAgainst {target}:")
    against = "SELECT actor_name, basis, since, len(decided_by) FROM read_parquet(?) WHERE target = ? AND stance = 'against' ORDER BY actor"
    for name, basis, since, events in duckdb.execute(against, [file("stances"), target]).fetchall():
        print(f"  {name}: {basis} since {since}, by {events} events")

    print("\nConfirmed full flips a year:")
    flips = "SELECT substr(\"at\", 1, 4) AS y, count(*) FROM read_parquet(?) WHERE flip = 'full' AND confirmed GROUP BY y ORDER BY y"
    for year, count in duckdb.execute(flips, [file("changes")]).fetchall():
        print(f"  {year}: {count}")

    # The bounds of a date are points in time: an event without a beginning has none.
    print("\nWhat was done, by the year that it began in:")
    acts = "SELECT year(earliest) AS y, action, count(*) AS n FROM read_parquet(?) WHERE type = 'stance' GROUP BY ALL ORDER BY y NULLS FIRST, n DESC, action"
    for year, action, count in duckdb.execute(acts, [file("events")]).fetchall():
        print(f"  {year or '..'}: {action} {count}")


if __name__ == "__main__":
    main()
