#!/bin/sh
# The proof that both commands of the README work on a bare machine: a fresh tree of Debian's
# smallest set with python3, git, make and certificates, in which a clone of this repository runs
# `make demo` (twice) and `make test`.
#
#     sh tools/bare_machine.sh [demo|test]...      as root; both when nothing is named
#     BARE_TREE=… BARE_INCLUDE=… sh tools/bare_machine.sh tree     only makes it, of other packages
#
# How this machine reaches Debian and Python packages (proxies, certificates, apt's and pip's
# configuration) is handed into the tree at run time. BARE_TREE= keeps the tree at a place of your
# own and uses it again; DEBIAN_MIRROR= and SUITE= choose what it is made from.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
suite=${SUITE:-bookworm}
words=${*:-demo test}
port=8765

if [ "$(id -u)" -ne 0 ]; then
    echo "candide: bare_machine.sh makes a tree with debootstrap and enters it: run it as root." >&2
    exit 1
fi

kept=${BARE_TREE:-}
tree=${BARE_TREE:-$(mktemp -d /var/tmp/candide-bare-XXXXXX)}
inside_pid=
tidy() {
    [ -z "$inside_pid" ] || kill "$inside_pid" 2>/dev/null || true
    for mounted in dev/shm dev/pts dev proc; do
        umount -l "$tree/$mounted" 2>/dev/null || true
    done
    [ -n "$kept" ] || rm -rf --one-file-system "$tree"
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM

# -- The tree -------------------------------------------------------------------------------------
if [ ! -e "$tree/etc/debian_version" ]; then
    echo "==> debootstrap --variant=minbase $suite"
    # shellcheck disable=SC2086 -- no mirror means debootstrap's own
    debootstrap --variant=minbase --include="${BARE_INCLUDE:-python3,git,make,ca-certificates}" \
        "$suite" "$tree" ${DEBIAN_MIRROR:-} >"$tree.log" 2>&1 || { tail -20 "$tree.log" >&2; exit 1; }
    rm -f "$tree.log"
fi
chmod 755 "$tree"  # mktemp closes it, and PostgreSQL runs as somebody else
mkdir -p "$tree/dev/pts" "$tree/dev/shm" "$tree/proc"
mount -t proc proc "$tree/proc"
mount --bind /dev "$tree/dev"
mount -t tmpfs tmpfs "$tree/dev/shm" 2>/dev/null || true

# -- This machine's way to the packages -----------------------------------------------------------
cp /etc/resolv.conf /etc/hosts "$tree/etc/" 2>/dev/null || true
rm -f "$tree/etc/apt/sources.list"
cp -r /etc/apt/. "$tree/etc/apt/"
cp /usr/share/keyrings/*.gpg "$tree/usr/share/keyrings/" 2>/dev/null || true
for file in /etc/pip.conf "${SSL_CERT_FILE:-}" "${REQUESTS_CA_BUNDLE:-}" "${PIP_CERT:-}"; do
    if [ -n "$file" ] && [ -f "$file" ]; then
        mkdir -p "$tree$(dirname "$file")"
        cp -L "$file" "$tree$file"
    fi
done
handed=$(env | sed -n -E \
    's/^((http|https|no|all|HTTP|HTTPS|NO|ALL)_(proxy|PROXY)|PIP_[A-Z_]+|UV_[A-Z_]+|SSL_CERT_FILE|REQUESTS_CA_BUNDLE)=.*/\1/p')
set -- "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin" "HOME=/root" "CI=true"
for name in $handed; do
    set -- "$@" "$name=$(printenv "$name")"
done

# -- What is committed, and nothing else ----------------------------------------------------------
rm -rf "$tree/srv/candide"
git clone --quiet --no-local "$root" "$tree/srv/candide"
answer() {
    python3 -c '
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
print(opener.open(sys.argv[1], timeout=5).read().decode())' "http://127.0.0.1:$port/healthz" 2>/dev/null
}

for word in $words; do
    case $word in
    tree) ;;
    demo)
        for time in first second; do
            echo "==> make demo, the $time time"
            begun=$(date +%s)
            chroot "$tree" env -i "$@" PORT=$port make -C /srv/candide demo &
            inside_pid=$!
            until [ "$(answer)" = ok ]; do
                kill -0 "$inside_pid" 2>/dev/null || { echo "make demo ended" >&2; exit 1; }
                [ $(($(date +%s) - begun)) -lt 1200 ] || { echo "make demo is too slow" >&2; exit 1; }
                sleep 1
            done
            echo "==> answers after $(($(date +%s) - begun)) s"
            kill -TERM "$inside_pid"
            wait "$inside_pid" || true
            inside_pid=
            until [ "$(answer)" != ok ]; do sleep 1; done
        done
        ;;
    test)
        echo "==> make test"
        chroot "$tree" env -i "$@" make -C /srv/candide test
        ;;
    *)
        echo "usage: sh tools/bare_machine.sh [demo|test|tree]..." >&2
        exit 1
        ;;
    esac
done
echo "==> the bare machine is content"
