"""What the commands about recorded answers say, in Indonesian and English."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "answers": (
        "Daftar jawaban untuk diperiksa: nomor, hari, kanal, penanda; tanpa nilai dan tanpa tulisan.",
        "List answers for review: number, day, channel, labels; without their values and texts.",
    ),
    "set_aside": (
        "Sisihkan jawaban supaya tidak dihitung, dengan alasan yang diterbitkan jumlahnya.",
        "Set answers aside so that they do not count, for a reason whose number is published.",
    ),
    "put_back": ("Hitung kembali jawaban yang disisihkan.", "Count answers again that were set aside."),
    "audit": (
        "Catatan siapa berbuat apa dengan jawaban, yang terbaru lebih dahulu.",
        "Who did what with answers, newest first.",
    ),
    "retention": (
        "Kurangi jawaban lama menjadi hitungan, menurut site.retention; hasil yang terbit tidak berubah.",
        "Reduce old answers to what was counted of them, by site.retention; published results do not change.",
    ),
    "opt_report_number": (
        "Nomor berita acara pemusnahan.",
        "Number of the report of disposal (berita acara).",
    ),
    "retention_unset": (
        "site.retention belum ditetapkan: semua jawaban disimpan.",
        "site.retention is not set: every answer is kept.",
    ),
    "retention_report": (
        "Pemusnahan perlu --report-number (nomor berita acara) dan --actor; untuk melihat dahulu: --dry-run.",
        "Disposal needs --report-number (number of the report) and --actor; to look first: --dry-run.",
    ),
    "retention_pending": (
        "Ada hasil yang belum terkirim ke repositori situs: jalankan sukma publish dahulu.",
        "Results wait for the site repository: run sukma publish first.",
    ),
    "retention_row": (
        "{year}: {units} unit, {answers} jawaban, {texts} jawaban yang hanya tulisannya.",
        "{year}: {units} units, {answers} answers, {texts} answers of which only the texts.",
    ),
    "retention_none": ("Tidak ada yang sudah waktunya.", "Nothing is due."),
    "retention_done": (
        "Dimusnahkan menurut {schedule}, berita acara {report}. Musnahkan juga cadangan yang lebih lama.",
        "Disposed of by {schedule}, report {report}. Dispose of older backups, too.",
    ),
    "export": (
        "Salin jawaban ke berkas untuk pengelola: urutan diacak, waktu sampai jam, tanpa tanda terima.",
        "Copy answers into a file for the operator: shuffled, times to the hour, without receipts.",
    ),
    "opt_org": ("id organisasi: semua unit di bawahnya.", "Id of an organisation: every unit below it."),
    "opt_format": ("Bentuk berkas.", "Format of the file."),
    "opt_to": ("Berkas tujuan; - untuk keluaran baku.", "File to write; - is standard output."),
    "exported": (
        "{count} jawaban ditulis ke {target}. Berkas ini berisi jawaban per orang: jaga dan hapus setelah dipakai.",
        "{count} answers written to {target}. It holds what single people answered: guard it, delete it after use.",
    ),
    "no_such_unit": (
        "Kode unit {unit} tidak ada di registri, dan tidak ada jawaban dengan kode itu: periksa kodenya.",
        "Unit code {unit} is not in the registry, and no answer has it: check the code.",
    ),
    "export_no_file": (
        "{target} bukan berkas biasa (mungkin folder): sebutkan nama berkas, atau - untuk keluaran baku.",
        "{target} is no regular file (a folder, perhaps): name a file, or - for standard output.",
    ),
    "export_no_folder": (
        "{target}: folder {folder} tidak ada: buat dahulu, atau pilih yang lain.",
        "{target}: there is no folder {folder}: make it first, or choose another.",
    ),
    "export_own": (
        "{target} dipakai instalasi ini dan akan tertimpa: pilih nama berkas lain.",
        "{target} is this installation's own and would be written over: choose another file name.",
    ),
    "export_no_org": (
        "Organisasi {org} tidak ada di registri.",
        "Organisation {org} is not in the registry.",
    ),
    "table_too_long": (
        "{file}: terlalu banyak untuk satu lembar kerja: pakai --format csv, atau pilih periode.",
        "{file}: too many for one sheet: use --format csv, or choose a period.",
    ),
    "opt_receipt": ("Tanda terima (boleh berulang).", "Receipt (may be repeated)."),
    "opt_seq": ("Nomor jawaban: 12, 12-40, atau 3,7,9.", "Numbers of answers: 12, 12-40 or 3,7,9."),
    "opt_of_unit": ("Kode unit.", "Unit code."),
    "opt_of_period": ("Periode, misalnya 2026-TW4.", "Period, such as 2026-TW4."),
    "opt_label": ("Hanya yang bertanda ini: {labels}.", "Only those with this label: {labels}."),
    "opt_aside": ("Hanya yang disisihkan.", "Only those set aside."),
    "opt_reason": (
        "Alasan: petugas (diisi petugas), skrip (dikirim program), ganda, uji-coba, salah-unit, lainnya.",
        "Reason: petugas (filled in by staff), skrip (sent by a program), ganda (twice), uji-coba (a test), "
        "salah-unit (wrong unit), lainnya (other).",
    ),
    "opt_actor": ("Siapa yang memutuskan, misalnya jabatannya.", "Who decides, such as an office's title."),
    "answers_head": (
        "nomor\tunit\tperiode\thari\tkanal\tpenanda\tkeadaan\tdisisihkan",
        "number\tunit\tperiod\tday\tchannel\tlabels\tstate\tset aside",
    ),
    "answers_released": ("terbit", "published"),
    "answers_waiting": ("menunggu", "waiting"),
    "answers_count": ("{count} jawaban.", "{count} answers."),
    "choose_some": (
        "Sebutkan jawaban yang dimaksud: --receipt, --seq, atau --unit bersama --label.",
        "Say which answers are meant: --receipt, --seq, or --unit with --label.",
    ),
    "choose_listed": (
        "Sebutkan jawaban yang dimaksud: --unit, --receipt, --seq, atau --aside.",
        "Say which answers are meant: --unit, --receipt, --seq or --aside.",
    ),
    "bad_seq": (
        "{text!r} bukan nomor jawaban: tulis 12, 12-40, atau 3,7,9.",
        "{text!r} is no number of an answer: write 12, 12-40 or 3,7,9.",
    ),
    "bad_label": (
        "Penanda {label!r} tidak ada. Yang ada: {known}.",
        "No label {label!r}. There are: {known}.",
    ),
    "bad_actor": (
        "--actor: tulis siapa yang melakukan ini, 2 sampai 80 huruf dalam satu baris.",
        "--actor: write who does this, 2 to 80 characters on one line.",
    ),
    "unknown_answers": (
        "Tidak ada jawaban dengan nomor atau tanda terima ini: {names}. Tidak ada yang diubah.",
        "No answer has this number or receipt: {names}. Nothing was changed.",
    ),
    "aside_done": (
        "{count} jawaban disisihkan ({reason}); {same} sudah demikian sebelumnya.",
        "{count} answers set aside ({reason}); {same} were so before.",
    ),
    "back_done": (
        "{count} jawaban dihitung kembali; {same} memang tidak disisihkan.",
        "{count} answers count again; {same} were not set aside.",
    ),
    "aside_dry": ("Percobaan: tidak ada yang diubah.", "Dry run: nothing was changed."),
    "aside_released": (
        "{count} di antaranya sudah terbit: hasilnya berubah hanya bila cukup banyak berpindah bersama "
        "(paling sedikit {k}); sebelum itu jumlahnya saja yang disebut.",
        "{count} of them are published: the figures change only where enough move together (at least {k}); "
        "until then their number is told.",
    ),
}
