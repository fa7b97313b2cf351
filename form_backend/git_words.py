"""What git and a remote say, on one line and with a remedy, and what we say of it; and what a commit of ours says."""

import re
from collections.abc import Mapping

Both = tuple[str, str]  # in Indonesian and in English
_IDLE = re.compile(r"hint:|Please make sure|and the repository exists")
_RESTORE = (
    "periksa SUKMA_REMOTE, atau pulihkan repositori itu dari salinan",
    "check SUKMA_REMOTE, or restore it from a copy",
)
_REMEDIES: Mapping[str, Both] = {
    "No space left": ("kosongkan ruang diska", "free some disk space"),
    "dubious ownership": (
        "jalankan sebagai pemilik folder itu, atau nyatakan tepercaya bagi git (git config safe.directory)",
        "run as the owner of that folder, or tell git to trust it (git config safe.directory)",
    ),
    "currently checked out": (
        "seseorang bekerja di folder itu: sebutkan dengan SUKMA_REMOTE folder yang belum ada",
        "somebody works in that folder: name one with SUKMA_REMOTE that is not there yet",
    ),
    "bad config": ("perbaiki berkas itu", "mend that file"),
    "resource busy": (
        "sesuatu dipasang (mount) di sana: sebutkan folder di dalamnya dengan SUKMA_SITE_REPO",
        "something is mounted there: name a folder inside it with SUKMA_SITE_REPO",
    ),
    "Host key verification": (
        "hubungi sekali dengan ssh dan periksa kunci host itu",
        "connect once by hand with ssh and check the host's key",
    ),
    "Permission denied|not permitted|create temporary object directory": (
        "beri pengguna ini hak membaca dan menulis di sana (hak berkas, kunci, atau token)",
        "give this user the right to read and write there (file rights, key or token)",
    ),
    "Authentication failed|terminal prompts disabled": (
        "beri pengguna ini kunci atau token yang boleh push",
        "give this user a key or token that may push",
    ),
    "not our ref 0000|bad object|missing necessary objects|invalid gitfile": (
        "pulihkan repositori itu dari salinan",
        "restore that repository from a copy",
    ),
    "not (appear to be )?a git repository|not found|does not exist": _RESTORE,
}
AGAIN = ("penerbitan berikutnya mencoba lagi", "the next run tries again")
REACH = (f"periksa SUKMA_REMOTE dan jaringan, {AGAIN[0]}", f"check SUKMA_REMOTE and the network, {AGAIN[1]}")
RENEWED = (
    "bila klon itu rusak, penerbitan berikutnya membuatnya ulang",
    "the next run makes the clone anew if it is broken",
)
GOES_ON = (
    "perbaiki itu, penerbitan berikutnya melanjutkan dari sana",
    "put that right, the next run goes on from there",
)
LEFT_LOCK = (
    " (atau git yang dimatikan meninggalkan kunci di sana)",
    " (or a git that was killed has left a lock there)",
)
NOTHING = ("(kosong)", "nothing")
_NO_REASON = ("git tidak menyebut sebabnya", "git gave no reason")
_SENTENCES: Mapping[str, Both] = {
    "no_git": (
        "program git tidak ditemukan: pasang, atau masukkan ke PATH",
        "the program git was not found: install it, or put it on PATH",
    ),
    "machine": ("{said}; {todo}", "{said}; {todo}"),
    "failed": ("{place}: git {verb} gagal: {said}; {todo}", "{place}: git {verb} failed: {said}; {todo}"),
    "endless": ("tidak selesai dalam {limit} detik", "no end within {limit} seconds"),
    "broken": (
        "{place} rusak dan sudah dibuat ulang: terbitkan lagi",
        "{place} was broken and has been made anew: publish again",
    ),
    "lost": (
        "{first}; bila tidak ada lagi salinan {remote}, pindahkan {remote} dan {clone}, dan keduanya dibuat ulang dari "
        "basis data",
        "{first}; if no copy of {remote} is left, move it and {clone} away, and both are made anew from the database",
    ),
    "gone": (f"{{remote}} sudah tidak ada: {_RESTORE[0]}", f"{{remote}} is gone: {_RESTORE[1]}"),
    "no_branch": (
        "{remote} tidak mempunyai cabang {branch}, yang ada {others}: isi SUKMA_BRANCH dengan salah satunya, atau buat "
        "cabang {branch} di sana",
        "{remote} has no branch {branch} but {others}: set SUKMA_BRANCH to one of them, or make the branch {branch} "
        "there",
    ),
    "moved_on": (
        "{remote} berubah selagi ini disiapkan{lock}: terbitkan lagi",
        "{remote} moved on while this was prepared{lock}: refresh and publish again",
    ),
    "refused": (
        "{remote} menolak push ke {branch}, {refusal}: {said}; {todo}",
        "{remote} refused the push to {branch}, {refusal}: {said}; {todo}",
    ),
    "moved_back": (
        "{remote} menerima push, tetapi cabang {branch} di sana menunjuk {tip}, bukan {commit}: cari hook atau mirror "
        "yang mengembalikannya",
        "{remote} took the push, but its branch {branch} is at {tip} and not at {commit}: look for a hook or a mirror "
        "that moves it back",
    ),
    "own_clone": (
        "{remote} adalah klon milik penerbit sendiri: sebutkan tempat lain dengan SUKMA_REMOTE",
        "{remote} is the publisher's own clone: name another place with SUKMA_REMOTE",
    ),
}


def sentence(key: str, **values: str | Both) -> Both:
    """What is said of a failure, in both languages."""

    def told(column: int) -> str:
        given = {name: value if isinstance(value, str) else value[column] for name, value in values.items()}
        return _SENTENCES[key][column].format(**given)

    return told(0), told(1)


def with_trailers(message: str, trailers: Mapping[str, str]) -> bytes:
    """A commit's text with its trailers; ValueError for what is none."""
    for key, value in trailers.items():
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9-]*", key) or not value.strip() or not value.isprintable():
            raise ValueError(f"{key!r}: {value!r} is not a commit trailer")
    last = "".join(f"{key}: {value}\n" for key, value in trailers.items())
    return (message.strip() + "\n" + (f"\n{last}" if last else "")).encode()


def said(err: str) -> str | Both:
    """What the remote (or else git) said, on one line and without a foreign host's control characters."""
    lines = [line.strip() for line in re.split(r"[\r\n]+", err) if line.strip() and not _IDLE.match(line)]
    remote = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    text = "; ".join(line for line in remote or lines if line)
    return "".join(sign if sign.isprintable() else " " for sign in text)[:600] or _NO_REASON


def remedy(err: str, usual: Both) -> Both:
    """What helps against the errors of a git command."""
    return next((remedy for sign, remedy in _REMEDIES.items() if re.search(sign, err)), usual)
