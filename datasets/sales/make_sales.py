"""Simulate the daily sales of five shops over four years, with the faults of a real till.

    python datasets/sales/make_sales.py            write the three CSV files anew
    python datasets/sales/make_sales.py --check    exit 1 unless they are what is in this folder
    python datasets/sales/make_sales.py --report   sizes, counts of faults, and the noise floor

Every mechanism is a constant or a short function below, and README.md beside this file
describes it. The same seed gives the same bytes: random numbers are drawn shop by shop in
a fixed order, and sales are whole units.
"""

import sys
from math import exp, log, pi, sin
from pathlib import Path

import numpy as np
import pandas as pd

from utils.authoring.generated import run_generator

SEED = 20210101
FIRST_DAY, LAST_DAY = "2021-01-01", "2024-12-31"
TEST_FROM = "2024-01-01"
FOLDER = Path(__file__).resolve().parent

# name: (units on a plain day, growth per year, height of the yearly wave, day of its peak,
#        log effect of Monday … Sunday)
SHOPS = {
    "harbour": (160, 0.06, 0.22, 200, (-0.10, -0.12, -0.08, -0.02, 0.08, 0.20, 0.15)),
    "market": (260, 0.03, 0.05, 330, (-0.05, -0.10, 0.10, -0.08, 0.05, 0.35, -0.30)),
    "office": (140, 0.02, 0.06, 320, (0.18, 0.20, 0.20, 0.16, 0.06, -0.45, -0.55)),
    "station": (200, 0.05, 0.04, 350, (0.06, 0.00, 0.00, 0.04, 0.18, -0.08, -0.15)),
    "suburb": (110, 0.09, 0.08, 340, (-0.15, -0.15, -0.12, -0.08, 0.05, 0.35, 0.20)),
}
SPRING_FESTIVAL = ("2021-02-12", "2022-02-01", "2023-01-22", "2024-02-10")

# Promotions: a discount raises demand; word spreads for four days, then the novelty wears off.
UPLIFT = {10: 0.28, 20: 0.42, 30: 0.56}                            # log effect by percent off
WORD_OF_MOUTH = (0.45, 0.80, 1.15, 1.40, 1.30, 1.05, 0.80, 0.60, 0.45, 0.35)  # by day running
WEEKEND_SHOPPERS = 1.25                       # a promotion works this much better on Sat, Sun
PROMOTION_DAYS = (2, 10)                      # shortest and longest
GAP_DAYS = (7, 25)                            # days without a promotion in between
CUPBOARD_FILL, CUPBOARD_KEEP = 0.16, 0.82     # bought ahead per unit of uplift; kept per day
CUPBOARD_FULL = 0.75                          # log effect of the fullest cupboard

MOMENTUM_KEEP, MOMENTUM_SD = 0.93, 0.035      # slow ups and downs that nobody records
NOISE_SD = 0.075                              # what nobody can forecast, as a log effect
DELIVERY_FAILS = 0.035                        # chance per day of a short delivery
CATCH_UP = 0.5                                # share of unmet demand that returns next day

HOLIDAY_EFFECT = {"": 0.0, "new_year": 0.30, "spring_festival": -0.60, "labour_day": 0.25,
                  "national_day": 0.22, "pre_festival": 0.0}
PRE_FESTIVAL_DAYS, PRE_FESTIVAL_PEAK = 12, 0.55    # shopping grows towards the festival

# Faults planted in the file, all of them for the learner to find.
LOST_ROWS, OUTAGES = 60, ((3, 9), (1, 6), (4, 12))  # single days; (shop, days) of dead tills
DOUBLED_ROWS, ODD_CODES, RETURNS, TYPING_ERRORS = 25, 70, 15, 8


def make_holidays():
    """Return one holiday name per day ("" on plain days), indexed by date."""
    days = pd.date_range(FIRST_DAY, LAST_DAY)
    holiday = pd.Series("", index=days, name="holiday", dtype=object)
    for year in days.year.unique():
        holiday[f"{year}-01-01":f"{year}-01-01"] = "new_year"
        holiday[f"{year}-05-01":f"{year}-05-03"] = "labour_day"
        holiday[f"{year}-10-01":f"{year}-10-07"] = "national_day"
    for eve in pd.to_datetime(list(SPRING_FESTIVAL)):
        day = pd.Timedelta(days=1)
        holiday[eve - PRE_FESTIVAL_DAYS * day:eve - day] = "pre_festival"
        holiday[eve:eve + 6 * day] = "spring_festival"
    return holiday


def make_promotions(rng, n_days):
    """Return the discount in percent of each day: 0, or 10, 20, 30 while a promotion runs."""
    discount = np.zeros(n_days, dtype=int)
    day = int(rng.integers(*GAP_DAYS))
    while day < n_days:
        length = int(rng.integers(PROMOTION_DAYS[0], PROMOTION_DAYS[1] + 1))
        discount[day:day + length] = 10 * int(rng.integers(1, 4))
        day += length + int(rng.integers(GAP_DAYS[0], GAP_DAYS[1] + 1))
    return discount


def holiday_effects(holiday):
    """Return the log effect of each day's holiday; `pre_festival` grows day by day."""
    effects, running = [], 0
    for name in holiday:
        running = running + 1 if name == "pre_festival" else 0
        growing = PRE_FESTIVAL_PEAK * running / PRE_FESTIVAL_DAYS
        effects.append(HOLIDAY_EFFECT[name] + growing)
    return effects


def simulate_shop(rng, shop, discount, holiday):
    """Simulate one shop day by day.

    Args:
        rng: numpy Generator.
        shop: a key of `SHOPS`.
        discount: (days,) percent off.
        holiday: Series of holiday names, indexed by date.

    Returns:
        DataFrame indexed by date: `sales` in units, `sold_out` 0/1, and `best`: the median
        of the day's sales for who knew every state and the stock on the evening before,
        the forecast that no other can beat in mean absolute error.
    """
    level, growth, wave, peak_day, weekdays = SHOPS[shop]
    rows, momentum, cupboard, running, unmet = [], 0.0, 0.0, 0, 0.0
    for t, (date, holiday_effect) in enumerate(
            zip(holiday.index, holiday_effects(holiday), strict=True)):
        weekend = date.weekday() >= 5
        running = running + 1 if discount[t] else 0
        promotion = 0.0
        if running:
            word = WORD_OF_MOUTH[min(running, len(WORD_OF_MOUTH)) - 1]
            promotion = UPLIFT[int(discount[t])] * word
            promotion *= WEEKEND_SHOPPERS if weekend else 1.0
        # Cupboards filled during a promotion are felt only once it is over.
        after = 0.0 if running else -min(cupboard, CUPBOARD_FULL)
        cupboard = CUPBOARD_KEEP * cupboard + CUPBOARD_FILL * promotion

        calendar = (log(level) + growth * t / 365.25 + weekdays[date.weekday()]
                    + wave * sin(2 * pi * (date.day_of_year - peak_day + 91.3) / 365.25)
                    + holiday_effect)
        expected = exp(calendar + promotion + after + MOMENTUM_KEEP * momentum)
        shock, noise, luck, short = rng.normal(), rng.normal(), rng.random(), rng.random()
        momentum = MOMENTUM_KEEP * momentum + MOMENTUM_SD * shock
        surprise = MOMENTUM_SD * shock + NOISE_SD * noise

        best = expected + CATCH_UP * unmet
        demand = expected * exp(surprise) + CATCH_UP * unmet
        planned = exp(calendar + min(promotion, 0.5)) * 1.6
        stock = round(planned if luck > DELIVERY_FAILS else planned * (0.25 + 0.35 * short))
        sales = min(round(demand), stock)
        unmet = max(demand - stock, 0.0)
        rows.append((date, sales, int(sales == stock), min(best, stock)))
    return pd.DataFrame(rows, columns=["date", "sales", "sold_out", "best"]).set_index("date")


def simulate():
    """Return all shops' true days, without faults, oldest first (see `simulate_shop`)."""
    holiday, shops = make_holidays(), []
    for number, shop in enumerate(SHOPS):
        rng = np.random.default_rng([SEED, number])
        discount = make_promotions(rng, len(holiday))
        days = simulate_shop(rng, shop, discount, holiday)
        shops.append(days.assign(shop=shop, discount=discount, holiday=holiday).reset_index())
    order = list(SHOPS)
    together = pd.concat(shops, ignore_index=True)
    return together.sort_values(["date", "shop"], ignore_index=True,
                                key=lambda c: c.map(order.index) if c.name == "shop" else c)


def plant_faults(true_days):
    """Return the till's file: `true_days` with rows lost, doubled, mistyped and returned."""
    rng = np.random.default_rng([SEED, 99])
    rows = true_days[["date", "shop", "sales", "discount", "holiday", "sold_out"]].copy()
    n_shops, n_days = len(SHOPS), len(rows) // len(SHOPS)
    lost = set(rng.choice(len(rows), LOST_ROWS, replace=False).tolist())
    for shop, days in OUTAGES:
        start = int(rng.integers(60, n_days - 60))
        lost |= {(start + day) * n_shops + shop for day in range(days)}
    rows = rows.drop(index=sorted(lost))

    middle = rows.groupby("shop")["sales"].transform("median")
    busy = rows.index[(rows["sales"] > middle).to_numpy()]
    # Disjoint rows, so that each fault can be counted and undone by itself.
    typed = rng.choice(busy, TYPING_ERRORS, replace=False)
    n_others = ODD_CODES + DOUBLED_ROWS + RETURNS
    others = rng.choice(rows.index.difference(typed), n_others, replace=False)
    odd, doubled, returned = np.split(others, [ODD_CODES, ODD_CODES + DOUBLED_ROWS])

    rows.loc[typed, "sales"] *= 10
    spellings = (str.title, str.upper, lambda code: code + " ")
    for number, row in enumerate(odd):
        rows.loc[row, "shop"] = spellings[number % 3](rows.loc[row, "shop"])
    refunds = rows.loc[returned].assign(sales=-rng.integers(1, 30, RETURNS), sold_out=0)
    rows = pd.concat([rows, rows.loc[doubled], refunds])
    return rows.sort_index(kind="stable").reset_index(drop=True)


def make_files():
    """Return {file name: text} of the three CSV files of this folder."""
    true_days = simulate()
    plan = true_days.pivot(index="date", columns="shop", values="discount")[list(SHOPS)]
    plan.insert(0, "holiday", make_holidays())
    best = true_days.pivot(index="date", columns="shop", values="best")[list(SHOPS)]
    tables = {
        "sales.csv": plant_faults(true_days).set_index("date"),
        "plan.csv": plan,
        "limit.csv": best[TEST_FROM:].round(1),
    }
    return {name: table.to_csv(lineterminator="\n", date_format="%Y-%m-%d")
            for name, table in tables.items()}


def noise_floor(true_days):
    """Return {shop: MAE in units of the best possible forecast of the test year}, and "all"."""
    test = true_days[true_days["date"] >= TEST_FROM]
    error = (test["sales"] - test["best"]).abs()
    by_shop = error.groupby(test["shop"]).mean()
    return {shop: float(by_shop[shop]) for shop in SHOPS} | {"all": float(error.mean())}


def report():
    """Print the sizes, the share of special days and the noise floor."""
    true_days = simulate()
    for name, text in make_files().items():
        print(f"{name}: {text.count(chr(10)) - 1:,} rows, {len(text.encode()):,} bytes")
    print(f"days with a promotion: {(true_days['discount'] > 0).mean():.1%}; "
          f"sold out: {true_days['sold_out'].mean():.1%}")
    test = true_days[true_days["date"] >= TEST_FROM]
    print(f"noise floor, MAE of {TEST_FROM[:4]}, units a day (mean sales):")
    means = test.groupby("shop")["sales"].mean()
    for shop, floor in noise_floor(true_days).items():
        mean = means[shop] if shop in SHOPS else test["sales"].mean()
        print(f"  {shop:8} {floor:5.1f}  ({mean:.0f})")


def main(arguments=None):
    """Run the command line; return the exit status."""
    return run_generator(__doc__.splitlines()[0], "make_sales.py", FOLDER, make_files, report,
                         arguments)


if __name__ == "__main__":
    sys.exit(main())
