#!/usr/bin/env bash
# Stop the daemons that up.sh started in a folder: down.sh DIR
for daemon in slurmd slurmctld munged; do
    [ -s "$1/$daemon.pid" ] && kill "$(cat "$1/$daemon.pid")" 2>/dev/null
done
exit 0
