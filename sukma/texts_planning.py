"""What `sukma plan` says, in Indonesian and English."""

from collections.abc import Mapping

TEXTS: Mapping[str, tuple[str, str]] = {
    "plan": (
        "Tunjukkan apa yang diubah oleh suntingan sebelum dibangun: halaman, poster, alih alamat, deret nilai.",
        "What an edit would change before it is built: pages, posters, redirects, series.",
    ),
    "opt_against": (
        "Bandingkan dengan revisi git folder ini, misalnya HEAD (baku: situs yang terakhir dibangun).",
        "Compare with a revision of this folder's git, such as HEAD (default: the site as last built).",
    ),
    "plan_nothing": ("Tidak ada yang berubah.", "Nothing would change."),
    "plan_site": ("Pengaturan situs: {keys}.", "Settings of the site: {keys}."),
    "plan_units": (
        "Unit: {made} ditambah, {changed} berubah, {removed} dihapus.",
        "Units: {made} added, {changed} changed, {removed} removed.",
    ),
    "plan_organisations": (
        "Organisasi: {made} ditambah, {changed} berubah, {removed} dihapus.",
        "Organisations: {made} added, {changed} changed, {removed} removed.",
    ),
    "plan_pages": (
        "Halaman: {made} dibuat, {changed} berubah, {removed} dihapus.",
        "Pages: {made} made, {changed} changed, {removed} removed.",
    ),
    "plan_folder": ("{folder}… ({count} halaman)", "{folder}… ({count} pages)"),
    "plan_every_page": ("Setiap alamat disebut dengan --json.", "Every address is told with --json."),
    "plan_words": (
        "Tulisan di site_src: {made} berkas ditambah, {changed} berubah, {removed} dihapus.",
        "Words in site_src: {made} files added, {changed} changed, {removed} removed.",
    ),
    "plan_posters": ("Poster yang perlu dicetak: {count}.", "Posters to print: {count}."),
    "plan_poster": ("  {unit} {name}: {because}", "  {unit} {name}: {because}"),
    "plan_because_new": ("poster baru", "new poster"),
    "plan_because_address": ("alamat dan kode QR berubah", "address and QR code change"),
    "plan_because_name": ("nama berubah", "name changes"),
    "plan_because_organisation": ("nama organisasi berubah", "organisation's name changes"),
    "plan_because_language": ("bahasa kedua berubah", "second language changes"),
    "plan_redirects": ("Kode yang beralih tujuan: {count}.", "Codes that lead elsewhere: {count}."),
    "plan_redirect": ("  /s/{unit}/: {before} -> {after}", "  /s/{unit}/: {before} -> {after}"),
    "plan_closed_page": ("halaman tutup", "closed page"),
    "plan_series": (
        "Deret nilai yang terputus (kuesioner berganti): {count}.",
        "Series that break (another questionnaire): {count}.",
    ),
    "plan_one_series": ("  {unit}: {before} -> {after}", "  {unit}: {before} -> {after}"),
    "plan_hanging": ("Poster yang masih tergantung: {count} unit.", "Posters that still hang: {count} unit(s)."),
    "plan_hanging_closed": (
        "  {unit} {name}: ditutup. Turunkan posternya.",
        "  {unit} {name}: closed. Take its posters down.",
    ),
    "plan_hanging_successor": (
        "  {unit} {name}: dilayani {to}. Ganti posternya dengan poster {to}.",
        "  {unit} {name}: served by {to}. Replace its posters by those of {to}.",
    ),
    "plan_hanging_missing": (
        "  {unit} {name}: dihapus dari registri. Kode yang tercetak tidak menuju halaman mana pun (404).",
        "  {unit} {name}: removed from the registry. The printed code leads to no page (404).",
    ),
    "plan_hanging_gone": (
        "  {unit} {name}: dihapus dari registri. Kode yang tercetak hanya menuju pemberitahuan bahwa unit ini tutup.",
        "  {unit} {name}: removed from the registry. The printed code leads to a notice that the unit is closed.",
    ),
    "plan_orphans": (
        "{count} unit dihapus padahal posternya mungkin tergantung: kembalikan dengan status: closed, atau tulis "
        "kodenya dalam retired bila belum pernah dicetak.",
        "{count} unit(s) removed though posters may hang: put them back with status: closed, or list the code under "
        "retired if it was never printed.",
    ),
    "plan_code_changed": (
        "{unit} {name}: kodenya diganti menjadi {now}. Kode tidak pernah diubah: tulis {unit} kembali.",
        "{unit} {name}: its code became {now}. A code never changes: write {unit} again.",
    ),
    "no_history": (
        "Folder {folder} tidak mempunyai riwayat git yang dapat dibaca ({reason}): tanpa --against, pembanding adalah "
        "situs yang terakhir dibangun.",
        "{folder} has no git history that can be read ({reason}): without --against the last build is compared.",
    ),
    "no_revision": (
        "Git folder {folder} tidak mengenal revisi {revision!r}: lihat git log, atau tulis HEAD.",
        "The git of {folder} knows no revision {revision!r}: look at git log, or write HEAD.",
    ),
    "not_then": (
        "Pada revisi {revision!r} belum ada {file}: pilih revisi yang lebih baru.",
        "There is no {file} at revision {revision!r}: choose a newer one.",
    ),
    "link_outside": (
        "Dalam {commit}, {path} adalah tautan simbolik yang tidak menuju berkas dalam commit itu: pilih revisi lain; "
        "tanpa --against, pembanding adalah situs yang terakhir dibangun.",
        "In {commit} {path} is a symbolic link that leads to no file of that commit: choose another revision; without "
        "--against the last build is compared.",
    ),
    "nothing_built": (
        "{link}: belum ada situs yang dibangun untuk dibandingkan. Jalankan sukma build, atau sebut revisi dengan "
        "--against.",
        "{link}: no site was built to compare with. Run sukma build, or name a revision with --against.",
    ),
    "nothing_kept": (
        "{place} tidak ada atau tidak terbaca: situs sudah dibangun, tetapi tidak diketahui lagi dari apa. Jalankan "
        "sukma build, atau sebut revisi dengan --against.",
        "{place} is missing or cannot be read: a site was built, but no longer is it known from what. Run sukma build, "
        "or name a revision with --against.",
    ),
    "unreadable_then": (
        "Registri yang dibandingkan mempunyai {count} kesalahan: pilih revisi lain. Yang pertama: {first_id}",
        "The registry to compare with has {count} mistake(s): choose another revision. The first: {first_en}",
    ),
}
