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
    "backup_no_folder": (
        "{place} bukan folder: sebutkan folder tempat cadangan.",
        "{place} is no folder: name a folder for backups.",
    ),
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
    "restore_no_file": (
        "{database} seharusnya berkas basis data, tetapi bukan berkas biasa (mungkin folder): pindahkan, atau perbaiki "
        "SUKMA_DATABASE_URL. Tidak ada yang diubah.",
        "{database} should be the file of the database, but is no regular file (a folder, perhaps): move it away, or "
        "correct SUKMA_DATABASE_URL. Nothing was changed.",
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
    "restore_kept": (
        "Basis data yang diganti: {aside} (waktu tepat dan tanda kiriman di dalamnya sudah dihapus).",
        "The replaced database: {aside} (exact times and marks of posts are gone from it).",
    ),
    "restore_kept_exact": (
        "Basis data yang diganti disimpan apa adanya: {aside}. Waktu tepat dan tanda kiriman di dalamnya tidak dapat "
        "dihapus: hapus berkas itu dalam 48 jam.",
        "The replaced database is kept as it is: {aside}. Exact times and marks of posts could not be removed from it: "
        "delete it within 48 hours.",
    ),
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
    "doctor": (
        "Periksa keadaan instalasi: basis data, diska, penerbit, cadangan, jam; satu kalimat per masalah.",
        "How the installation is doing: database, disk, publisher, backup, clock; one sentence per fault.",
    ),
    "doctor_good": ("Tidak ada masalah.", "No fault."),
    "doctor_database": (
        "Basis data tidak dapat ditulisi ({reason}): jawaban ditolak sampai ini diperbaiki.",
        "The database cannot be written ({reason}): answers are refused until this is mended.",
    ),
    "doctor_disk": (
        "Ruang diska tinggal {free_mb} MB: kosongkan sebelum jawaban tidak dapat dicatat.",
        "Only {free_mb} MB of disk are left: make room before answers cannot be recorded.",
    ),
    "doctor_registry": (
        "Registri salah, salinan baik yang terakhir dipakai: jalankan sukma check. {problem}",
        "The registry has problems, its last good copy serves: run sukma check. {problem}",
    ),
    "doctor_site": ("Situs belum dibangun: jalankan sukma build.", "The site is not built: run sukma build."),
    "doctor_publisher": (
        "Penerbit terakhir berhasil {last_run_hours} jam lalu, {waiting} rilis belum terkirim: jalankan sukma publish "
        "dan baca yang dikatakannya.",
        "The publisher succeeded {last_run_hours} hours ago, {waiting} releases are not pushed: run sukma publish and "
        "read what it says.",
    ),
    "doctor_backup": (
        "Cadangan terakhir dibuat {last_hours} jam lalu: jalankan sukma backup, sebaiknya setiap hari.",
        "The last backup was made {last_hours} hours ago: run sukma backup, best every day.",
    ),
    "doctor_publisher_never": (
        "Penerbit belum pernah berhasil, {waiting} rilis belum terkirim: jalankan sukma serve atau sukma publish.",
        "The publisher never succeeded, {waiting} releases are not pushed: run sukma serve or sukma publish.",
    ),
    "doctor_backup_never": (
        "Cadangan belum pernah dibuat: jalankan sukma backup, sebaiknya setiap hari.",
        "No backup was ever made: run sukma backup, best every day.",
    ),
    "doctor_exact_times": (
        "Waktu tepat atau tanda kiriman berumur {oldest_hours} jam masih disimpan, paling lama 48: jalankan sukma "
        "serve atau sukma publish.",
        "Exact times or marks of posts of {oldest_hours} hours ago are still held, 48 at most: run sukma serve or "
        "sukma publish.",
    ),
    "doctor_clock": (
        "Jam mesin ini lebih lambat daripada jawaban terbaru: periksa jam dan NTP.",
        "The clock of this machine is behind the newest answer: check clock and NTP.",
    ),
    "doctor_replaced": (
        "{file}, terakhir ditulis {hours} jam lalu, mungkin masih memuat waktu tepat dan tanda kiriman: hapus sebelum "
        "48 jam.",
        "{file}, last written {hours} hours ago, may still hold exact times and marks of posts: delete it before 48 "
        "hours.",
    ),
    "doctor_limits": (
        "SUKMA_LIMITS=off: batas kiriman dicabut; hapus setelan ini kecuali untuk uji coba.",
        "SUKMA_LIMITS=off: the ceilings of the intake are lifted; unset it except for benchmarks.",
    ),
    "doctor_remote": (
        "Repositori situs tidak dapat dihubungi: {id}",
        "The site repository cannot be reached: {en}",
    ),
    "doctor_clone": (
        "{folder} bukan klon milik penerbit dan mungkin memuat pekerjaan seseorang: pindahkan, atau sebutkan folder "
        "lain dengan SUKMA_SITE_REPO.",
        "{folder} is not the publisher's clone and may hold somebody's own work: move it away, or name another folder "
        "with SUKMA_SITE_REPO.",
    ),
    "doctor_old_build": (
        "{folder} adalah situs lama yang tidak dapat dihapus: periksa hak berkasnya, lalu hapus folder itu.",
        "{folder} is a former site that could not be removed: look at the rights of its files, then delete it.",
    ),
    "doctor_publish_failed": (
        "Penerbitan terakhir gagal: {reason}",
        "The last publishing run failed: {reason}",
    ),
    "doctor_private": (
        "{file} dapat dibaca pengguna lain mesin ini: chmod 600 {file}",
        "{file} can be read by other users of this machine: chmod 600 {file}",
    ),
    "drill_bad": (
        "Latihan gagal: yang dipulihkan tidak sama dengan basis data. Jangan andalkan cadangan ini.",
        "The drill failed: what was restored is not what the database held. Do not rely on these backups.",
    ),
}
