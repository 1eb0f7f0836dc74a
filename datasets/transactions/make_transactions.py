"""Simulate two years of orders of a small shop, with the faults of a real export.

    python datasets/transactions/make_transactions.py            write the three CSV files anew
    python datasets/transactions/make_transactions.py --check    exit 1 unless they are the same
    python datasets/transactions/make_transactions.py --report   print sizes and counts

Every mechanism is a constant or a short function below, and README.md beside this file
describes it. The same seed gives the same bytes: each customer has a generator of random
numbers of his own, and the faults have another.
"""

import sys
from itertools import cycle
from math import exp
from pathlib import Path

import numpy as np
import pandas as pd

from utils.authoring.generated import run_generator

SEED = 20230101
START, END = pd.Timestamp("2023-01-01"), pd.Timestamp("2025-01-01")
N_CUSTOMERS = 2000
FOLDER = Path(__file__).resolve().parent

ITEMS = """
P001|inkjet printer|喷墨打印机|699        P002|laser printer|激光打印机|1099
P003|black ink|黑色墨水|89               P004|colour ink|彩色墨水|119
P005|toner|硒鼓碳粉|239                  P006|printer drum|感光鼓|329
P007|copy paper A4|A4复印纸|26           P008|photo paper|相纸|35
C001|espresso beans|意式咖啡豆|68        C002|filter beans|手冲咖啡豆|72
C003|Yunnan beans|云南咖啡豆|88          C004|decaf beans|低因咖啡豆|79
C005|coffee filters|咖啡滤纸|15          C006|milk jug|拉花杯|49
T001|green tea|绿茶|96                   T002|oolong tea|乌龙茶|118
T003|white tea|白茶|138                  T004|black tea|红茶|88
T005|pu-erh tea|普洱茶|158               T006|tea filters|茶包袋|12
K001|cat food chicken|鸡肉猫粮|75        K002|cat food salmon|三文鱼猫粮|92
K003|cat food beef|牛肉猫粮|85           K004|cat food duck|鸭肉猫粮|82
K005|cat litter|猫砂|39                  K006|cat toy|猫玩具|19
B001|nappies S|纸尿裤S码|99              B002|nappies M|纸尿裤M码|105
B003|nappies L|纸尿裤L码|112             B004|nappies XL|纸尿裤XL码|118
B005|formula stage 1|一段奶粉|268        B006|formula stage 2|二段奶粉|258
B007|formula stage 3|三段奶粉|238        B008|wet wipes|婴儿湿巾|29
A001|watercolour set|水彩颜料|129        A002|watercolour brush|水彩笔|59
A003|masking tape|美纹纸胶带|9           A004|picture frame|画框|78
A005|drawing ink|墨汁|32                 A006|calligraphy brush|毛笔|45
A007|ink stone|砚台|168                  A008|seal paste|印泥|55
A009|art paper|画纸|42
G001|tomato seeds|番茄种子|12            G002|plant stakes|植物支架|28
G003|tomato food|番茄肥料|36             G004|tulip bulbs|郁金香种球|48
G005|bulb food|球根肥料|33               G006|winter fleece|防寒布|52
G007|herb seeds|香草种子|10              G008|herb scissors|香草剪|38
G009|potting soil|营养土|24
E001|earphones|耳机|199                  E002|USB cable|USB数据线|25
E003|power bank|充电宝|149               E004|phone case|手机壳|45
E005|desk lamp|台灯|129                  E006|computer mouse|鼠标|79
H001|tissues|抽纸|22                     H002|bin bags|垃圾袋|14
H003|washing-up liquid|洗洁精|13         H004|batteries|电池|18
"""

# What goes into the same order: main item -> (companion, probability).
COMPANIONS = {
    "P001": ("E002", 0.60), "P002": ("P007", 0.70), "P003": ("P008", 0.40),
    "P004": ("P008", 0.60), "P005": ("P007", 0.50), "P006": ("P007", 0.40),
    "C001": ("C006", 0.20), "C002": ("C005", 0.60), "C003": ("C005", 0.50),
    "C004": ("C005", 0.30), "T002": ("T006", 0.30), "T005": ("T006", 0.40),
    "K001": ("K005", 0.45), "K002": ("K006", 0.35), "K003": ("K005", 0.45),
    "K004": ("K005", 0.45), "B001": ("B008", 0.50), "B002": ("B008", 0.50),
    "B003": ("B008", 0.40), "B004": ("B008", 0.30), "A001": ("A003", 0.60),
    "A002": ("A003", 0.30), "G002": ("G003", 0.40), "E003": ("E002", 0.40),
}
TISSUES = 0.18                       # of all orders: frequent everywhere, so its lift is near 1
IMPULSE = 0.10                       # orders whose main item is a gadget instead of the habit's
LAST_COURSE = 0.35                   # chance after each course that the hobby is given up
CHANGE_OF_MIND = 0.08                # chance per purchase that a round of flavours turns back


def flavours(codes):
    """Return a habit: round and round the flavours, each customer in a direction of his own."""
    def habit(rng):
        at, step = int(rng.integers(len(codes))), 1 if rng.random() < 0.5 else -1
        while True:
            yield codes[at % len(codes)]
            step = -step if rng.random() < CHANGE_OF_MIND else step
            at += step
    return habit


def courses(between, *paths):
    """Return a habit: course after course, until one was the last; each step uses up `between`."""
    def habit(rng):
        while True:
            for step in paths[int(rng.integers(len(paths)))]:
                yield step
                yield between
            if rng.random() < LAST_COURSE:
                return
    return habit


def printing(rng):
    """Yield a printer and then what this printer needs, in its fixed order."""
    if rng.random() < 0.6:
        yield "P001"
        yield from cycle(["P003", "P003", "P004"])
    yield "P002"
    yield from cycle(["P005", "P005", "P006"])


def growing_up(rng):
    """Yield nappies and formula in turn; both grow with the child until it needs neither."""
    first = int(rng.integers(2))
    for size in range(first, 4):
        for _ in range(int(rng.integers(2, 5))):
            yield f"B00{size + 1}"
            yield f"B00{5 + min(size, 2)}"


# habit: (purchases, days between two, share of customers, log odds of fading, of a return)
HABITS = {
    "printing": (printing, 42, 0.16, -0.2, 0.0),
    "coffee": (flavours(["C001", "C002", "C003", "C004"]), 30, 0.19, 0.0, -0.5),
    "tea": (flavours(["T001", "T002", "T003", "T004", "T005"]), 38, 0.15, 0.3, -0.5),
    "cat": (flavours(["K001", "K002", "K003", "K004"]), 28, 0.20, -0.6, 0.0),
    "baby": (growing_up, 26, 0.10, -0.4, 0.3),
    "art": (courses("A009", ["A001", "A002", "A004"], ["A005", "A006", "A007", "A008"]),
            34, 0.10, 0.5, 0.5),
    "garden": (courses("G009", ["G001", "G002", "G003"], ["G004", "G005", "G006"],
                       ["G007", "G008"]), 34, 0.10, 0.5, 0.2),
}
GADGETS = ("E001", "E002", "E003", "E004", "E005", "E006", "H002", "H003", "H004")
GADGET_WEIGHTS = (0.14, 0.12, 0.08, 0.14, 0.07, 0.09, 0.14, 0.12, 0.10)
N_HABITS = (0.45, 0.45, 0.10)                   # customers with one, two, three habits
OWN_PACE_SD, PERIOD_SD = 0.20, 0.16             # of the logarithm of the days between purchases

STOCK_UP, STOCK_UP_EVERY, STOCK_UP_QUANTITY = 0.5, 3, 3   # half buy three at every third order
FULL_CUPBOARD = 2.5                             # it lasts so many times as long
FADING, FADING_AFTER_RETURN = -3.0, 1.8         # log odds per order; per return in 3 orders
FADING_SLOWER, FADING_LEAVES = 1.6, 0.40        # days get longer; chance per order of leaving
AWAY_FOR_GOOD, AWAY_DAYS = 0.7, (90, 240)       # the others come back after so many days

RETURN, RETURN_GADGET, RETURN_AGAIN, RETURN_HASTE = -4.0, 1.8, 0.7, 0.8   # log odds
HASTE_DAYS, RETURN_DAYS = 10, (2, 10)           # an order so soon is hasty; a return takes so long

# Faults planted in the file, all of them for the learner to find: orders or rows.
CANCELLED_ORDERS = 420
GUEST_ORDERS, LOST_CUSTOMERS = 200, 180         # no row of the order has a customer; one has none
ODD_CODES, UNKNOWN_ITEMS = 1600, 40
IN_FEN, UNREADABLE = 90, 30
BAD_TIMES_ALONE, BAD_TIMES = 60, 60             # in orders of one row; of several
DOUBLED_ROWS, LATE_ROWS = 350, 900
NO_TIMES = ("1970-01-01 08:00", "2042-07-01 12:00", "2024-02-30 10:15", "2023-11-05 25:40")
COLUMNS = ["order_id", "line", "customer_id", "time", "item_code", "quantity",
           "unit_price_yuan", "status"]


def make_items():
    """Return the catalogue: code, both names, list price in yuan."""
    fields = [entry.strip().split("|") for row in ITEMS.strip().splitlines()
              for entry in row.split("  ") if entry.strip()]
    items = pd.DataFrame(fields, columns=["item_code", "name_en", "name_zh", "list_price_yuan"])
    return items.astype({"list_price_yuan": int})


def chance(log_odds):
    """Return the probability of `log_odds`."""
    return 1 / (1 + exp(-log_odds))


def fill_basket(rng, main, quantity):
    """Return the (item, quantity) lines of an order around its main item."""
    lines = [(main, quantity)]
    companion, probability = COMPANIONS.get(main, ("", 0))
    if rng.random() < probability:
        lines.append((companion, 1))
    if rng.random() < TISSUES:
        lines.append(("H001", 1))
    return lines


def simulate_customer(rng, number, prices):
    """Simulate one customer from the first order to the last.

    Args:
        rng: numpy Generator.
        number: of the customer, from 1.
        prices: {item code: list price in yuan}.

    Returns:
        List of orders, oldest first: dicts with `customer_id`, `habits`, `time` and `lines`, a
        list of [item code, quantity, unit price, time of the return or None].
    """
    names, shares = list(HABITS), np.array([habit[2] for habit in HABITS.values()])
    n_habits = 1 + int(rng.choice(3, p=N_HABITS))
    mine = [names[at] for at in rng.choice(len(names), n_habits, replace=False, p=shares)]
    fading_odds, return_odds = HABITS[mine[0]][3], HABITS[mine[0]][4]
    pace = exp(OWN_PACE_SD * rng.normal())
    stocks_up = rng.random() < STOCK_UP
    purchases = {name: HABITS[name][0](rng) for name in mine}
    bought = dict.fromkeys(mine, 0)
    joined = (END - START).days * 0.85 * rng.random()
    due = {name: joined + rng.random() * HABITS[name][1] for name in mine}

    orders, returned, slower, last = [], [], 1.0, -np.inf
    while True:
        habit = min(due, key=due.get)
        minute = round(60 * min(max(15 + 4 * rng.normal(), 8), 22))
        time = START + pd.Timedelta(days=int(due[habit]), minutes=minute)
        if time >= END:
            return orders
        if rng.random() < IMPULSE:
            main, quantity = str(rng.choice(GADGETS, p=GADGET_WEIGHTS)), 1
            due[habit] += 3 + 10 * rng.random()
        else:
            main = next(purchases[habit], None)
            if main is None:                            # grown up, or given up
                del due[habit]
                if not due:
                    return orders
                continue
            bought[habit] += 1
            full = stocks_up and bought[habit] % STOCK_UP_EVERY == 0 and prices[main] < 300
            quantity = STOCK_UP_QUANTITY if full else 1
            days = HABITS[habit][1] * pace * slower * exp(PERIOD_SD * rng.normal())
            days *= FULL_CUPBOARD if full else 1
            due[habit] = int(due[habit]) + max(days, 2)

        today, lines = (time - START).days, []
        years, haste = today / 365.25, today - last < HASTE_DAYS
        for code, count in fill_basket(rng, main, quantity):
            discount = 0.9 if rng.random() < 0.1 else 1.0
            price = round(prices[code] * (1 + 0.03 * years) * discount, 1)
            odds = (RETURN + return_odds + RETURN_GADGET * (code[0] == "E")
                    + RETURN_AGAIN * min(len(returned), 3) + RETURN_HASTE * haste)
            back = None
            if rng.random() < chance(odds):
                back = time + pd.Timedelta(days=int(rng.integers(*RETURN_DAYS)),
                                           minutes=int(rng.integers(-120, 120)))
                returned.append(len(orders))
            lines.append([code, count, price, back if back and back < END else None])
        orders.append({"customer_id": f"U{number:05d}", "habits": "+".join(mine), "time": time,
                       "lines": lines})
        last = today

        recent = sum(order > len(orders) - 4 for order in returned)
        fades = rng.random() < chance(FADING + fading_odds + FADING_AFTER_RETURN * min(recent, 2))
        slower = slower * FADING_SLOWER if fades or slower > 1 else slower
        if slower > 1 and rng.random() < FADING_LEAVES:
            if rng.random() < AWAY_FOR_GOOD:
                return orders
            away = int(rng.integers(*AWAY_DAYS))
            due, slower = {name: day + away for name, day in due.items()}, 1.0


def simulate():
    """Return the true purchases, one row per line of an order, oldest order first.

    `returned_at` is when the goods came back (NaT if kept), `habits` what drives the customer.
    """
    prices = make_items().set_index("item_code")["list_price_yuan"].to_dict()
    orders = []
    for number in range(1, N_CUSTOMERS + 1):
        orders += simulate_customer(np.random.default_rng([SEED, number]), number, prices)
    orders.sort(key=lambda order: (order["time"], order["customer_id"]))
    rows = [(f"N{3 * number:06d}", line, order["customer_id"], order["time"], *fields,
             order["habits"])
            for number, order in enumerate(orders, start=1)
            for line, fields in enumerate(order["lines"], start=1)]
    columns = [*COLUMNS[:-1], "returned_at", "habits"]
    return pd.DataFrame(rows, columns=columns).astype({"returned_at": "datetime64[s]"})


def spell(code, way):
    """Return `code` as till number `way` of six writes it."""
    wide = code.translate({point: point + 0xFEE0 for point in range(0x21, 0x7F)})
    return (code.lower(), f" {code} ", wide, code[0] + code[1:].lstrip("0"),
            f"{code[0]} {code[1:]}", wide.lower()[0] + code[1:].lstrip("0"))[way]


def plant_faults(true_rows):
    """Return the shop's export and the list of faults planted in it.

    Returns:
        (table, faults): all columns of `table` are text; `faults` has the `row` of the file
        (0 is the first below the heading), the `fault`, and the `true_value` where one exists.
    """
    rng = np.random.default_rng([SEED, 0])
    table = true_rows[COLUMNS[:-1]].assign(status="paid", fault="", true_value="")
    back = true_rows["returned_at"].notna()

    # An order is cancelled and placed again within the hour: only the second one counts.
    size = table.groupby("order_id")["line"].transform("size")
    plain = table.loc[~back.groupby(table["order_id"]).transform("any"), "order_id"].unique()
    again = rng.choice(plain, CANCELLED_ORDERS, replace=False)
    cancelled = table[table["order_id"].isin(again)].copy()
    cancelled["order_id"] = [f"N{int(name[1:]) - 1:06d}" for name in cancelled["order_id"]]
    cancelled["time"] -= pd.to_timedelta(rng.integers(2, 60, len(cancelled)), unit="m")
    cancelled["time"] = cancelled.groupby("order_id")["time"].transform("min")
    cancelled = cancelled.assign(status="cancelled", fault="cancelled")
    returns = table[back].assign(time=true_rows.loc[back, "returned_at"], status="returned",
                                 fault="returned")
    returns["quantity"] *= -1

    # The other faults lie on different orders, so that each can be counted and undone by itself.
    free = table[table["order_id"].isin(plain)]
    single = rng.permutation(free.loc[size[free.index] == 1, "order_id"].to_numpy())
    several = rng.permutation(free.loc[(size[free.index] > 1) & (free["line"] == 1), "order_id"])
    guests = np.r_[single[:GUEST_ORDERS // 2], several[:GUEST_ORDERS // 2]]
    single, several = single[GUEST_ORDERS // 2:], several[GUEST_ORDERS // 2:]
    table.loc[table["order_id"].isin(guests), ["customer_id", "fault"]] = ["", "no customer"]

    first = table[table["line"] == 1].set_index("order_id")["line"].index
    label = pd.Series(table.index[table["line"] == 1], index=first)
    lost, later = np.split(several[:LOST_CUSTOMERS + BAD_TIMES], [LOST_CUSTOMERS])
    second = label[lost].to_numpy() + rng.integers(0, 2, LOST_CUSTOMERS)
    table.loc[second, "true_value"] = table.loc[second, "customer_id"]
    table.loc[second, ["customer_id", "fault"]] = ["", "lost customer"]

    table["time"] = table["time"].dt.strftime("%Y-%m-%d %H:%M")
    table["unit_price_yuan"] = [f"{price:.1f}" for price in table["unit_price_yuan"]]
    alone, single = single[:BAD_TIMES_ALONE], single[BAD_TIMES_ALONE:]
    for fault, chosen in (("no time", label[alone].to_numpy()),
                          ("lost time", label[later].to_numpy() + 1)):
        table.loc[chosen, "true_value"] = table.loc[chosen, "time"] if fault[0] == "l" else ""
        table.loc[chosen, "time"] = rng.choice(NO_TIMES, len(chosen))
        table.loc[chosen, "fault"] = fault

    n_rows = ODD_CODES + IN_FEN + UNREADABLE + DOUBLED_ROWS
    spoiled = table.loc[table["fault"] != "", "order_id"]
    untouched = table.index[table["order_id"].isin(np.setdiff1d(plain, spoiled))]
    odd, fen, unreadable, doubled = np.split(
        rng.choice(untouched, n_rows, replace=False),
        np.cumsum([ODD_CODES, IN_FEN, UNREADABLE]))
    table.loc[odd, "true_value"] = table.loc[odd, "item_code"]
    table.loc[odd, "item_code"] = [spell(table.loc[row, "item_code"], number % 6)
                                   for number, row in enumerate(odd)]
    table.loc[odd, "fault"] = "odd code"
    table.loc[fen, "true_value"] = table.loc[fen, "unit_price_yuan"]
    table.loc[fen, "unit_price_yuan"] = [f"{100 * float(price):.0f}"
                                         for price in table.loc[fen, "unit_price_yuan"]]
    table.loc[fen, "fault"] = "price in fen"
    table.loc[unreadable, ["unit_price_yuan", "fault"]] = ["n/a", "unreadable"]
    copies = table.loc[doubled].assign(fault="repeated")

    # Staff test their scanners with codes that no item has; their orders are none.
    when = START + pd.to_timedelta(rng.integers(0, 730 * 1440, UNKNOWN_ITEMS), unit="m")
    tests = pd.DataFrame({
        "order_id": [f"N{9 * 10**5 + number:06d}" for number in range(UNKNOWN_ITEMS)],
        "line": 1, "customer_id": "U00000", "time": when,
        "item_code": rng.choice(["TEST", "X999", "P000"], UNKNOWN_ITEMS), "quantity": 1,
        "unit_price_yuan": "0.0", "status": "paid", "fault": "unknown item", "true_value": ""})

    extra = pd.concat([cancelled, returns, tests])
    extra["time"] = pd.to_datetime(extra["time"]).dt.strftime("%Y-%m-%d %H:%M")
    extra["unit_price_yuan"] = [f"{float(price):.1f}" for price in extra["unit_price_yuan"]]
    table = pd.concat([table, copies, extra], ignore_index=True)

    # A few rows arrive up to some hundred rows late; the rest lie in the order of time.
    written = pd.to_datetime(table["time"], format="%Y-%m-%d %H:%M", errors="coerce")
    known = written.where(written.between(START, END)).ffill()
    place = known.rank(method="first").to_numpy(copy=True)
    late = rng.choice(len(table), LATE_ROWS, replace=False)
    place[late] += rng.integers(50, 600, LATE_ROWS)
    table = table.iloc[np.argsort(place, kind="stable")].reset_index(drop=True)

    # The first of two equal rows counts, whichever of them lies there.
    second = table.duplicated(COLUMNS)
    table["fault"] = table["fault"].mask(table["fault"] == "repeated", "").mask(second, "repeated")
    faults = table.loc[table["fault"] != "", ["fault", "true_value"]].rename_axis("row")
    return table[COLUMNS].astype(str), faults.reset_index()


def make_files():
    """Return {file name: text} of the three CSV files of this folder."""
    table, faults = plant_faults(simulate())
    tables = {"transactions.csv": table, "items.csv": make_items(), "faults.csv": faults}
    return {name: frame.to_csv(index=False, lineterminator="\n")
            for name, frame in tables.items()}


def report():
    """Print the sizes, the number of faults of each kind, and what the customers are like."""
    for name, text in make_files().items():
        print(f"{name}: {text.count(chr(10)) - 1:,} rows, {len(text.encode()):,} bytes")
    rows = simulate()
    _, faults = plant_faults(rows)
    print(faults["fault"].value_counts().to_string())
    sizes = rows.groupby("customer_id").agg(orders=("order_id", "nunique"),
                                            lines=("line", "size"))
    print(f"true lines {len(rows):,}, orders {rows['order_id'].nunique():,}, customers "
          f"{len(sizes):,}; orders per customer: median {sizes['orders'].median():.0f}, "
          f"lines: median {sizes['lines'].median():.0f}, most {sizes['lines'].max()}; "
          f"lines returned: {rows['returned_at'].notna().mean():.1%}")


def main(arguments=None):
    """Run the command line; return the exit status."""
    return run_generator(__doc__.splitlines()[0], "make_transactions.py", FOLDER, make_files,
                         report, arguments)


if __name__ == "__main__":
    sys.exit(main())
