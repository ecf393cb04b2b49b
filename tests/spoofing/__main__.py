"""`python -m tests.spoofing`: the list of attacks; with --run, after all of them were made against the rehearsal."""

from __future__ import annotations

import sys

from tests.spoofing.listing import attacks, every, table, unattacked


def main() -> int:
    """0 if nobody got in."""
    for complaint in unattacked():
        print(complaint)
    if "--run" not in sys.argv:
        print(table())
        return 0
    from tests.spoofing.running import Stage, run

    with Stage() as stage:
        tally = run(stage, every(attacks()))
    print(table(tally.got_in, tally.tried))
    for reason in (*tally.reasons, *tally.broken):
        print(reason)
    return 1 if tally.reasons or tally.broken else 0


if __name__ == "__main__":
    sys.exit(main())
