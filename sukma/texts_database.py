"""What the commands about the database say, in Indonesian and English."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "migrate": (
        "Perbarui tabel basis data; dengan --to, salin semuanya ke PostgreSQL yang masih kosong.",
        "Bring the database's tables up to date; with --to, copy everything into an empty PostgreSQL.",
    ),
    "opt_to": (
        "Basis data tujuan, misalnya postgresql://sukma@db.internal/sukma.",
        "The database to copy into, such as postgresql://sukma@db.internal/sukma.",
    ),
    "opt_backed_up": (
        "PostgreSQL: cadangan sudah dibuat dengan pg_dump, tabel yang berisi jawaban boleh diubah.",
        "PostgreSQL: a backup was made with pg_dump, tables that hold answers may be changed.",
    ),
    "bad_target": (
        "--to membutuhkan alamat PostgreSQL: postgresql://pengguna@host/basisdata.",
        "--to needs an address of PostgreSQL: postgresql://user@host/database.",
    ),
    "up_to_date": ("Tabel sudah versi terbaru ({after}).", "The tables are up to date ({after})."),
    "migrated": ("Tabel diperbarui: {before} → {after}.", "Tables brought up to date: {before} → {after}."),
    "copied_table": ("  {table}: {rows} baris", "  {table}: {rows} rows"),
    "copied": (
        "{answers} jawaban ada di {database}; jumlah baris dan hitungannya sama dengan aslinya.\n"
        "Sekarang isi SUKMA_DATABASE_URL dengan alamat itu untuk sukma serve dan sukma publish, lalu jalankan lagi. "
        "Basis data lama tetap lengkap kecuali waktu tepat dan tanda kiriman, yang sudah dihapus: simpan sebagai "
        "cadangan, jangan dipakai menerima jawaban lagi.",
        "{answers} answers are in {database}; rows and tallies equal the original's.\n"
        "Now set SUKMA_DATABASE_URL to that address for sukma serve and sukma publish, and start them again. "
        "The old database still holds all but exact times and marks of posts, which it has forgotten: keep it as a "
        "backup, and let it take no more answers.",
    ),
    "lost_lock": (
        "Basis data memutus sambungan yang menahan penerbit lain: terbitkan lagi.",
        "the database ended the connection that keeps other publishers out: publish again",
    ),
    "newer_schema": (
        "Tabel basis data ini versi {found}, program ini mengenalnya sampai {known}: pasang kembali SuKMa-e yang "
        "lebih baru.",
        "the database has tables of version {found}, this program knows them up to {known}: "
        "install the newer version of SuKMa-e again",
    ),
    "not_backed_up": (
        "Basis data ini berisi jawaban dalam tabel versi {found}; memperbaruinya ke {known} tidak dapat dibatalkan. "
        "Buat cadangan dengan pg_dump, lalu jalankan sukma migrate --backed-up.",
        "the database holds answers in tables of version {found}, and bringing them to {known} cannot be undone: "
        "make a backup with pg_dump, then run sukma migrate --backed-up",
    ),
    "wrong_encoding": (
        "Basis data ini menyimpan teks sebagai {encoding}: buat basis data dengan ENCODING 'UTF8'.",
        "the database stores texts as {encoding}: create one with ENCODING 'UTF8'",
    ),
    "in_use": (
        "{path} sedang dipakai: hentikan dahulu sukma serve dan sukma publish.",
        "{path} is in use: stop sukma serve and sukma publish first",
    ),
    "older_schema": (
        "Tabel basis data ini versi {found}, bukan {known}: jalankan dahulu sukma migrate.",
        "the database has tables of version {found}, not {known}: run sukma migrate first",
    ),
    "nothing_to_copy": (
        "{place} bukan berkas SQLite yang berisi jawaban: tidak ada yang perlu disalin; cukup isi SUKMA_DATABASE_URL.",
        "{place} is no file of SQLite with answers: there is nothing to copy, set SUKMA_DATABASE_URL",
    ),
    "not_empty": (
        "Basis data tujuan tidak kosong (tabel {table}): sebutkan yang kosong.",
        "the database to copy into is not empty (table {table}): name an empty one",
    ),
    "still_exact": (
        "Semua sudah tersalin, tetapi waktu tepat dan tanda kiriman masih ada di {place} ({reason}): hapus berkas itu "
        "dalam 48 jam. Isi SUKMA_DATABASE_URL dengan alamat yang baru.",
        "everything was copied, but {place} still holds exact times and marks of posts ({reason}): delete it within "
        "48 hours. Set SUKMA_DATABASE_URL to the new address.",
    ),
    "unequal": (
        "Salinan berbeda dari aslinya pada {what}: tidak ada yang disimpan.",
        "the copy differs from the original in {what}: nothing was kept of it",
    ),
}
