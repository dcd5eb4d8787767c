"""How good a day's plan is, on instances that everybody can compare: `python -m benchmarks.dispatch --format lilim F…`.

`--format lilim` reads Li and Lim's pick-up and delivery instances with time windows, `--format darp` Cordeau's
dial-a-ride instances. Each file gives one JSON line: vehicles, distance, requests served, violations that our checker
finds, seconds, and the gap to the best value known (`dispatch_best.json` names the sources of each value, and which are
quoted only: what an exact method proved and logged, what a table or a thesis gives). `--solver vroom` and
`--solver ortools` give the same budget to those alone, on one processor each, as they run; `ours` uses two.
"""

if __name__ == "__main__":
    # Each solving process reads this file again: what it does not need stays out of it.
    from benchmarks.dispatching import main

    main()
