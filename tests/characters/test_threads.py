"""A rendered thread comes back, and what is no thread is told why."""

import math
import random

import pytest

from utils.characters import is_thread, parse_thread, render_thread, thread_start
from utils.characters.threads import END, LINE, thread_share

GOOD = "【显卡吧】求助\n1楼 卡响了\n2楼 先断电\n■"
SIGNS = "好卡a1 楼】【\t\r\u2028\x0b\u3000🙂：\\吧\ud83d"


def test_any_thread_comes_back():
    rng = random.Random(0)

    def words(signs):
        return "".join(rng.choices(signs, k=rng.randint(1, 8)))
    for _ in range(2000):
        thread = (words(SIGNS.replace("】", "")), words(SIGNS),
                  [words(SIGNS + "\n") for _ in range(rng.randint(1, 12))])
        text = render_thread(*thread)
        assert tuple(parse_thread(text)) == thread
        assert is_thread(text) and text.count(END) == 1
        assert text.startswith(thread_start(*thread[:2]))
        assert text.count("\n") == len(thread[2]) + 1


def test_a_post_that_looks_like_floors_stays_one_post():
    thread = ("甲吧", "【乙吧】题", ["2楼 假的\n3楼 也是", "1楼 真的"])
    assert parse_thread(render_thread(*thread)) == thread


@pytest.mark.parametrize(("text", "missing"), [
    ("", "The end mark ■ is missing"),
    (GOOD[:-1], "The end mark ■ is missing"),
    (GOOD + "\n", "After the end mark ■ nothing may follow"),
    (GOOD + GOOD, "After the end mark ■ nothing may follow"),
    ("■", "first line must be 【board】title"),
    ("\n" + GOOD, "first line must be 【board】title"),
    ("【】求助\n1楼 卡\n■", "first line must be 【board】title"),
    ("【显卡吧】\n1楼 卡\n■", "first line must be 【board】title"),
    ("【显卡吧求助\n1楼 卡\n■", "first line must be 【board】title"),
    ("【显卡吧】求助■", "line end"),
    ("【显卡吧】求助\n■", "Floor 1"),
    ("【显卡吧】求助\n1楼 卡■", "line end"),
    ("【显卡吧】求助\n1楼 \n■", "Floor 1"),
    ("【显卡吧】求助\n1楼卡\n■", "Floor 1"),
    ("【显卡吧】求助\n2楼 卡\n■", "Floor 1"),
    ("【显卡吧】求助\n01楼 卡\n■", "Floor 1"),
    ("【显卡吧】求助\n１楼 卡\n■", "Floor 1"),
    ("【显卡吧】求助\n1楼 卡\n3楼 好\n■", "Floor 2"),
    ("【显卡吧】求助\n1楼 卡\n\n■", "Floor 2"),
    ("【显卡吧】求助\n1楼 卡\n闲话\n■", "Floor 2"),
    (None, "string")])
def test_what_is_missing_is_named(text, missing):
    with pytest.raises(ValueError, match=missing):
        parse_thread(text)
    assert not is_thread(text)


@pytest.mark.parametrize(("thread", "message"), [
    (("", "t", ["p"]), "board.*string"),
    (("甲】吧", "t", ["p"]), "board.*'】'"),
    (("甲吧\n", "t", ["p"]), "board"),
    (("甲吧", "", ["p"]), "title.*string"),
    (("甲吧", "t\nu", ["p"]), "title"),
    (("甲吧", f"t{END}", ["p"]), "title.*'■'"),
    (("甲吧", "t", []), "one string"),
    (("甲吧", "t", "post"), "one string"),
    (("甲吧", "t", ["p", ""]), "floor 2.*string"),
    (("甲吧", "t", ["p", None]), "floor 2.*string"),
    (("甲吧", "t", ["p", "q", f"r{END}"]), "floor 3.*'■'"),
    (("甲吧", "t", [f"p{LINE}"]), "floor 1.*'↵'")])
def test_what_would_not_come_back_is_refused(thread, message):
    with pytest.raises(ValueError, match=message):
        render_thread(*thread)


def test_thread_share_of_no_text_is_nan():
    assert math.isnan(thread_share([]))
    assert thread_share(["【甲吧】题\n1楼 好\n■"] * 3 + ["【甲吧】题\n1楼 好\n"]) == 0.75
    with pytest.raises(ValueError, match=r"texts.*list"):
        thread_share("【")
