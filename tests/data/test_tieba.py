"""The forum threads are what their card says."""

import json
import re
from collections import Counter

import pytest

from tests.conftest import DATASETS
from utils.characters import parse_thread, render_thread
from utils.characters.threads import END, LINE
from utils.data import DataError, load_tieba, tieba

FOLDER = DATASETS / "tieba"
CARD = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())


@pytest.fixture(scope="module")
def table():
    return load_tieba()


@pytest.fixture(scope="module")
def splitter(dataset_script):
    return dataset_script("tieba")


def test_threads_are_complete_and_no_two_are_equal(table):
    assert table.columns.tolist() == ["board", "title", "posts", "split"]
    assert set(table["board"].value_counts()) == {80} and table["board"].nunique() == 18
    posts = table["posts"].explode()
    for texts in (table["title"], posts):
        assert not texts.duplicated().any()
        assert (texts.str.strip() == texts).all() and (texts != "").all()


def test_the_card_states_what_is_counted(table):
    texts = table["title"] + table["posts"].map("".join)
    counts = Counter("".join(texts))
    n, n_posts = counts.total(), table["posts"].map(len)
    han = sum(k for sign, k in counts.items() if "\u4e00" <= sign <= "\u9fff")
    assert (f"{table['board'].nunique()} boards, 80 threads each: {len(table):,} threads, "
            f"{n_posts.sum():,} posts.") in CARD
    rows = {"characters of titles and posts": f"{n:,}", "distinct characters": f"{len(counts):,}",
            "of these occurring once": sum(k == 1 for k in counts.values()),
            "Chinese characters among all": f"{han / n:.1%}".replace("%", " %"),
            "characters of a thread, its title included":
                f"{texts.str.len().min()} to {texts.str.len().max()}",
            "posts of a thread": f"{n_posts.min()} to {n_posts.max()}"}
    for most in (100, 500, 1000):
        share = sum(k for _, k in counts.most_common(most)) / n
        rows[f"covered by the {most:,} most frequent characters"] = f"{share:.1%}".replace(
            "%", " %")
    for what, value in rows.items():
        assert f"| {what} | {value} |" in CARD
    assert f"Small: {n:,} characters" in CARD
    assert f"{(n_posts == 6).mean():.0%} of the threads".replace("%", " %") in CARD
    assert round(n / 1_115_394, 1) == 0.2 and round(len(counts) / 65) == 45     # Shakespeare
    assert not re.search("https?|www|[\U0001f000-\U0001ffff]", "".join(counts))


def test_the_card_names_every_file_with_its_board():
    boards = {path.stem: json.loads(path.read_text(encoding="utf-8").splitlines()[0])["bar"]
              for path in FOLDER.glob("*.jsonl")}
    assert dict(re.findall(r"\| `(\w+)` \| (\w+吧)", CARD)) == boards


def test_the_signs_of_the_form_do_not_occur(table):
    text = "".join(table["board"] + table["title"] + table["posts"].map("".join))
    assert not set(text) & {END, LINE, "【", "】", "\n", "\ufffd"}


def test_every_thread_comes_back_from_its_rendering(table):
    for thread in table[["board", "title", "posts"]].itertuples(index=False):
        assert tuple(parse_thread(render_thread(*thread))) == tuple(thread)


# --- the split -----------------------------------------------------------------------------


def test_every_part_holds_as_many_threads_of_each_board(table):
    counts = table.groupby("board")["split"].value_counts().unstack()
    for part, size in (("train", 64), ("validation", 8), ("test", 8)):
        assert set(counts[part]) == {size}
    assert "64 are for training, 8 for validation and 8 for testing" in CARD


def test_no_long_text_is_on_two_sides(table, splitter, capsys):
    """With sets of runs, and not as the script looks for them."""
    splitter.report()
    length, run = re.fullmatch(r"the longest run in two threads has (\d+) characters: (.+)\n",
                               capsys.readouterr().out).groups()
    assert f"share has {length} characters ({run})" in CARD and len(run) == int(length)

    def in_two(n):
        owners = Counter(gram for row in table.itertuples() for gram in {
            text[i:i + n] for text in [row.title, *row.posts] for i in range(len(text) - n + 1)})
        return {gram for gram, k in owners.items() if k > 1}
    assert run in in_two(int(length)) and not in_two(int(length) + 1)


def test_the_longest_shared_run_of_a_few_texts(splitter):
    assert splitter.longest_shared(["abcabc", "xbcx", "b\nc"]) == "bc"
    assert splitter.longest_shared(["aa", "b"]) == ""


# --- broken files --------------------------------------------------------------------------


def test_missing_and_broken_files_are_named(monkeypatch, tmp_path):
    monkeypatch.setattr(tieba, "_FOLDER", tmp_path)
    with pytest.raises(DataError, match=r"split\.csv.*`git checkout"):
        load_tieba()
    (tmp_path / "split.csv").write_text("board,row,split\n甲吧,0,train\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"\b0 threads.*\b1\b"):
        load_tieba()
    good = json.dumps({"bar": "甲吧", "title": "t", "posts": ["p"]})
    for bad in ("{", "[]", '{"bar": "甲吧"}'):
        (tmp_path / "a.jsonl").write_text(f"{good}\n{bad}\n", encoding="utf-8")
        with pytest.raises(DataError, match=r"(?i)line 2.*a\.jsonl"):
            load_tieba()
