"""What data sets the course knows: their files, official addresses and terms.

Terms are the owners' as known to us; read them at the source before you use the data for
anything but this course. A `sha256` is given only where the official file's is known.
"""

import difflib
from dataclasses import dataclass

from ..errors import DataError

__all__ = ["REGISTRY", "DataSet", "RemoteFile", "data_set"]

_GITHUB = "https://raw.githubusercontent.com"
_SERIES = f"{_GITHUB}/jbrownlee/Datasets/master"
_RELEASE = "https://github.com/jbrownlee/Datasets/releases/download/Flickr8k"
_KERAS = "https://storage.googleapis.com/tensorflow/keras-applications"
_RESUME = f"{_GITHUB}/jiesutd/LatticeLSTM/master/ResumeNER"


@dataclass(frozen=True)
class RemoteFile:
    """One file of a data set.

    Attributes:
        name: its name in the data set's folder.
        addresses: official address first, then mirrors; empty where it cannot be fetched.
        size: bytes; exact where `sha256` is known, else about; None where unknown.
        sha256: of the official file, or None where it is not known.
        archive: True to unpack it, after the download, into a folder of its bare name.
        ready: names of which any one, in the data set's folder, will do (default: `name`).
    """

    name: str
    addresses: tuple[str, ...] = ()
    size: int | None = None
    sha256: str | None = None
    archive: bool = False
    ready: tuple[str, ...] = ()

    def __post_init__(self):
        object.__setattr__(self, "ready", self.ready or (self.name,))


@dataclass(frozen=True)
class DataSet:
    """One data set.

    Attributes:
        name: what the command line and the folder are called.
        what: its content in a few words.
        licence: the terms.
        where: "download", "inside" (of a package or of this repository) or "by hand".
        home: a page, or a file of this repository, about it.
        files: what to download, empty where nothing is.
        note: what else to know.
    """

    name: str
    what: str
    licence: str
    where: str
    home: str
    files: tuple[RemoteFile, ...] = ()
    note: str = ""


def _series(name, size):
    return RemoteFile(name, (f"{_SERIES}/{name}",), size)


_ALL = (
    DataSet("sales", "daily sales of five invented shops, 2021-2024", "CC0 1.0", "inside",
            "datasets/sales/README.md", note="made by datasets/sales/make_sales.py"),
    DataSet("sunspots", "yearly sunspot numbers, 1700-2008", "public domain", "inside",
            "https://www.statsmodels.org/stable/datasets/"),
    DataSet("co2", "weekly CO2 at Mauna Loa in ppmv, 1958-2001", "public domain", "inside",
            "https://www.statsmodels.org/stable/datasets/"),
    DataSet("elnino", "monthly Pacific sea surface temperature in °C, 1950-2010",
            "public domain", "inside", "https://www.statsmodels.org/stable/datasets/"),
    DataSet("transactions", "two years of orders of an invented shop, with faults to clean",
            "CC0 1.0", "inside", "datasets/transactions/README.md",
            note="made by datasets/transactions/make_transactions.py"),
    DataSet("reviews", "1,200 invented reviews in English and 1,200 in Chinese, with labels",
            "CC0 1.0", "inside", "datasets/reviews/README.md"),
    DataSet("negation", "25,000 generated reviews where a \"not\" decides, English and Chinese",
            "CC0 1.0", "inside", "datasets/negation/README.md",
            note="made by datasets/negation/make_negation.py"),
    DataSet("tieba", "1,440 invented threads of 18 Chinese forum boards", "CC0 1.0", "inside",
            "datasets/tieba/README.md"),
    DataSet("scenes", "5,500 drawn scenes of 64x64 pixels with five true captions each",
            "CC0 1.0", "inside", "datasets/scenes/README.md",
            note="made on first use by utils/scenes/dataset.py"),
    DataSet("series", "three classic univariate series: airline passengers, daily minimum "
            "temperatures, monthly sunspots", "facts", "download",
            "https://github.com/jbrownlee/Datasets",
            (_series("airline-passengers.csv", 2180),
             _series("daily-min-temperatures.csv", 67_921),
             _series("monthly-sunspots.csv", 45_039))),
    DataSet("tinyshakespeare", "1,115,394 characters of Shakespeare", "public domain text",
            "download", "https://github.com/karpathy/char-rnn",
            (RemoteFile(
                "input.txt",
                (f"{_GITHUB}/karpathy/char-rnn/master/data/tinyshakespeare/input.txt",),
                1_115_394,
                "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"),)),
    DataSet("imdb", "50,000 film reviews with their sentiment (Maas et al. 2011)",
            "research use", "download", "https://ai.stanford.edu/~amaas/data/sentiment/",
            (RemoteFile(
                "aclImdb_v1.tar.gz",
                ("https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz",),
                84_125_825,
                "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe",
                ready=("aclImdb_v1.tar.gz", "aclImdb_v1.tar", "aclImdb_labelled_50k.tar.gz",
                       "aclImdb")),),
            note="the unpacked folder, or an archive without the unlabelled part, will do"),
    DataSet("chnsenticorp", "7,766 Chinese hotel reviews with their sentiment", "research use",
            "download", "https://github.com/SophonPlus/ChineseNlpCorpus",
            (RemoteFile(
                "ChnSentiCorp_htl_all.csv",
                (f"{_GITHUB}/SophonPlus/ChineseNlpCorpus/master/datasets/"
                 "ChnSentiCorp_htl_all/ChnSentiCorp_htl_all.csv",), 2_904_858),),
            note="one review is empty"),
    DataSet("resume_ner", "Chinese résumés with named entities by character (Zhang & Yang 2018)",
            "research use", "download", "https://github.com/jiesutd/LatticeLSTM",
            tuple(RemoteFile(f"{part}.char.bmes", (f"{_RESUME}/{part}.char.bmes",), size)
                  for part, size in (("train", 1_094_526), ("dev", 120_249),
                                     ("test", 135_062)))),
    DataSet("conll2003", "English news with named entities (CoNLL-2003, IOB1)",
            "research use only, by agreement with the owner of the Reuters text", "by hand",
            "https://www.clips.uantwerpen.be/conll2003/ner/",
            (RemoteFile("eng.train", size=3_281_526), RemoteFile("eng.testa", size=827_010),
             RemoteFile("eng.testb", size=748_093)),
            note="the annotations are at that address, the text is had from NIST: "
            "https://trec.nist.gov/data/reuters/reuters.html"),
    DataSet("cmn-eng", "English-Chinese sentence pairs (Tatoeba)", "CC BY 2.0 FR", "download",
            "https://www.manythings.org/anki/",
            (RemoteFile("cmn-eng.zip", ("https://www.manythings.org/anki/cmn-eng.zip",),
                        archive=True, ready=("cmn.txt", "cmn-eng/cmn.txt")),),
            note="it grows with time, so counts differ between copies"),
    DataSet("flickr8k", "8,091 photographs with five captions each (Hodosh et al. 2013)",
            "research and education only", "download",
            "https://hockenmaier.cs.illinois.edu/8k-pictures.html",
            (RemoteFile("Flickr8k_Dataset.zip", (f"{_RELEASE}/Flickr8k_Dataset.zip",),
                        1_115_000_000),
             RemoteFile("Flickr8k_text.zip", (f"{_RELEASE}/Flickr8k_text.zip",), 2_340_000)),
            note="its owners give it out on request only; the address is a public mirror"),
    DataSet("keras_weights", "MobileNet weights trained on ImageNet, without the top",
            "Apache-2.0", "download", "https://keras.io/api/applications/",
            (RemoteFile(
                "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5",
                (f"{_KERAS}/mobilenet_v2/"
                 "mobilenet_v2_weights_tf_dim_ordering_tf_kernels_0.35_224_no_top.h5",),
                2_020_000),
             RemoteFile(
                 "mobilenet_1_0_224_tf_no_top.h5",
                 (f"{_KERAS}/mobilenet/mobilenet_1_0_224_tf_no_top.h5",), 17_225_924,
                 ready=("mobilenet_1_0_224_to_conv_pw_12.weights.h5",
                        "mobilenet_1_0_224_tf_no_top.h5"))),
            note="weights cut after conv_pw_12 will do as well as the whole MobileNet"),
)

REGISTRY = {each.name: each for each in _ALL}


def data_set(name):
    """Return the registered `DataSet` of that name.

    Raises:
        DataError: if there is none; names that look like it are suggested.

    Example:
        >>> data_set("imdb").files[0].name
        'aclImdb_v1.tar.gz'
    """
    if name in REGISTRY:
        return REGISTRY[name]
    # ratio 0.5: "shakespeare" finds "tinyshakespeare", "flicker" finds "flickr8k".
    near = difflib.get_close_matches(str(name).lower(), REGISTRY, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"choose from {', '.join(REGISTRY)}."
    raise DataError(f"There is no data set {name!r}: {hint}")
