# Sourced by the scripts in bin/: finds the clone, gives `setup base|dev`, `say`, `die` and Debian packages.
# Set-up speaks to stderr only and keeps its full story in build/setup.log; stdout belongs to the command.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
VENV="$ROOT/.venv"
PY="$VENV/bin/python"
SETUP_LOG="$ROOT/build/setup.log"
export SOILDESK_HOME="${SOILDESK_HOME:-$ROOT/var}"
export DJANGO_SETTINGS_MODULE=soildesk.settings
export PYTHONPATH="$ROOT/src" PYTHONUTF8=1 PIP_DISABLE_PIP_VERSION_CHECK=1
# Some machines forbid compiled modules beside their source; every process would then compile all it imports anew.
unset PYTHONDONTWRITEBYTECODE

say() { printf '%s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Runs a command as root where that is allowed without asking; otherwise fails.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1; fi
}

# debian_install WHY PACKAGE…: installs what is missing, or says the command that would.
debian_install() {
    local why=$1 package missing=(); shift
    for package in "$@"; do
        dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return 0
    if ! command -v apt-get >/dev/null; then
        say "Missing: ${missing[*]} ($why). Install them with this system's package manager."; return 1
    fi
    say "Installing Debian packages: ${missing[*]} ($why)"
    if ! { as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq &&
           as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
           >>"$SETUP_LOG" 2>&1; then
        say "Missing: ${missing[*]} ($why). As root, run: apt-get install --no-install-recommends ${missing[*]}"; return 1
    fi
}

# Prints the first Python of version 3.11 or later.
find_python() {
    local candidate
    for candidate in python3 python3.13 python3.12 python3.11 /usr/bin/python3; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$candidate"; return 0
        fi
    done
    return 1
}

make_venv() {
    local python
    if ! python=$(find_python); then
        debian_install "SoilDesk needs Python 3.11 or later" python3 python3-venv || return 1
        python=$(find_python) || { say "No Python 3.11 or later was found: install one and put it on PATH."; return 1; }
    fi
    if ! "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        debian_install "$python cannot make a virtual environment" python3-venv || return 1
        python=/usr/bin/python3
        if ! "$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            say "$("$python" --version) in /usr/bin cannot make a virtual environment for SoilDesk: install Python 3.11 or later with its venv module."
            return 1
        fi
    fi
    say "Making the virtual environment with $("$python" --version)"
    rm -rf "$VENV"
    "$python" -m venv "$VENV" >>"$SETUP_LOG" 2>&1
}

# What an installed set is made of: its lock file, the Python and the place, since a moved environment does not run.
fingerprint() {
    { cat "$ROOT/requirements/$1.txt"; "$PY" --version; printf '%s\n' "$ROOT"; } 2>/dev/null | sha256sum | cut -d' ' -f1
}

fresh() {
    [ -x "$PY" ] && [ "$(cat "$VENV/.stamp-$1" 2>/dev/null)" = "$(fingerprint "$1")" ]
}

# base is contained in dev, so either serves where base is asked for.
ready_for() { fresh "$1" || { [ "$1" = base ] && fresh dev; }; }

install_locked() {
    local index
    if "$PY" -m pip install -q --require-hashes -r "$ROOT/requirements/uv.txt" >>"$SETUP_LOG" 2>&1; then
        index=$("$PY" -m pip config get global.index-url 2>/dev/null || true)
        [ -n "$index" ] && export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$index}"
        "$VENV/bin/uv" pip install -q --python "$PY" --require-hashes -r "$ROOT/requirements/$1.txt" >>"$SETUP_LOG" 2>&1
    else # a machine uv has no wheel for
        "$PY" -m pip install -q --require-hashes -r "$ROOT/requirements/$1.txt" >>"$SETUP_LOG" 2>&1
    fi
}

setup_locked() {
    ready_for "$1" && return 0
    : >"$SETUP_LOG"
    if ! "$PY" -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        make_venv || return 1
    fi
    say "Installing requirements/$1.txt (once; needs a package index)"
    if ! install_locked "$1"; then
        tail -n 15 "$SETUP_LOG" >&2
        say "The packages of requirements/$1.txt could not be installed. Check the network or the package index of pip, then run again. The whole story: $SETUP_LOG"
        return 1
    fi
    fingerprint "$1" >"$VENV/.stamp-$1"
}

# setup base|dev: nothing to do, and no network needed, when the stamp is fresh. Two runs at a time wait for each other.
setup() {
    ready_for "$1" && return 0
    mkdir -p "$ROOT/build" || die "SoilDesk cannot write to $ROOT: give this user a clone of its own."
    if command -v flock >/dev/null; then
        { flock 9; setup_locked "$1" || exit 1; } 9>"$ROOT/build/.setup.lock"
    else
        setup_locked "$1" || exit 1
    fi
}

# A home of the user's own, or a database named by address, is never given example data.
has_own_data() { [ -n "${SOILDESK_DATABASE_URL:-}" ] || [ -e "$SOILDESK_HOME/soildesk.sqlite3" ]; }

demo_load() { "$PY" -m soildesk.cli demo load >&2; }

# Loads the example district into a home that has no database yet. A load that failed leaves nothing behind.
load_demo_locked() {
    has_own_data && return 0
    say "Loading the example district into $SOILDESK_HOME (once)"
    demo_load && return 0
    rm -f "$SOILDESK_HOME"/soildesk.sqlite3*
    return 1
}

load_demo() {
    has_own_data && return 0
    mkdir -p "$SOILDESK_HOME" || die "SoilDesk cannot write to $SOILDESK_HOME: set SOILDESK_HOME to a folder of your own."
    if command -v flock >/dev/null; then
        { flock 9; load_demo_locked || exit 1; } 9>"$SOILDESK_HOME/.load.lock"
    else
        load_demo_locked || exit 1
    fi
}
