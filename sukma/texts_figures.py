"""What `sukma index` and `sukma sample-size` say, in Indonesian and English."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "index": (
        "Hitung ulang tabel pengolahan: CSV atau XLSX, satu baris per responden, kolom U1 sampai U9.",
        "Recompute a processing table: CSV or XLSX, a row per respondent, columns U1 to U9.",
    ),
    "sample_size": (
        "Banyaknya responden untuk N pengguna layanan (4384 atau 4.384): rumus dan baris tabel.",
        "Respondents that N users of a service need (4384 or 4.384): formula and row of the table.",
    ),
    "opt_instrument": ("Instrumen (kuesioner) tabel itu.", "The instrument (questionnaire) of the table."),
    "opt_convention": (
        "Bobot per unsur: 1/x, 0,11 atau 0,111 (dua yang terakhir hanya untuk sembilan unsur).",
        "Weight of an unsur: 1/x, 0.11 or 0.111 (the last two for nine unsur only).",
    ),
    "opt_map": (
        "Kepala kolom yang berarti lain, misalnya U8=sarana,U9=pengaduan.",
        "Headers that mean something else, such as U8=sarana,U9=pengaduan.",
    ),
    "opt_population": ("Banyaknya pengguna layanan pada periode itu.", "Number of users of the service in the period."),
    "bad_instrument": (
        "Instrumen {name!r} tidak ada. Yang ada: {known}.",
        "There is no instrument {name!r}. There are: {known}.",
    ),
    "bad_map": (
        "--map {text!r} tidak dapat dibaca: tulis KEPALA=UNSUR, dipisah koma, tiap kepala sekali.",
        "--map {text!r} cannot be read: write HEADER=UNSUR, separated by commas, each header once.",
    ),
    "bad_map_name": (
        "--map {text!r} menyebut unsur yang tidak ada di instrumen. Yang ada: {unsur}.",
        "--map {text!r} names an unsur that the instrument does not have. It has: {unsur}.",
    ),
    "bad_people": (
        "{text!r} bukan banyaknya pengguna: tulis bilangan bulat mulai 1, misalnya 4384 atau 4.384.",
        "{text!r} is not a number of users: write a whole number from 1, such as 4384 or 4.384.",
    ),
    "bad_convention": (
        "Bobot {convention} hanya untuk sembilan unsur; tabel ini berisi jawaban untuk {unsur}. Pakai exact.",
        "Convention {convention} is for nine unsur only; this table has answers to {unsur}. Use exact.",
    ),
    # the file
    "table_missing": ("{file}: berkas tidak ada.", "{file}: there is no such file."),
    "table_folder": ("{file}: bukan berkas biasa.", "{file}: not a regular file."),
    "table_unreadable": ("{file}: berkas tidak dapat dibuka ({reason}).", "{file}: cannot be opened ({reason})."),
    "table_empty": ("{file}: berkas kosong.", "{file}: the file is empty."),
    "table_extension": (
        "{file}: jenis berkas «{extension}» tidak dikenal: simpan sebagai .csv atau .xlsx.",
        "{file}: unknown kind of file «{extension}»: save it as .csv or .xlsx.",
    ),
    "table_xls": (
        "{file}: berkas Excel lama (.xls): buka, lalu simpan sebagai .xlsx.",
        "{file}: an old Excel file (.xls): open it and save it as .xlsx.",
    ),
    "table_encrypted": (
        "{file}: buku kerja bersandi: hapus sandinya, lalu simpan lagi.",
        "{file}: the workbook is encrypted: remove its password and save it again.",
    ),
    "table_is_workbook": (
        "{file}: isinya buku kerja, bukan CSV: ganti namanya menjadi .xlsx.",
        "{file}: its content is a workbook, not CSV: rename it to .xlsx.",
    ),
    "table_no_workbook": (
        "{file}: bukan buku kerja XLSX, atau rusak: buka di program lembar kerja, lalu simpan lagi sebagai .xlsx.",
        "{file}: not an XLSX workbook, or damaged: open it in a spreadsheet program and save it as .xlsx again.",
    ),
    "table_binary": (
        "{file}: bukan teks: simpan sebagai CSV (UTF-8) atau .xlsx.",
        "{file}: not a text: save it as CSV (UTF-8) or .xlsx.",
    ),
    "table_quotes": (
        "{file}: tanda kutip di sekitar baris {line} tidak ditutup atau salah tempat: perbaiki, lalu ulangi.",
        "{file}: a quotation mark near line {line} is not closed or out of place: correct it and try again.",
    ),
    "table_cell": (
        "{file}: sel di baris {line} lebih panjang daripada yang dapat dibaca: tutup tanda kutipnya, atau ringkaskan.",
        "{file}: a cell in line {line} is longer than can be read: close its quotation mark, or shorten it.",
    ),
    "table_no_sheet": (
        "{file}: tidak ada lembar dengan kepala kolom unsur (U1 sampai U9). Lembarnya: {sheets}.",
        "{file}: no sheet has a header with unsur (U1 to U9). Its sheets: {sheets}.",
    ),
    "table_population": (
        "{file}: {n} responden dari {users} pengguna: jawaban tidak mungkin lebih banyak daripada pengguna.",
        "{file}: {n} respondents of {users} users: there cannot be more answers than users.",
    ),
    # the table
    "table_no_header": (
        "tidak ada kepala kolom unsur: tulis U1 sampai U9 (atau nama unsur) di satu baris di atas jawaban.",
        "no header with unsur: write U1 to U9 (or the names of the unsur) in one line above the answers.",
    ),
    "table_unknown_unsur": (
        "«{text}» tidak ada di instrumen: sebutkan unsurnya dengan --map, atau hapus kolom itu.",
        "«{text}» is not in the instrument: name its unsur by --map, or delete the column.",
    ),
    "table_twice": (
        "«{text}» dan «{other}» berarti pertanyaan yang sama: hapus satu, atau bedakan dengan --map.",
        "«{text}» and «{other}» mean the same question: delete one, or tell them apart by --map.",
    ),
    "table_contradiction": (
        "nomor dan nama pada «{text}» tidak cocok: sebutkan unsurnya dengan --map, misalnya U8=sarana,U9=pengaduan.",
        "number and name in «{text}» do not agree: name the unsur by --map, such as U8=sarana,U9=pengaduan.",
    ),
    "table_whole_and_parts": (
        "«{text}» dan «{other}»: satu unsur ditulis utuh dan per butir; pakai salah satu.",
        "«{text}» and «{other}»: an unsur stands there both whole and by items; keep one way.",
    ),
    "table_unused_map": (
        "--map menyebut «{text}», yang tidak ada di kepala kolom ini: perbaiki --map.",
        "--map names «{text}», which is not in this header: correct --map.",
    ),
    "table_unclear_column": (
        "kolom «{text}» berisi nilai 1 sampai 4 tetapi tidak menyebut unsur: sebutkan dengan kepala kolom atau --map, "
        "atau hapus kolom itu.",
        "column «{text}» holds values from 1 to 4 but names no unsur: name it by its header or --map, "
        "or delete the column.",
    ),
    "table_value": (
        "«{text}» bukan nilai 1, 2, 3, atau 4: perbaiki, atau kosongkan bila tidak dijawab.",
        "«{text}» is not a value 1, 2, 3 or 4: correct it, or leave the cell empty if it was not answered.",
    ),
    "table_formula": (
        "rumus «{text}» belum dihitung: buka di program lembar kerja, lalu simpan, atau tulis nilainya.",
        "the formula «{text}» was never computed: open and save the file in a spreadsheet program, or write the value.",
    ),
    "table_not_a_number": (
        "«{text}» bukan nomor responden dan bukan baris ringkasan yang dikenal: tulis nomornya, kosongkan, atau hapus "
        "baris itu.",
        "«{text}» is no respondent's number and no known summary line: write the number, empty the cell or delete the "
        "row.",
    ),
    "table_unclear_row": (
        "baris ini bertanda «{text}» seperti baris ringkasan, tetapi berisi jawaban: beri nomor responden, atau hapus.",
        "this row says «{text}» like a summary line, but holds answers: give it a respondent's number, or delete it.",
    ),
    "table_no_number": (
        "baris ini berisi jawaban tanpa nomor responden, padahal baris lain bernomor: beri nomor, atau hapus bila itu "
        "ringkasan.",
        "this row holds answers without a respondent's number, while others have one: number it, or delete a summary.",
    ),
    "table_above_header": (
        "jawaban di atas kepala kolom: pindahkan ke bawahnya.",
        "answers above the header: move them below it.",
    ),
    "table_below_summary": (
        "jawaban di bawah baris ringkasan: pindahkan ke atasnya, atau hapus.",
        "answers below the summary lines: move them above, or delete them.",
    ),
    "table_too_long": (
        "baris ini lebih panjang daripada kepala kolom: desimal dengan koma perlu pemisah titik koma atau tanda kutip.",
        "this row is longer than the header: decimal commas need a semicolon as separator, or quotation marks.",
    ),
    "table_too_short": (
        "baris ini terpotong: lengkapi selnya (kosong bila tidak dijawab).",
        "this row is cut off: complete its cells (empty where not answered).",
    ),
    "table_nobody": (
        "tidak ada jawaban di bawah kepala kolom ini.",
        "there is no answer below this header.",
    ),
    "table_more": ("… dan {count} kesalahan lagi.", "… and {count} more problems."),
    # what is not in the table
    "table_sheet": ("Lembar «{name}» dibaca.", "Sheet «{name}» is read."),
    "table_unread": (
        "Lembar lain yang juga berisi tabel tidak dibaca: {names}.",
        "Other sheets that hold a table too are not read: {names}.",
    ),
    "table_left_title": (
        "Judul di atas tabel dilewati: baris {rows}.",
        "Titles above the table are left out: row {rows}.",
    ),
    "table_left_second_header": (
        "Kepala kolom berikutnya dilewati: baris {rows}.",
        "Further header lines are left out: row {rows}.",
    ),
    "table_left_summary": (
        "Ringkasan di bawah tabel dilewati dan dihitung ulang: baris {rows}.",
        "The summary below the table is left out and computed anew: row {rows}.",
    ),
    "table_left_unanswered": (
        "{count} baris tanpa satu jawaban pun tidak dihitung: baris {rows}.",
        "{count} row(s) without a single answer are not counted: row {rows}.",
    ),
    "table_ignored": (
        "Kolom yang bukan jawaban dilewati: {columns}.",
        "Columns that are no answers are left out: {columns}.",
    ),
    "table_absent": (
        "Tanpa jawaban: {unsur}. Indeks dihitung dari {count} unsur.",
        "Without answers: {unsur}. The index is computed over {count} unsur.",
    ),
    # the annex
    "annex_unsur": ("Unsur", "Unsur"),
    "annex_sum": ("Σ nilai", "Σ values"),
    "annex_n": ("n", "n"),
    "annex_nrr": ("NRR", "NRR"),
    "annex_weighted": ("NRR tertimbang", "weighted NRR"),
    "annex_total": ("*) Jumlah NRR tertimbang", "*) Sum of the weighted NRR"),
    "annex_index": ("**) IKM = *) × 25", "**) IKM = *) × 25"),
    "annex_mutu": ("Mutu", "Mutu"),
    "annex_kinerja": ("Kinerja", "Kinerja"),
    "annex_range": ("IKM", "IKM"),
    "annex_ikm": (
        "IKM {ikm}, mutu {letter} ({kinerja}), dari {n} responden.",
        "IKM {ikm}, mutu {letter} ({kinerja}), from {n} respondents.",
    ),
    "annex_withheld": (
        "Kurang dari {least} responden: mutu ini terlalu lemah untuk diterbitkan.",
        "Fewer than {least} respondents: this mutu is too weak to be published.",
    ),
    "annex_interval": (
        "Rentang 95 %: {lo} sampai {hi}; keyakinan {keyakinan}, mutu {classes}. Responden bukan sampel acak.",
        "95 % interval: {lo} to {hi}; confidence {keyakinan}, mutu {classes}. Respondents are no random sample.",
    ),
    "annex_kuat": ("kuat", "strong"),
    "annex_cukup": ("cukup", "fair"),
    "annex_lemah": ("lemah", "weak"),
    "annex_without_biaya": ("IKM tanpa unsur biaya: {ikm}.", "IKM without the unsur biaya: {ikm}."),
    "annex_required": (
        "Sampel untuk {users} pengguna: {required}; terkumpul {n}.",
        "Sample for {users} users: {required}; collected {n}.",
    ),
    "annex_legend": (
        "NRR = Σ nilai dibagi banyaknya yang menjawab (n); NRR tertimbang = NRR × {weight} (bobot {convention}).\n"
        "Mutu unsur: NRR × 25 menurut tabel di bawah.",
        "NRR = Σ values by the number who answered (n); weighted NRR = NRR × {weight} (convention {convention}).\n"
        "Mutu of an unsur: NRR × 25 by the table below.",
    ),
    "annex_legend_interval": (
        "Rentang dihitung dengan bobot 1/{unsur}.",
        "The interval is computed with the weight 1/{unsur}.",
    ),
    "annex_legend_items": (
        "Unsur dengan beberapa butir: NRR adalah rata-rata dari rata-rata butirnya.",
        "An unsur with several items: its NRR is the mean of the means of its items.",
    ),
    # the sample
    "sampled": (
        "{users} pengguna: {required} responden (rumus {formula}). Baris tabel terdekat: {row} pengguna, {row_size}.",
        "{users} users: {required} respondents (formula {formula}). Nearest row of the table: {row} users, {row_size}.",
    ),
}
