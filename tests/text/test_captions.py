"""Flickr8k's files: faults are named by file and line, what can be survived is said."""

import io
import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from utils.captioning import (
    SPLITS,
    ImageArchive,
    check_disjoint,
    read_caption_set,
    read_flickr8k,
    read_image,
    read_split,
    read_tokens,
)
from utils.data import DataError
from utils.text.captions import END, START, caption_vocabulary, clean_caption, frame

TOKENS = "".join(f"{name}.jpg#{k}\tA dog {name} {k} .\n" for name in "abc" for k in range(5))
LISTS = {"Flickr8k.token.txt": TOKENS} | {
    file: f"{name}.jpg\n" for file, name in zip(SPLITS.values(), "abc", strict=True)}


def jpeg(mode="RGB", size=(20, 10), kind="JPEG"):
    data = io.BytesIO()
    Image.new(mode, size, 128 if mode == "L" else (200, 40, 10, 0)[:len(mode)]).save(data, kind)
    return data.getvalue()


def write_zips(folder, texts=None, images=None):
    paths = folder / "text.zip", folder / "images.zip"
    with zipfile.ZipFile(paths[0], "w") as whole:
        for name, text in (texts or LISTS).items():
            whole.writestr(name, text)
    with zipfile.ZipFile(paths[1], "w") as whole:
        for name, data in (images or {f"{name}.jpg": jpeg() for name in "abc"}).items():
            whole.writestr(f"Flicker8k_Dataset/{name}", data)
            whole.writestr(f"__MACOSX/._{name}", b"x")
    return paths


@pytest.mark.parametrize(("line", "told"), [
    ("a.jpg#0 A dog .", r"tokens\.txt, line 2 has no tab .*'a\.jpg#0 A dog"),
    ("a.jpg\tA dog .", r"line 2 begins with 'a\.jpg', which is not an image and a number"),
    ("z.jpg#0\tA dog .", r"line 2 has caption 0 of 'z\.jpg' a second time"),
])
def test_a_faulty_token_line_is_named_with_its_file_and_number(line, told):
    with pytest.raises(DataError, match=told):
        read_tokens("z.jpg#0\tA cat .\n" + line + "\n", "tokens.txt")


@pytest.mark.parametrize("empty", ["", "   ", " . "])
def test_an_empty_caption_is_left_out_and_said(empty):
    captions, notes = read_tokens(f"\ufeffa.jpg#0\tA dog .\r\na.jpg#1\t{empty}\r\n\r\n", "t.txt")
    assert captions == {"a.jpg": ["A dog ."]}
    assert notes == ["1 caption is empty and left out; the first is t.txt, line 2."]
    with pytest.raises(DataError, match="holds no caption"):
        read_tokens(f"a.jpg#0\t{empty}\n")


def test_captions_come_in_order_of_their_numbers_whatever_the_lines():
    lines = TOKENS.splitlines(keepends=True)
    captions, _ = read_tokens("".join(reversed(lines)))
    assert captions["b.jpg"] == [f"A dog b {k} ." for k in range(5)]


@pytest.mark.parametrize(("text", "told"), [
    ("a.jpg\nq.jpg\n", r"l\.txt, line 2 names 'q\.jpg', which has no caption"),
    ("a.jpg\nb.jpg\na.jpg\n", r"l\.txt, line 3 names 'a\.jpg' again, first on line 1"),
    ("\n", "names no image")])
def test_a_faulty_split_list_is_named_with_its_line(text, told):
    with pytest.raises(DataError, match=told):
        read_split(text, read_tokens(TOKENS)[0], "l.txt")


def test_splits_that_share_an_image_are_refused_wherever_they_are_read(tmp_path):
    with pytest.raises(DataError, match=r"'a\.jpg' is in 'train' and in 'test'"):
        check_disjoint({"train": ["a.jpg"], "dev": ["b.jpg"], "test": ["c.jpg", "a.jpg"]})
    for name, text in LISTS.items():
        (tmp_path / name).write_text(text)
    (tmp_path / SPLITS["dev"]).write_text("a.jpg\n")
    with pytest.raises(DataError, match="belongs to one split"):
        read_caption_set(tmp_path)
    (tmp_path / SPLITS["dev"]).unlink()
    with pytest.raises(DataError, match=r"devImages\.txt cannot be read"):
        read_caption_set(tmp_path)


def test_a_split_gives_each_caption_with_its_image():
    found = read_caption_set(LISTS.__getitem__)
    images, captions = found.pairs("dev")
    assert images == ["b.jpg"] * 5 and captions == found.references("dev")[0]
    assert captions[4] == "A dog b 4 ."
    with pytest.raises(ValueError, match="train, dev, test, got 'valid'"):
        found.pairs("valid")


def test_the_vocabulary_counts_training_words_and_cuts_off_rare_ones():
    texts = ["A dog runs .", "a DOG, sits", "the 2 dogs; a cat"]
    assert caption_vocabulary(texts, 2).tokens[2:] == [START, END, "a", "dog"]
    known = caption_vocabulary(texts, numbers="count")
    assert {"count", "dogs"} <= set(known.tokens) and "2" not in known and "." not in known
    ids = known.encode([frame("A cat runs .", "count"), frame("a zebra")])
    assert ids[0, 0] == ids[1, 0] == 2 and ids[0, -1] == 3
    assert known.decode(ids[1]) == [START, "a", "[UNK]", END]
    for arguments in ({"min_count": 0}, {"min_count": 9}):
        with pytest.raises(ValueError, match="min_count"):
            caption_vocabulary(texts, **arguments)


@pytest.mark.parametrize(("caption", "tokens"), [
    ("一个女孩在走路。", "一 个 女 孩 在 走 路"),
    ("a 女孩 and 2只狗's T恤", "a 女 孩 and 2 只 狗 s t 恤"),
    ("少女がギターを弾く", "少 女 がギターを 弾 く"), ("소녀가 걷는다.", "소녀가 걷는다"),
    ("穿ＫＴＶ的\U00020021", "穿 ktv 的 \U00020021"), ("l'été à Zürich", "l'été à zürich")])
def test_captions_in_any_script_are_known_to_their_own_vocabulary(caption, tokens):
    tokens = tokens.split()
    assert clean_caption(caption) == tokens
    known = caption_vocabulary([caption])
    assert known.decode(known.encode([frame(caption)])[0]) == [START, *tokens, END]


def test_cleaned_words_are_the_tokens_of_the_vocabulary():
    caption = "A man's T-shirt (No. 12) says \u201cEat\u201d\u2026 caf\u00e9 _x_ !"
    tokens = clean_caption(caption)
    assert tokens == ["a", "man's", "t", "shirt", "no", "12", "says", "eat", "caf\u00e9", "x"]
    known = caption_vocabulary([caption])
    assert known.decode(known.encode([frame(caption)])[0]) == [START, *tokens, END]


def test_a_caption_without_image_is_survived_and_said(tmp_path):
    texts = dict(LISTS)
    texts["Flickr8k.token.txt"] += "d.jpg.1#0\tPeople wait .\n"
    captions, images = read_flickr8k(*write_zips(tmp_path, texts))
    assert list(captions.captions) == ["a.jpg", "b.jpg", "c.jpg"] == images.names
    assert captions.notes == [
        "1 image with captions is not there and left out, first 'd.jpg.1'."]


def test_an_image_of_a_split_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"lacks 'b\.jpg' of split 'dev'.* \(1 image in all\)"):
        read_flickr8k(*write_zips(tmp_path, images={"a.jpg": jpeg(), "c.jpg": jpeg()}))


def test_broken_zips_and_missing_texts_end_in_one_sentence(tmp_path):
    paths = write_zips(tmp_path, {"Flickr8k.token.txt": TOKENS})
    with pytest.raises(DataError, match=r"does not hold Flickr_8k\.trainImages\.txt"):
        read_flickr8k(*paths)
    for path in paths:
        path.write_bytes(path.read_bytes()[:60])
    for read in (lambda: read_flickr8k(*paths), lambda: ImageArchive(paths[1])):
        with pytest.raises(DataError, match="broken or no zip"):
            read()
    write_zips(tmp_path)
    paths[0].write_bytes(b"x")
    with pytest.raises(DataError, match="broken or no zip of UTF-8 texts"):
        read_flickr8k(*paths)


@pytest.mark.parametrize(("mode", "kind"), [("L", "grey"), ("CMYK", "CMYK")])
def test_grey_and_cmyk_images_become_rgb_and_a_note_says_so(tmp_path, mode, kind):
    _, path = write_zips(tmp_path, images={"g.jpg": jpeg(mode), "r.jpg": jpeg()})
    images = ImageArchive(path)
    assert images.read("r.jpg").shape == (10, 20, 3) and images.notes == []
    image = images.read("g.jpg", 32)
    assert image.shape == (32, 32, 3) and image.dtype == np.uint8
    images.read("g.jpg")
    assert images.notes == [f"g.jpg is {kind} and was converted to RGB."]
    if mode == "L":
        assert np.ptp(image) == 0


def saved(image, kind, **options):
    data = io.BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
@pytest.mark.parametrize("values", [
    np.arange(65536, dtype="uint16").reshape(256, 256), np.full((4, 4), 40000, "uint16"),
    np.linspace(300, 4000, 64, dtype="uint16").reshape(8, 8)])
def test_16_bits_of_grey_become_8_without_clipping(kind, values):
    image, note = read_image(saved(Image.fromarray(values), kind), "deep")
    assert (image == (values // 256)[:, :, None]).all()
    assert note == (f"deep is 16-bit grey ({values.min()} to {values.max()} of 65535) and its "
                    "upper 8 bits were converted to RGB.")


@pytest.mark.parametrize("kind", ["float32", "int32"])
@pytest.mark.parametrize("largest", [1, 255, 70000])
def test_numbers_that_do_not_say_what_is_white_are_refused(kind, largest):
    image = Image.fromarray(np.linspace(0, largest, 16).reshape(4, 4).astype(kind))
    with pytest.raises(DataError, match=f"f.tif holds numbers from 0 to {largest} .*: save it"):
        read_image(saved(image, "TIFF"), "f.tif")


@pytest.mark.parametrize("mode", ["RGB", "L"])
@pytest.mark.parametrize("orientation", range(10))
def test_an_image_stands_as_its_camera_held_it(orientation, mode):
    """The upright image has one bright corner, above left; the file holds it turned away."""
    upright = np.zeros((16, 32), "uint8")
    upright[:8, :8] = 255
    stored = {2: np.fliplr, 3: lambda x: np.rot90(x, 2), 4: np.flipud, 5: np.transpose,
              6: lambda x: np.rot90(x, 1), 7: lambda x: np.rot90(x, 2).T,
              8: lambda x: np.rot90(x, -1)}.get(orientation, np.array)(upright)
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = saved(Image.fromarray(stored).convert(mode), "JPEG", exif=exif, quality=95)
    image, note = read_image(data, "t.jpg")
    assert image.shape == (16, 32, 3) and np.abs(image[:, :, 0].astype(int) - upright).max() < 30
    assert ("was turned as its EXIF data say" in (note or "")) == (2 <= orientation <= 8)


def test_exif_data_that_are_broken_turn_nothing():
    exif = b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12"
    data = saved(Image.new("RGB", (20, 10)), "JPEG", exif=exif)
    assert read_image(data, "b.jpg")[0].shape == (10, 20, 3)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_what_is_transparent_is_white_and_the_rest_keeps_its_colour(mode):
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))     # black, but not seen
    image.putpixel((1, 0), (90, 90, 90, 255))
    found, note = read_image(saved(image.convert(mode), "PNG"), "a.png")
    assert found.tolist() == [[[255] * 3, [90] * 3]]
    assert note == (f"a.png is {'paletted' if mode == 'P' else mode} and was converted to RGB "
                    "and was laid on white where it is transparent.")


def test_colours_of_a_palette_and_an_opaque_alpha_are_kept():
    colours = Image.new("RGB", (2, 1), (200, 40, 10))
    colours.putpixel((1, 0), (0, 255, 7))
    for image in (colours.convert("P", palette=Image.Palette.ADAPTIVE), colours.convert("RGBA")):
        found, note = read_image(saved(image, "PNG"), "c.png")
        assert (found == np.asarray(colours)).all() and "white" not in note
    assert read_image(saved(colours, "PNG", transparency=(200, 40, 10)), "c")[0][0, 0, 1] == 255


def test_an_image_of_too_many_pixels_is_refused_and_one_of_many_read(monkeypatch):
    data = saved(Image.new("L", (30, 10)), "PNG")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 200)     # above it Pillow warns
    assert read_image(data, "many.png")[0].shape == (10, 30, 3)
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 100)
    with pytest.raises(DataError, match=r"bomb\.png has more than 200 pixels: save it smaller"):
        read_image(data, "bomb.png")


def test_files_of_macos_are_left_out_and_doubled_names_refused(tmp_path):
    texts = {"x/._Flickr8k.token.txt": "\xa0\xff", "._b.txt": "x"} | LISTS
    images = {f"{name}.jpg": jpeg() for name in "abc"} | {"._a.jpg": b"x", "a/._b.JPG": b"x"}
    captions, found = read_flickr8k(*write_zips(tmp_path, texts, images))
    assert found.names == ["a.jpg", "b.jpg", "c.jpg"] and captions.images("test") == ["c.jpg"]
    _, path = write_zips(tmp_path, images={"train/1.jpg": jpeg(), "test/1.jpg": jpeg()})
    with pytest.raises(DataError, match=r"'1\.jpg' twice, as '.*train/1\.jpg' and as '.*test/"):
        ImageArchive(path)
    paths = write_zips(tmp_path, {"old/Flickr8k.token.txt": "x"} | LISTS)
    with pytest.raises(DataError, match=r"holds 'Flickr8k\.token\.txt' twice"):
        read_flickr8k(*paths)


def test_a_missing_or_truncated_image_is_named(tmp_path):
    _, path = write_zips(tmp_path, images={"t.jpg": jpeg()[:300], "n.jpg": b"no image"})
    images = ImageArchive(path)
    for name in ("t.jpg", "n.jpg"):
        with pytest.raises(DataError, match=f"{name} is truncated or no image"):
            images.read(name)
    with pytest.raises(DataError, match=r"has no image 'q\.jpg'"):
        images.read("q.jpg")
    assert read_image(jpeg("RGB", kind="PNG"), "p.png")[1] is None


@pytest.mark.skipif(not os.environ.get("COURSE_DATA") or not Path(
    os.environ.get("COURSE_DATA", ""), "flickr8k").is_dir(), reason="needs Flickr8k")
def test_the_official_files_have_their_official_counts_and_are_disjoint():
    from utils.captioning import load_flickr8k
    captions, images = load_flickr8k()
    assert [len(captions.splits[name]) for name in SPLITS] == [6000, 1000, 1000]
    assert len(images.names) == len(captions.captions) == 8091
    assert all(len(texts) == 5 for texts in captions.captions.values())
    assert "2258277193_586949ec62.jpg.1" in captions.notes[0]
    check_disjoint(captions.splits)
