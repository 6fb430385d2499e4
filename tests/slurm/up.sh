#!/usr/bin/env bash
# Start a Slurm of one node in a folder: up.sh DIR, then export SLURM_CONF=DIR/slurm.conf. Needs root and the packages
# slurmctld, slurmd, slurm-client and munge. Listens on 127.0.0.1 alone; down.sh DIR stops what was started.
set -euo pipefail
dir=$1 here=$(cd "$(dirname "$0")" && pwd) node=$(hostname -s)
mkdir -p "$dir"/{state,spool,log}
grep -qw "$node" /etc/hosts || echo "127.0.0.1 $node" >>/etc/hosts

(umask 077 && head -c 1024 /dev/urandom >"$dir/munge.key")
munged --force --key-file="$dir/munge.key" --socket="$dir/munge.sock" --pid-file="$dir/munged.pid" \
    --log-file="$dir/log/munged.log" --seed-file="$dir/munge.seed" --num-threads=2

# free ports, so that two clusters, or one that a killed test left behind, are not in each other's way
read -r control noded < <(python3 - <<'EOF'
import socket
with socket.socket() as one, socket.socket() as two:
    one.bind(("127.0.0.1", 0)), two.bind(("127.0.0.1", 0))
    print(one.getsockname()[1], two.getsockname()[1])
EOF
)
memory=$(awk '/MemTotal/ { print int($2 / 1024 * 0.9) }' /proc/meminfo)
sed -e "s#@DIR@#$dir#g" -e "s#@NODE@#$node#g" -e "s#@CPUS@#$(nproc)#g" -e "s#@MEMORY@#$memory#g" \
    -e "s#@CONTROL@#$control#g" -e "s#@NODED@#$noded#g" \
    "$here/slurm.conf.in" >"$dir/slurm.conf"
export SLURM_CONF="$dir/slurm.conf"
slurmctld -c -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF"
for _ in $(seq 100); do
    [ "$(sinfo --noheader --format=%t 2>/dev/null | head -n 1)" = idle ] && exit 0
    sleep 0.2
done
tail -n 20 "$dir"/log/*.log >&2
exit 1
