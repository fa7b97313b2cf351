"""What backup, restore and drills say, in Indonesian and English."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "backup": (
        "Buat cadangan selagi server berjalan: satu folder dengan daftar sha256.",
        "Make a backup while the server runs: one folder with a list of sha256.",
    ),
    "restore": (
        "Pulihkan cadangan; server dihentikan dahulu. Basis data yang diganti disimpan di sampingnya.",
        "Restore a backup; stop the server first. The database that is replaced is kept beside it.",
    ),
    "drill": (
        "Latihan. restore: buat cadangan, pulihkan di folder sementara, bandingkan; tanpa bekas.",
        "A drill. restore: make a backup, restore it into a temporary folder, compare; leaves no trace.",
    ),
    "opt_backups": ("Folder tempat cadangan (baku: var/backups).", "Folder of backups (default: var/backups)."),
    "opt_keep": ("Hapus cadangan lama di folder itu kecuali sebanyak ini.", "Delete older backups there but so many."),
    "opt_yes": ("Tanpa bertanya.", "Without asking."),
    "backed_up": (
        "Cadangan {folder}: {answers} jawaban, {bytes} bita. Simpan salinannya di mesin lain.",
        "Backup {folder}: {answers} answers, {bytes} bytes. Keep a copy of it on another machine.",
    ),
    "backup_pruned": ("Cadangan lama dihapus: {count}.", "Older backups deleted: {count}."),
    "backup_postgresql": (
        "Basis data ini PostgreSQL: cadangkan dengan pg_dump dan pulihkan dengan pg_restore.",
        "This database is PostgreSQL: back it up with pg_dump and restore it with pg_restore.",
    ),
    "backup_unreadable": (
        "{folder} bukan folder cadangan: manifest.json tidak ada atau tidak dapat dibaca.",
        "{folder} is no backup: manifest.json is missing or cannot be read.",
    ),
    "backup_damaged": (
        "{folder} rusak, tidak ada yang diubah. Berkas yang tidak cocok dengan manifest.json: {files}.",
        "{folder} is damaged, nothing was changed. Files that are not what manifest.json says: {files}.",
    ),
    "backup_newer": (
        "Cadangan ini dibuat oleh versi yang lebih baru ({program}, skema {revision}): pasang versi itu dahulu, "
        "yang terpasang {own}.",
        "This backup was made by a newer version ({program}, schema {revision}): install that first, this is {own}.",
    ),
    "restore_in_use": (
        "{database} sedang dipakai: hentikan server dan penerbit dahulu.",
        "{database} is in use: stop server and publisher first.",
    ),
    "restore_ask": (
        "Ganti basis data dengan {now} jawaban dengan cadangan {made} ({answers} jawaban)?",
        "Replace the database of {now} answers by the backup of {made} ({answers} answers)?",
    ),
    "restore_refused": (
        "Tidak ada yang diubah. Tanpa bertanya: --yes.",
        "Nothing was changed. Without asking: --yes.",
    ),
    "restored": (
        "Dipulihkan: {answers} jawaban, keadaan {made}.",
        "Restored: {answers} answers, as of {made}.",
    ),
    "restore_kept": ("Basis data yang diganti: {aside}", "The replaced database: {aside}"),
    "restore_words": (
        "Berkas yang dikembalikan karena tidak ada: {put}; yang berbeda dan dibiarkan: {differ}.",
        "Files put back because they were missing: {put}; different ones left as they are: {differ}.",
    ),
    "restore_remote": ("Repositori situs dibuat dari cadangan.", "The site repository was made from the backup."),
    "drill_good": (
        "Latihan berhasil: cadangan {backup} detik, pemulihan {restore} detik, {answers} jawaban dan {tallies} "
        "baris hitungan sama.",
        "The drill went well: backup {backup} s, restoring {restore} s, {answers} answers and {tallies} "
        "rows of counts are the same.",
    ),
    "drill_bad": (
        "Latihan gagal: yang dipulihkan tidak sama dengan basis data. Jangan andalkan cadangan ini.",
        "The drill failed: what was restored is not what the database held. Do not rely on these backups.",
    ),
}
