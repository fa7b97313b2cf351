"""What `sukma import` says, in Indonesian and English."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "import": (
        "Catat formulir kertas yang sudah diketik: CSV atau XLSX, satu baris per formulir; semua atau tidak satu pun.",
        "Record paper forms that were typed in: CSV or XLSX, a row per form; all or none.",
    ),
    "opt_channel": ("Kanal.", "Channel."),
    "opt_batch": (
        "Nama berkas formulir (baku: nama berkas). Baris yang sama dengan nama yang sama dicatat sekali.",
        "Name of the pile of forms (default: the file's name). Equal rows under an equal name are recorded once.",
    ),
    "opt_actor_import": ("Siapa yang mengetik, misalnya jabatannya.", "Who typed it in, such as an office's title."),
    "imported": (
        "{file}: {forms} formulir, {recorded} dicatat, {known} sudah tercatat sebelumnya.",
        "{file}: {forms} forms, {recorded} recorded, {known} had been recorded before.",
    ),
    "import_dry": (
        "{file}: {forms} formulir tanpa kesalahan, {recorded} akan dicatat, {known} sudah tercatat. "
        "Percobaan: tidak ada yang dicatat.",
        "{file}: {forms} forms without a problem, {recorded} would be recorded, {known} are recorded. "
        "Dry run: nothing was recorded.",
    ),
    "import_known": (
        "Baris {rows} sudah tercatat dengan nama «{batch}» dan tidak dicatat lagi. Bila itu formulir orang lain dari "
        "tumpukan lain, simpan baris itu sebagai berkas sendiri dan impor dengan nama lain: --batch.",
        "Row(s) {rows} had been recorded under the name «{batch}» and were not recorded again. If they are other "
        "people's forms of another pile, save these rows as a file of their own and import it under another name: "
        "--batch.",
    ),
    "import_known_dry": (
        "Baris {rows} sudah tercatat dengan nama «{batch}» dan tidak akan dicatat lagi. Bila berkas ini tumpukan lain, "
        "beri nama lain: --batch.",
        "Row(s) {rows} are recorded under the name «{batch}» and would not be recorded again. If this file is another "
        "pile, give it another name: --batch.",
    ),
    "import_unclear": (
        "{file}: dengan nama «{batch}» sudah tercatat {before} formulir. Baris {rows} berkas ini sama dengan {known} "
        "di antaranya, yang lain tidak ada di sini. Bila ini tumpukan lain (formulir orang lain), beri nama lain: "
        "--batch. "
        'Bila tumpukan yang sama, misalnya setelah ada yang diperbaiki, jalankan lagi dengan --batch "{batch}": baris '
        "itu tidak dicatat dua kali. Tidak ada yang dicatat.",
        "{file}: {before} forms are recorded under the name «{batch}». Row(s) {rows} of this file equal {known} of "
        "them, the others are not here. If this is another pile (other people's forms), give it another name: "
        "--batch. "
        'If it is the same pile, after a correction perhaps, run again with --batch "{batch}": these rows are not '
        "recorded twice. Nothing was recorded.",
    ),
    "import_today": (
        "{count} formulir menyebut hari dari periode yang sudah ditutup: dihitung pada hari ini.",
        "{count} forms name a day of a period that is closed: they count today.",
    ),
    "import_again": (
        "{file}: isi ini sudah dicatat dengan nama {batch} ({day}). Tidak ada yang dicatat.",
        "{file}: this content was recorded under the name {batch} ({day}). Nothing was recorded.",
    ),
    "paper_sheets": (
        "{file}: lembar lain juga berisi formulir: {names}. Simpan setiap lembar sebagai berkas sendiri, lalu impor "
        "satu per satu. Tidak ada yang dicatat.",
        "{file}: other sheets hold forms too: {names}. Save each sheet as a file of its own and import one by one. "
        "Nothing was recorded.",
    ),
    "paper_no_sheet": (
        "{file}: tidak ada lembar dengan kolom «unit». Lembarnya: {sheets}.",
        "{file}: no sheet has a column «unit». Its sheets: {sheets}.",
    ),
    "paper_no_header": (
        "tidak ada kepala kolom: tulis unit, hari, dan nama butir (persyaratan, …) dalam satu baris di atas.",
        "no header: write unit, hari and the items' names (persyaratan, …) in one line at the top.",
    ),
    "paper_no_forms": (
        "tidak ada formulir di bawah kepala kolom: ketik satu baris per formulir.",
        "no form below the header: type in a row per form.",
    ),
    "paper_column": (
        "kolom «{name}» tidak dikenal: hapus, atau namai seperti isian formulir: {known}.",
        "unknown column «{name}»: delete it, or name it as the form's field: {known}.",
    ),
    "paper_column_twice": ("kolom «{name}» ada dua kali: hapus satu.", "column «{name}» is there twice: delete one."),
    "paper_nameless": (
        "«{text}» berada di kolom tanpa nama: namai kolomnya, atau kosongkan.",
        "«{text}» is in a column without a name: name the column, or empty it.",
    ),
    "paper_lacks_column": (
        "unit di berkas ini menanyakan {name}, tetapi kolomnya tidak ada: tambahkan, kosong bila tidak dijawab.",
        "a unit of this file asks for {name}, but there is no such column: add it, empty where it was not answered.",
    ),
    "paper_width": (
        "{cells} sel, padahal kepala kolom {columns}: koma di dalam isian perlu tanda kutip.",
        "{cells} cells, but the header has {columns}: a comma inside a cell needs quotation marks.",
    ),
    "paper_formula": (
        "«{text}» adalah rumus: tulis nilainya.",
        "«{text}» is a formula: write its value.",
    ),
    "paper_no_unit": ("kode unit kosong: isi kode pada poster.", "no unit: write the code on the poster."),
    "paper_unknown_unit": (
        "unit «{text}» tidak ada di registri: periksa kodenya, dan format kolom itu sebagai teks.",
        "unit «{text}» is not in the registry: check the code, and format that column as text.",
    ),
    "paper_closed_unit": (
        "unit «{text}» sudah ditutup dan tidak menerima jawaban.",
        "unit «{text}» is closed and takes no answers.",
    ),
    "paper_nothing": (
        "tidak satu pertanyaan pun dijawab: hapus baris ini.",
        "not one question is answered: delete this row.",
    ),
    "paper_day": (
        "«{text}» bukan tanggal: tulis 2026-11-24 atau 24/11/2026.",
        "«{text}» is no day: write 2026-11-24 or 24/11/2026.",
    ),
    "paper_future": (
        "«{text}» belum tiba: periksa tanggalnya.",
        "«{text}» is in the future: check the day.",
    ),
    "paper_long_ago": (
        "«{text}» lebih dari setahun lalu: periksa tahunnya.",
        "«{text}» is more than a year ago: check the year.",
    ),
    "paper_not_allowed": (
        "«{text}» tidak dapat dipakai untuk {name}. Yang dapat: {allowed}.",
        "«{text}» cannot be used for {name}. What can: {allowed}.",
    ),
    "paper_loket": (
        "«{text}» tidak dapat dipakai untuk loket: huruf tanpa aksen, angka, spasi, titik, dan tanda hubung; "
        "paling banyak 20, diawali huruf atau angka.",
        "«{text}» cannot be used for loket: letters without accents, digits, spaces, full stops and hyphens; 20 at "
        "most, first a letter or a digit.",
    ),
    "paper_layanan": (
        "unit ini tidak mempunyai daftar layanan: kosongkan selnya.",
        "this unit has no list of services: empty the cell.",
    ),
    "paper_character": (
        "{name} memuat karakter {characters} setelah «{before}», yang tidak dapat disimpan dan biasanya tidak "
        "terlihat: hapus, lalu ketik ulang di situ.",
        "{name} holds the character {characters} after «{before}», which cannot be kept and is mostly not seen: delete "
        "it and type anew there.",
    ),
    "paper_too_long": ("{name} terlalu panjang: ringkaskan.", "{name} is too long: shorten it."),
    "paper_unknown_field": (
        "unit ini tidak menanyakan {name}: kosongkan selnya.",
        "this unit does not ask for {name}: empty the cell.",
    ),
    "paper_outdated": (
        "formulir «{text}» sudah terlalu lama diganti: ketik hanya formulir versi {allowed}.",
        "form «{text}» was replaced too long ago: type in forms of the version {allowed} only.",
    ),
    "paper_more": ("… dan {count} kesalahan lagi.", "… and {count} more problems."),
}
