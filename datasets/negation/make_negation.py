"""Write short reviews whose label turns on negation, its scope, and but-clauses.

    python datasets/negation/make_negation.py            write the CSV files anew
    python datasets/negation/make_negation.py --check    exit 1 unless they are in this folder
    python datasets/negation/make_negation.py --report   sizes, kinds, and what counting words gets

A grammar of few rules, all below: a clause says something good or bad about a thing, plainly,
negated, or under a negation that does not reach it; a sentence has one or two clauses. The
label follows from the rules, so there is no noise. README.md beside this file describes it.
The same seed gives the same bytes.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from utils.authoring.generated import run_generator

SEED = 9
FOLDER = Path(__file__).resolve().parent
SIZES = {"en": {"train": 16_000, "validation": 2_000, "test": 2_000},
         "zh": {"train": 4_000, "validation": 400, "test": 600}}
SHARES = {"plain": 0.45, "negation": 0.15, "scope": 0.15, "double": 0.05, "contrast": 0.20}

# language: [(things, good words, bad words)]; a thing is only called what suits it, and a review
# speaks of one row's things only.
SUBJECTS = {
    "en": [
        ("soup bread coffee pasta cake salad breakfast pizza".split(),
         "tasty fresh filling nice good".split(), "bland stale soggy nasty bad".split()),
        ("waiter owner cook guide driver nurse teacher".split(),
         "kind polite helpful honest good".split(), "rude careless lazy clumsy bad".split()),
        ("room bed lobby garden pool balcony kitchen".split(),
         "clean comfortable tidy pleasant good".split(),
         "dirty shabby cramped gloomy bad".split()),
        ("film plot ending cast music novel lecture".split(),
         "gripping moving clever charming good".split(), "dull silly boring tedious bad".split()),
        ("phone screen battery camera printer lamp kettle".split(),
         "reliable sturdy handy useful good".split(), "faulty flimsy awkward useless bad".split()),
    ],
    "zh": [
        ("汤 面 咖啡 蛋糕 早餐 饺子".split(), "新鲜 可口 美味 好".split(),
         "难吃 油腻 寡淡 糟糕".split()),
        ("店员 老板 司机 导游 老师 客服".split(), "热情 耐心 周到 好".split(),
         "冷淡 粗心 傲慢 糟糕".split()),
        ("房间 大堂 院子 泳池 厨房 阳台".split(), "干净 舒服 安静 好".split(),
         "脏 破旧 吵 糟糕".split()),
        ("电影 剧情 结局 音乐 小说 课程".split(), "精彩 动人 有趣 好".split(),
         "无聊 老套 沉闷 糟糕".split()),
        ("手机 屏幕 电池 相机 台灯 水壶".split(), "耐用 结实 好用 好".split(),
         "难用 单薄 粗糙 糟糕".split()),
    ],
}
ADVERBS = {"en": ["", "", "really", "very", "quite", "so", "truly"],
           "zh": ["很", "很", "非常", "特别", "十分"]}

# In a pattern {s} is the thing, {a} the word that judges it, {v} an adverb or nothing, {o} another
# thing of the same row.
PLAIN = {"en": ["the {s} was {v} {a}", "the {s} is {v} {a}", "we found the {s} {v} {a}",
                "i think the {s} was {v} {a}", "the {s} turned out {v} {a}"],
         "zh": ["{s}{v}{a}", "我觉得{s}{v}{a}", "这里的{s}{v}{a}", "他们的{s}{v}{a}"]}
# These turn the word's judgement round.
NEGATED = {"en": ["the {s} was not {v} {a}", "the {s} is not {v} {a}", "the {s} was never {v} {a}",
                  "the {s} was hardly {a}", "the {s} was anything but {a}",
                  "the {s} was by no means {a}", "we did not find the {s} {v} {a}",
                  "the {s} was far from {a}"],
           "zh": ["{s}不{a}", "{s}并不{a}", "{s}一点也不{a}", "{s}谈不上{v}{a}",
                  "{s}算不上{v}{a}"]}
NEGATED_FAR = {"en": ["i would not say that the {s} was {v} {a}",
                      "nobody in our group thinks that the {s} was {v} {a}",
                      "it is not true that the {s} was {v} {a}",
                      "i cannot claim after two visits that the {s} was {v} {a}",
                      "none of us called the {s} {v} {a}", "i doubt that the {s} was {v} {a}"],
               "zh": ["我不觉得{s}{v}{a}", "没有人说{s}{v}{a}", "我不认为这里的{s}{v}{a}",
                      "朋友们都不说{s}{v}{a}", "谁也没觉得{s}{v}{a}"]}
# These hold a negation that does not reach the word.
OUT_OF_REACH = {"en": ["no doubt the {s} was {v} {a}", "believe it or not the {s} was {v} {a}",
                       "we did not wait long and the {s} was {v} {a}",
                       "the {s} that we did not choose ourselves was {v} {a}",
                       "i had no plan to write but the {s} was {v} {a}",
                       "i am not alone in this : the {s} was {v} {a}",
                       "the {s} and not the {o} was {v} {a}",
                       "i cannot deny that the {s} was {a}"],
                "zh": ["不得不说{s}{v}{a}", "不用说{s}{v}{a}", "没等多久，{s}{v}{a}",
                       "不止我一个人觉得{s}{v}{a}", "不管怎么说，{s}{v}{a}",
                       "谁也不能否认{s}{v}{a}"]}
TWICE = {"en": ["i would not say that the {s} was not {v} {a}",
                "nobody in our group thinks that the {s} was not {v} {a}",
                "it is not true that the {s} was never {a}",
                "there was no day when the {s} was not {a}"],
         "zh": ["我不觉得{s}不{a}", "没有人说{s}不{a}", "没有一天{s}不{a}",
                "我不认为这里的{s}不{a}"]}
# {x} is conceded, {y} decides.
CONTRAST = {"en": ["{x} but {y}", "{x} , yet {y}", "although {x} , {y}", "{y} although {x}",
                   "{y} even though {x}", "{x} ; all the same {y}", "even if {x} , {y}"],
            "zh": ["虽然{x}，但是{y}", "{x}，不过{y}", "{x}，可是{y}", "{y}，虽然{x}",
                   "尽管{x}，{y}", "{y}，尽管{x}"]}
AGREE = {"en": ["{x} and {y}", "{x} . {y}"], "zh": ["{x}，{y}", "{x}，而且{y}"]}
ENDS = {"en": ["", "", " .", " !"], "zh": ["。", "。", "！", ""]}


def _pick(rng, choices):
    return choices[rng.integers(len(choices))]


def clause(rng, patterns, words, things, polarity, turned=False):
    """Return one of the patterns, filled.

    Args:
        rng: NumPy generator.
        patterns: with {s}, {a}, and maybe {v} and {o}.
        words: (bad words, good words, adverbs).
        things: the thing spoken of, and another.
        polarity: what the clause is to say, 1 good or 0 bad.
        turned: True where the patterns turn the word's judgement round.
    """
    word = _pick(rng, words[polarity != turned])
    text = _pick(rng, patterns).format(s=things[0], o=things[1], a=word, v=_pick(rng, words[2]))
    return " ".join(text.split())


def sentence(rng, language, kind, label):
    """Return one review of that kind (a key of `SHARES`) and label (1 good, 0 bad)."""
    all_things, good, bad = _pick(rng, SUBJECTS[language])
    words, things = (bad, good, ADVERBS[language]), rng.choice(all_things, 2, replace=False)

    def say(patterns, polarity=label, turned=False, of=things):
        return clause(rng, patterns[language], words, of, polarity, turned)

    def say_either_way(polarity, of):
        turned = rng.random() < 0.4
        return say(NEGATED if turned else PLAIN, polarity, turned, of)

    if kind == "contrast":
        x, y = say_either_way(1 - label, things), say_either_way(label, things[::-1])
        text = _pick(rng, CONTRAST[language]).format(x=x, y=y)
    elif kind == "plain" and rng.random() < 0.5:
        x, y = say(PLAIN), say(PLAIN, of=things[::-1])
        text = _pick(rng, AGREE[language]).format(x=x, y=y)
    elif kind == "plain":
        text = say(PLAIN)
    elif kind == "negation":
        text = say(NEGATED, turned=True)
    elif kind == "double":
        text = say(TWICE)
    elif rng.random() < 0.5:
        text = say(NEGATED_FAR, turned=True)
    else:
        text = say(OUT_OF_REACH)
    return text + _pick(rng, ENDS[language])


def make_table(language):
    """Return the reviews of one language: DataFrame with `label`, `kind`, `split`, `text`.

    Each split holds every kind in the shares of `SHARES`, each half good and half bad; no
    text occurs twice, not even with another ending.
    """
    rng = np.random.default_rng([SEED, len(language), ord(language[0])])
    seen, tables = set(), []
    for split, size in SIZES[language].items():
        rows = []
        for kind, share in SHARES.items():
            for number in range(round(size * share)):
                label = number % 2
                text = sentence(rng, language, kind, label)
                while text.strip(" .!。！") in seen:
                    text = sentence(rng, language, kind, label)
                seen.add(text.strip(" .!。！"))
                rows.append((label, kind, split, text))
        tables.append(pd.DataFrame(rows, columns=["label", "kind", "split", "text"])
                      .iloc[rng.permutation(len(rows))])
    return pd.concat(tables, ignore_index=True)


def make_files():
    """Return {file name: text}."""
    return {f"negation_{language}.csv": make_table(language).to_csv(
        index=False, lineterminator="\n") for language in SIZES}


def report():
    """Print the sizes, and the test accuracy of counting single words and pairs of words."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    for language in SIZES:
        table = make_table(language)
        print(f"{language}: {len(table):,} lines, {table['text'].str.len().mean():.0f} "
              "characters on average")
        train, test = (table[table["split"] == part] for part in ("train", "test"))
        unit = {"en": r"\w+", "zh": r"\w"}[language]
        for longest in (1, 2, 3):
            model = make_pipeline(
                CountVectorizer(token_pattern=unit, ngram_range=(1, longest)),
                LogisticRegression(solver="liblinear"))
            model.fit(train["text"], train["label"])
            right = model.predict(test["text"]) == test["label"]
            kinds = ", ".join(f"{kind} {value:.2f}" for kind, value in
                              right.groupby(test["kind"]).mean().items())
            print(f"  n-grams up to {longest}: {right.mean():.3f} ({kinds})")


def main(arguments=None):
    """Run the command line; return the exit status."""
    return run_generator(__doc__.splitlines()[0], "make_negation.py", FOLDER, make_files, report,
                         arguments)


if __name__ == "__main__":
    sys.exit(main())
