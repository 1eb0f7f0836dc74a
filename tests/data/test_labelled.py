"""Reviews in files: encodings, missing columns, third labels, and the official layouts."""

import dataclasses
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from tests.local_site import page, serving
from utils.data import DataError, load_chnsenticorp, load_imdb, read_imdb, read_labelled
from utils.data.fetching import registry

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
REVIEWS = "房间很干净，服务也很周到，下次还会来。", "早餐太差了，隔音不好，晚上根本睡不着！"
CSV = f"label,review\n1,{REVIEWS[0]}\n0,\"{REVIEWS[1]}\"\n"
needs_real_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real data sets are not beside this clone")


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty COURSE_DATA in quick mode."""
    monkeypatch.setenv("COURSE_DATA", str(tmp_path))
    monkeypatch.delenv("COURSE_MODE", raising=False)
    return tmp_path


def write(folder, content):
    path = folder / "chnsenticorp" / "ChnSentiCorp_htl_all.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return path


# --- CSV files -----------------------------------------------------------------------------


@pytest.mark.parametrize("encoding, said", [
    ("utf-8", None), ("utf-8-sig", None), ("gbk", "is in GBK"), ("gb18030", "is in GBK"),
    ("utf-16", "is in UTF-16"), ("utf-32", "is in UTF-32")])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_common_encoding_gives_the_same_reviews(folder, encoding, said, end):
    write(folder, CSV.replace("\n", end).encode(encoding))
    table = load_chnsenticorp()
    assert table.columns.tolist() == ["label", "text"]
    assert table["label"].tolist() == [1, 0] and table["text"].tolist() == list(REVIEWS)
    notes = table.attrs["notes"]
    assert not notes if said is None else len(notes) == 1 and said in notes[0]


@pytest.mark.parametrize("encoding, text", [
    ("latin-1", "très déçu, la chambre était sale et le petit déjeuner médiocre"),
    ("cp1252", "été, café, naïve, cliché"), ("big5", "房間很乾淨，服務也很周到，下次還會來。"),
    ("koi8-r", "номер чистый"), ("hz", "房间很干净，服务也很周到"),
    ("cp949", "이 영화 정말 재미있게 봤어요"), ("euc-kr", "좋아요"), ("cp949", "최악의 영화"),
    ("johab", "객실이 깨끗하고 직원들이 친절했습니다"), ("iso2022_kr", "다시는 가지 않을"),
    ("shift_jis", "部屋はとてもきれいで、サービスも良かった"), ("euc-jp", "部屋清潔、対応迅速。"),
    ("euc-jp", "最高"), ("euc-jp", "東京都新宿区"), ("iso2022_jp", "料理も美味しく")])
def test_another_encoding_is_refused_and_not_garbled(folder, encoding, text):
    path = write(folder, f"label,review\n1,{text}\n".encode(encoding))
    with pytest.raises(DataError, match=r"is neither UTF-8 nor GBK.*: .* save it") as caught:
        load_chnsenticorp()
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("text", [
    "很好", "不错", "剧情拖沓，演员演技尴尬。", "赵钱孙李，周吴郑王。", "学而时习之，不亦说乎？",
    "這部電影真的很好看，演員的表演非常精彩。", "北京市海淀区中关村大街27号", "好~{ab~}"])
def test_chinese_of_every_age_and_length_is_told_from_its_neighbours(folder, text):
    write(folder, f"label,review\n1,{text}\n".encode("gb18030"))
    assert load_chnsenticorp()["text"].tolist() == [text]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_characters_without_their_mark_are_named(folder, encoding):
    write(folder, CSV.encode(encoding))
    with pytest.raises(DataError, match=r"holds null bytes \(or it is in UTF-16 without a mark"):
        load_chnsenticorp()


def test_a_broken_file_with_a_mark_is_refused(folder):
    write(folder, b"\xef\xbb\xbflabel,review\n1,\xff\xff\n")
    with pytest.raises(DataError, match="neither UTF-8 nor GBK"):
        load_chnsenticorp()


def test_empty_reviews_are_left_out_and_told(folder):
    write(folder, f"label,review\n1,{REVIEWS[0]}\n0,\n0,  \n0,{REVIEWS[1]}\n".encode())
    table = load_chnsenticorp()
    assert table["label"].tolist() == [1, 0] and table.index.tolist() == [0, 1]
    assert table.attrs["notes"] == [
        "2 rows have no text and were left out of ChnSentiCorp_htl_all.csv; the first is row 2, "
        "not counting the header."]


@pytest.mark.parametrize("text", ["\u200b\u200b", "\u3164", "\u202a\u2800", "<br />", "\xa0"])
def test_a_text_that_shows_nothing_is_no_text(folder, text):
    write(folder, f"label,review\n1,{REVIEWS[0]}\n0,{text}\n".encode())
    table = load_chnsenticorp()
    assert table["text"].tolist() == [REVIEWS[0]] and "first is row 2" in table.attrs["notes"][0]


@pytest.mark.parametrize("mark, what", [
    (",", None), (";", "semicolons"), ("\t", "tabs"), ("|", "bars")])
@pytest.mark.parametrize("declared", ["", "sep={}\n", '"sep={}"\r\n'])
@pytest.mark.parametrize("blank", ["", "{}\n", " {}\n{}\n", "\n"])
def test_every_usual_separator_is_read_and_blank_rows_left_out(folder, mark, what, declared,
                                                              blank):
    rows = f"{{}}\n1{{}}A good, 'fair' one\n{blank}0{{}}\"so; bad | it\t{{}}\nis\"\n{blank}"
    content = declared + rows.replace("{}", "label{}review", 1)
    if mark == ",":
        content = content.replace("A good, 'fair' one", "\"A good, 'fair' one\"")
    write(folder, content.replace("{}", mark).encode())
    table = load_chnsenticorp()
    assert table["label"].tolist() == [1, 0]
    assert table["text"].tolist() == ["A good, 'fair' one", f"so; bad | it\t{mark}\nis"]
    said = [note for note in table.attrs["notes"] if "between its columns" in note]
    assert said == ([] if what is None else [
        f"ChnSentiCorp_htl_all.csv has {what} between its columns and was read as such."])


@pytest.mark.parametrize("rows, said", [
    ("1,Great, really great, loved it\n0,Bad\n", "row 1 has 4 columns and the first row names 2"),
    ("1,Fine\n\n0,Bad, so bad", "row 3 has 3 columns .* put quotes right around a text that "
     "holds commas"),
    ('1,"He said \\"hi\\", ok"\n', "row 1 has 3 columns .* write a quote inside it twice"),
    ('1,"Great\n0,Bad\n', "a quote opens in row 1 and does not close"),
    ('0,a\n1,"Great\n0,Bad "film"\n1,x\n', "a quote opens in row 2 and does not close")])
def test_text_that_breaks_its_row_is_refused_and_its_row_named(folder, rows, said):
    write(folder, f"label,review\n{rows}".encode())
    with pytest.raises(DataError, match=f"is not a CSV file: {said}"):
        load_chnsenticorp()


def test_quotes_inside_a_text_and_surplus_separators_do_no_harm(folder):
    write(folder, b'\nlabel,review,\n1,"Great" film,,\n0,6" tall,\n1,"a ""b"", c\r\nd",,,\n')
    assert load_chnsenticorp().values.tolist() == [
        [1, "Great film"], [0, '6" tall'], [1, 'a "b", c\r\nd']]


def test_words_that_look_missing_are_text(folder):
    write(folder, b"label,review\n1,NA\n0,null\n")
    assert load_chnsenticorp()["text"].tolist() == ["NA", "null"]


@pytest.mark.parametrize("content, said", [
    ("label,text\n1,a\n", r"lacks the column 'review', it has \['label', 'text'\]: name the col"),
    ("1,a\n0,b\n", "lacks the column 'label' and 'review'"),
    ("<html>not found</html>\n", "lacks the column 'label' and 'review'"),
    ("label,review\n1,a\n2,b\n-1,c\n", r"has the labels \['-1', '2'\] besides 0 and 1, first in "
     "row 2: keep texts of two classes only"),
    ("label,review\npos,a\n", r"has the labels \['pos'\]"),
    ("label,review\n,a\n", r"has the labels \[''\]"),
    ("label,review\n", "has no row below its first"),
    ("label,review\n,\n,\n", "has no row below its first that holds a text"),
    ("label,review\n1,Great\nfilm\n", r"has the labels \['film'\] .* first in row 2"),
    ("label,review\nTrue,a\nFalse,b\n", r"has the labels \['False', 'True'\]"),
    ("label^review\n1^a\n", "'label.review'.: put commas between its columns"),
    ('"label,review"\n"1,a"\n', "put commas between its columns, and quotes around texts alone"),
    ("", "is not a CSV file"),
    ("label,review\n1,a\n1,b,c,d\n", "is not a CSV file")])
def test_a_file_that_is_no_such_table_is_one_sentence(folder, content, said):
    path = write(folder, content.encode())
    with pytest.raises(DataError, match=said) as caught:
        load_chnsenticorp()
    message = str(caught.value)
    assert str(path) in message and "\n" not in message and message.endswith(".")


def test_an_own_file_may_name_its_columns_otherwise(tmp_path):
    (tmp_path / "mine.csv").write_text("stars , said,ok\n3,fine,1\n", encoding="utf-8")
    assert read_labelled(tmp_path / "mine.csv", "said", "ok").values.tolist() == [[1, "fine"]]
    with pytest.raises(DataError, match=r"cannot be read .No such file"):
        read_labelled(tmp_path / "none.csv")


def test_an_absent_file_names_the_one_command_that_fetches_it(folder):
    for load, name in ((load_chnsenticorp, "chnsenticorp"), (load_imdb, "imdb")):
        with pytest.raises(DataError, match=rf"run `python -m utils data fetch {name}`"):
            load()


# --- IMDB ----------------------------------------------------------------------------------

FILES = {"train/pos/10_9.txt": "A joy.<br />Really.", "train/pos/2_7.txt": "\ufeffNice, très.",
         "train/neg/0_1.txt": "Bad.", "test/pos/0_10.txt": "Great!", "test/neg/3_4.txt": "No.",
         "train/unsup/0_0.txt": "unlabelled", "train/pos/notes.txt": "x", "imdb.vocab": "the"}
EXPECTED = [("train", 0, 1, 0, "Bad."), ("train", 1, 7, 2, "Nice, très."),
            ("train", 1, 9, 10, "A joy.<br />Really."), ("test", 0, 4, 3, "No."),
            ("test", 1, 10, 0, "Great!")]


def pack(path, files=FILES, mode="w:gz"):
    path.parent.mkdir(exist_ok=True)
    with tarfile.open(path, mode) as whole:
        for name, text in files.items():
            info = tarfile.TarInfo(f"aclImdb/{name}")
            data = text if isinstance(text, bytes) else text.encode()
            info.size = len(data)
            whole.addfile(info, io.BytesIO(data))
    return path


@pytest.mark.parametrize("name, mode", [
    ("aclImdb_v1.tar.gz", "w:gz"), ("aclImdb_labelled_50k.tar.gz", "w:gz"),
    ("aclImdb_v1.tar", "w"), ("aclImdb", None)])
def test_archives_and_the_unpacked_folder_are_read_alike(folder, name, mode):
    if mode:
        pack(folder / "imdb" / name, mode=mode)
    for file, text in ({} if mode else FILES).items():
        path = folder / "imdb" / name / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    table = load_imdb()
    assert table.columns.tolist() == ["split", "label", "rating", "id", "text"]
    assert list(table.itertuples(index=False, name=None)) == EXPECTED


def test_full_mode_fetches_the_archive_and_quick_mode_does_not(folder, monkeypatch):
    data = pack(folder / "elsewhere.tar.gz").read_bytes()
    with serving() as server:
        file = dataclasses.replace(
            registry.REGISTRY["imdb"].files[0], addresses=(server.url("/imdb", page(body=data)),),
            size=len(data), sha256=hashlib.sha256(data).hexdigest())
        official = dataclasses.replace(registry.REGISTRY["imdb"], files=(file,))
        monkeypatch.setitem(registry.REGISTRY, "imdb", official)
        with pytest.raises(DataError, match="fetch imdb"):
            load_imdb()
        assert server.asked == []
        monkeypatch.setenv("COURSE_MODE", "full")
        assert len(load_imdb()) == len(load_imdb()) == len(EXPECTED)
        assert len(server.asked) == 1
    assert (folder / "imdb" / "aclImdb_v1.tar.gz").read_bytes() == data


def test_a_part_of_the_reviews_is_not_taken_for_the_whole(tmp_path):
    files = {name: text for name, text in FILES.items() if not name.startswith("test/neg")}
    with pytest.raises(DataError, match="has no review in test/neg: it is incomplete"):
        read_imdb(pack(tmp_path / "a.tar.gz", files))
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="has no review in train/pos"):
        read_imdb(tmp_path / "empty")


@pytest.mark.parametrize("damage", [lambda data: data[:len(data) // 2], lambda data: b"<html>",
                                    lambda data: b""], ids=["cut", "html", "empty"])
def test_a_broken_archive_is_one_sentence(tmp_path, damage):
    path = pack(tmp_path / "a.tar.gz")
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DataError, match=r"is broken or no archive .* fetch imdb"):
        read_imdb(path)


def test_a_review_that_is_not_utf_8_is_named(tmp_path):
    files = FILES | {"test/pos/0_10.txt": "très".encode("latin-1")}
    with pytest.raises(DataError, match=r"test/pos/0_10\.txt of .* is not UTF-8"):
        read_imdb(pack(tmp_path / "a.tar.gz", files))
    with pytest.raises(DataError, match="is not there: run"):
        read_imdb(tmp_path / "none.tar.gz")


# --- the real files ------------------------------------------------------------------------


@needs_real_data
def test_the_real_hotel_reviews_are_read_whole(folder, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(SHARED))
    table = load_chnsenticorp()
    assert table["label"].value_counts().to_dict() == {1: 5322, 0: 2443}
    assert len(table.attrs["notes"]) == 1 and "1 row has no text" in table.attrs["notes"][0]
    assert table["text"].str.contains("[\u4e00-\u9fff]").mean() > 0.99


@needs_real_data
def test_the_real_hotel_reviews_may_come_in_gbk(folder):
    official = (SHARED / "chnsenticorp" / "ChnSentiCorp_htl_all.csv").read_bytes()
    write(folder, official.decode("utf-8").encode("gb18030"))
    mended = load_chnsenticorp()
    write(folder, official)
    assert mended.equals(load_chnsenticorp()) and len(mended.attrs["notes"]) == 2


@needs_real_data
def test_the_real_film_reviews_are_read_whole(folder, monkeypatch):
    monkeypatch.setenv("COURSE_DATA", str(SHARED))
    table = load_imdb()
    assert set(table.groupby(["split", "label"]).size()) == {12_500} and len(table) == 50_000
    assert ((table["rating"] >= 7) == (table["label"] == 1)).all()
    assert set(table["rating"]) == {1, 2, 3, 4, 7, 8, 9, 10}
    assert not table.duplicated(["split", "label", "id"]).any()
