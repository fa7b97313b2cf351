"""What shields the publisher's git from the machine that it runs on."""

import os
import re

BIG_PACK = "50m"
# No hook, filter or agent of the machine may change, delay or sign a commit, no power cut break the clone. Tidying up
# leaves large packs alone, or it would take longer with every year.
SETTINGS = (
    "user.name=SuKMa-e user.email=publisher@sukma.invalid core.hooksPath=/dev/null core.autocrlf=false "
    "core.symlinks=false core.sparseCheckout=false core.fsmonitor=false core.fsync=all core.fsyncMethod=batch "
    "commit.gpgSign=false push.gpgSign=false push.followTags=false push.recurseSubmodules=no protocol.ext.allow=never "
    f"gc.autoDetach=false gc.bigPackThreshold={BIG_PACK} http.lowSpeedLimit=1000 http.lowSpeedTime=30"
).split()
# Credentials and proxies are the user's business: network commands read his settings, local ones do not. Tidying up
# waits for a local command, where no time limit cuts it short.
OFFLINE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
ONLINE = ["gc.auto=0", "maintenance.auto=false"]
ALWAYS = {"GIT_TERMINAL_PROMPT": "0", "GIT_ATTR_NOSYSTEM": "1"}
# Of the caller's variables only the way to a remote is kept: GIT_DIR and the like name another repository.
KEPT = re.compile(r"GIT_(SSH|SSL|HTTP|ASKPASS|PROXY|EXEC_PATH|ALLOW_PROTOCOL|PYTHON|CONFIG_(GLOBAL|SYSTEM|NOSYSTEM)$)")
