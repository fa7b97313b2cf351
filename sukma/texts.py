"""What the command line says, in Indonesian and English."""

from collections.abc import Callable, Mapping, Sequence

from sukma.texts_answers import TEXTS as _ANSWERS
from sukma.texts_database import TEXTS as _DATABASE
from sukma.texts_figures import TEXTS as _FIGURES
from sukma.texts_operations import TEXTS as _OPERATIONS
from sukma.texts_paper import TEXTS as _PAPER
from sukma.texts_planning import TEXTS as _PLANNING

LANGUAGES = ("id", "en")

Say = Callable[..., str]

_TEXTS: Mapping[str, tuple[str, str]] = {
    **_FIGURES,
    **_DATABASE,
    **_ANSWERS,
    **_OPERATIONS,
    **_PAPER,
    **_PLANNING,
    "sukma": (
        "SuKMa-e: Survei Kepuasan Masyarakat, dari units.yaml sampai hasil yang terbit.\n\n"
        "Perintah bekerja di folder ini: units.yaml, site_src/, var/. Bahasa: --lang id atau --lang en.",
        "SuKMa-e: community satisfaction survey, from units.yaml to published results.\n\n"
        "Commands work in the current folder: units.yaml, site_src/, var/. Language: --lang id or --lang en.",
    ),
    "check": ("Periksa units.yaml; semua kesalahan sekaligus.", "Check units.yaml; every problem at once."),
    "schema": ("Cetak JSON Schema dari units.yaml.", "Print the JSON Schema of units.yaml."),
    "openapi": (
        "Cetak OpenAPI dari alamat-alamat backend, untuk program yang mengirim jawaban.",
        "Print the OpenAPI of the backend's addresses, for programs that send answers.",
    ),
    "opt_instrument_schema": (
        "JSON Schema dari berkas instrumen di site_src/instruments/.",
        "The JSON Schema of instrument files in site_src/instruments/.",
    ),
    "build": ("Bangun situs; hanya yang berubah ditulis.", "Build the site; only what changed is written."),
    "serve": (
        "Jalankan situs, penerima jawaban, dan penerbit di satu alamat.",
        "Serve site, backend and publisher on one address.",
    ),
    "publish": (
        "Terbitkan hasil: rilis, commit, push, bangun.",
        "Publish results: release, commit, push, build.",
    ),
    "simulate": (
        "Isi jawaban buatan lewat jalur yang sebenarnya (kanal simulasi).",
        "Record synthetic answers through the real intake (channel simulasi).",
    ),
    "demo": (
        "Peragaan di folder sementara dengan jawaban buatan empat triwulan.",
        "A demonstration in a throw-away folder, with synthetic answers over four quarters.",
    ),
    "opt_file": ("Berkas registri.", "Registry file."),
    "opt_json": ("Laporan sebagai JSON.", "Report as JSON."),
    "opt_dir": ("Tautan situs (baku: var/site).", "Link of the site (default: var/site)."),
    "opt_full": ("Bangun ulang semuanya.", "Build everything anew."),
    "opt_jobs": (
        "Jumlah proses untuk membangun ulang; baku: jumlah prosesor.",
        "Processes that build everything anew; by default as many as processors.",
    ),
    "opt_host": ("Alamat untuk mendengarkan.", "Address to listen on."),
    "opt_port": ("Porta.", "Port."),
    "opt_no_publish": ("Tanpa penerbit.", "Without the publisher."),
    "opt_dry_run": ("Tunjukkan saja, jangan ubah apa pun.", "Only show, change nothing."),
    "opt_every": (
        "Ulangi setiap selang, misalnya 5m; paling lama 1h.",
        "Repeat at this interval, such as 5m; 1h at most.",
    ),
    "opt_no_build": ("Jangan bangun situs sesudahnya.", "Do not build the site afterwards."),
    "opt_at": (
        "Jam untuk sekali jalan ini, misalnya 2026-10-08; hanya bila semua jawaban buatan.",
        "Clock of this run, such as 2026-10-08; only where all answers are synthetic.",
    ),
    "opt_answers": ("Banyaknya jawaban seluruhnya.", "Number of answers in all."),
    "opt_seed": ("Benih acak.", "Random seed."),
    "opt_unit": ("Kode unit (baku: semua unit aktif).", "Unit code (default: all active units)."),
    "opt_period": ("Periode (baku: yang berjalan).", "Period (default: the current one)."),
    "checked": (
        "{file}: {units} unit, {organisations} organisasi, tanpa kesalahan.",
        "{file}: {units} units, {organisations} organisations, no problem.",
    ),
    "check_deleted": (
        "{count} unit dari situs yang terakhir dibangun tidak ada lagi dalam {file}: {codes}. Bila posternya mungkin "
        "tergantung, kembalikan dengan status: closed; bila kodenya belum pernah dicetak, tulis dalam retired. "
        "Rinciannya: sukma plan.",
        "{count} unit(s) of the site as last built are no longer in {file}: {codes}. Put them back with status: closed "
        "where posters may hang, or list the code under retired if it was never printed. Details: sukma plan.",
    ),
    "problems": ("{count} kesalahan.", "{count} problem(s)."),
    "built": (
        "Situs {link}: {written} berkas ditulis, {unchanged} tetap, {removed} dihapus ({seconds} detik).",
        "Site {link}: {written} files written, {unchanged} unchanged, {removed} removed ({seconds} s).",
    ),
    "released": (
        "{unit} {period}: {added} jawaban baru terbit, n = {n}.",
        "{unit} {period}: {added} more answers published, n = {n}.",
    ),
    "held_open": (
        "{unit} {period}: {waiting} jawaban menunggu jawaban lain untuk terbit bersama.",
        "{unit} {period}: {waiting} answers wait for the rest of their block.",
    ),
    "held_remainder": (
        "{unit} {period}: {waiting} jawaban belum dapat ditampilkan (kurang dari k).",
        "{unit} {period}: {waiting} answers cannot be shown yet (fewer than k).",
    ),
    "and_more": ("… dan {count} baris lagi (semuanya dengan --json).", "… and {count} more lines (all with --json)."),
    "nothing": ("Tidak ada yang perlu diterbitkan.", "Nothing to publish."),
    "committed": ("Tersimpan di repositori situs: {commit}.", "In the site repository: {commit}."),
    "simulated": ("{count} jawaban buatan dicatat pada {period}.", "{count} synthetic answers recorded in {period}."),
    "real_answers": (
        "Basis data ini berisi jawaban warga: jawaban buatan dan --at ditolak. Pakai folder lain (atau `sukma demo`).",
        "This database holds citizens' answers: synthetic answers and --at are refused. "
        "Use another folder (or `sukma demo`).",
    ),
    "final_period": (
        "{period} sudah final untuk {unit}: pilih periode yang masih dibuka.",
        "{period} is final for {unit}: choose a period that is still open.",
    ),
    "future_period": (
        "{period} belum mulai: pilih periode yang sedang atau sudah berjalan.",
        "{period} has not begun: choose a current or past one.",
    ),
    "wrong_period": (
        "{period} bukan periode registri ini (site.period: {kind}).",
        "{period} is not a period of this registry (site.period: {kind}).",
    ),
    "unknown_unit": (
        "Kode unit {unit} tidak ada di registri, atau unitnya tidak aktif.",
        "Unit code {unit} is not in the registry, or the unit is not active.",
    ),
    "empty_unit": ("--unit: tulis kode unit.", "--unit: write the code of a unit."),
    "no_unit": ("Registri tidak mempunyai unit aktif.", "The registry has no active unit."),
    "no_installation": (
        "Folder ini bukan instalasi: {missing} tidak ada. Jalankan sukma di folder berisi units.yaml dan site_src/.",
        "This folder is no installation: {missing} is missing. Run sukma in a folder with units.yaml and site_src/.",
    ),
    "bad_duration": (
        "{text!r} bukan selang waktu: tulis 30s, 5m, atau 1h.",
        "{text!r} is not an interval: write 30s, 5m or 1h.",
    ),
    "long_duration": (
        "{text} terlalu jarang: setiap kali berjalan, waktu tepat dihapus sebelum 48 jam. Tulis paling lama 1h.",
        "{text} is too rare: every run forgets exact times of answers before 48 hours are over. Write 1h at most.",
    ),
    "one_instant": (
        "--at menetapkan satu saat; --every berjalan berulang kali. Pakai salah satu.",
        "--at names one moment, --every runs again and again: use one of them.",
    ),
    "bad_instant": (
        "{text!r} bukan waktu: tulis 2026-10-08 atau 2026-10-08T09:00+07:00.",
        "{text!r} is not a time: write 2026-10-08 or 2026-10-08T09:00+07:00.",
    ),
    "bad_lang": (
        "Bahasa {text!r} tidak ada: tulis --lang id (Indonesia) atau --lang en (Inggris).",
        "There is no language {text!r}: write --lang id (Indonesian) or --lang en (English).",
    ),
    "bad_period": (
        "{text!r} bukan periode: tulis 2026-11, 2026-TW4, 2026-S2, atau 2026.",
        "{text!r} is not a period: write 2026-11, 2026-TW4, 2026-S2 or 2026.",
    ),
    "database": ("Basis data tidak dapat dipakai: {reason}.", "The database cannot be used: {reason}."),
    "disk": ("{place}: {reason}.", "{place}: {reason}."),
    "disk_full": (
        "Diska penuh: kosongkan ruang, lalu jalankan lagi; tidak ada yang hilang.",
        "The disk is full: make room and run again; nothing is lost.",
    ),
    "database_disk": (
        "Basis data tidak dapat dipakai: {reason}. Kosongkan ruang diska, atau periksa diskanya, lalu jalankan lagi.",
        "The database cannot be used: {reason}. Make room on the disk, or check the disk, and run again.",
    ),
    "serving": ("Buka {url} (Ctrl-C untuk berhenti).", "Open {url} (Ctrl-C to stop)."),
    "elsewhere": (
        "Perhatikan: poster memuat {url}, tetapi server ini mendengarkan di {here}.",
        "Note: posters carry {url}, but this server listens on {here}.",
    ),
    "demo_folder": (
        "Folder peragaan: {folder} (dihapus saat berhenti).",
        "Demonstration folder: {folder} (removed at the end).",
    ),
    "demo_seeding": ("Mengisi {count} jawaban buatan …", "Recording {count} synthetic answers …"),
    "repository": ("Repositori situs: {id}", "{en}"),
    "not_our_site": (
        "{link} bukan buatan perintah build: pindahkan, atau pilih tempat lain dengan -d.",
        "{link} was not made by a build: move it away or name another place with -d",
    ),
    "not_our_clone": (
        "{folder} bukan klon milik penerbit dan mungkin memuat pekerjaan seseorang: pindahkan, atau sebutkan folder "
        "lain dengan SUKMA_SITE_REPO.",
        "{folder} is not the publisher's clone and may hold somebody's own work: move it away, or name another folder "
        "with SUKMA_SITE_REPO",
    ),
    "changed_wording": (
        "site_src/instruments/{file}: hasil yang sudah terbit memuat jawaban atas bunyi yang lain. Kembalikan isinya "
        "seperti semula, dan tulis bunyi yang baru dalam {newer}.",
        "site_src/instruments/{file}: published results hold answers to another wording; restore it, and write the "
        "new wording into {newer}.",
    ),
    "older_database": (
        "Repositori situs sudah memuat rilis {held}, basis data ini baru sampai {known}: basis data dipulihkan dari "
        "cadangan lama; pulihkan cadangan terbaru sebelum menerbitkan lagi.",
        "the site repository already holds release {held}, this database knows only {known}: "
        "it was restored from an older backup; restore the newest one before publishing again",
    ),
    "another_publisher": (
        "Penerbit lain memegang {lock} selama {seconds} detik: tunggu sampai selesai, atau hentikan.",
        "another publisher has held {lock} for {seconds} seconds: let it finish, or stop it",
    ),
    "no_listening": (
        "Tidak dapat mendengarkan di {host} porta {port}: {reason}.",
        "cannot listen on {host} port {port}: {reason}",
    ),
}


def languages_asked(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """(What every `--lang` asks for, empty where nothing follows it; the arguments without them)."""
    asked, left, rest = [], [], iter(arguments)
    for argument in rest:
        name, equals, value = argument.partition("=")
        if name == "--lang":
            asked.append(value if equals else next(rest, ""))
        else:
            left.append(argument)
    return asked, left


def language(asked: Sequence[str], env: Mapping[str, str]) -> str:
    """The first known language that was asked for, else English for an English locale, else Indonesian."""
    locale = env.get("LC_ALL") or env.get("LC_MESSAGES") or env.get("LANG") or ""
    return next((lang for lang in asked if lang in LANGUAGES), "en" if locale.startswith("en") else "id")


def sayer(lang: str) -> Say:
    """`say(key, **values)` in a language."""
    column = LANGUAGES.index(lang)

    def say(key: str, **values: object) -> str:
        text = _TEXTS[key][column]
        return text.format(**values) if values else text

    return say
