#!/bin/sh
# one-node.sh FOLDER COMMAND...: runs COMMAND with a Slurm of its own on this machine, one node, no
# cgroups, no munge, everything in FOLDER; stops it afterwards. Needs root. Exit 77: it does not start.
set -u
folder=$1
shift
host=$(hostname -s)
mkdir -p "$folder/state" "$folder/spool"
port=$((20000 + $$ % 20000))
cat >"$folder/slurm.conf" <<END
ClusterName=fusho
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/none
CredType=cred/none
SlurmctldPort=$port
SlurmdPort=$((port + 1))
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/slurmctld.pid
SlurmdPidFile=$folder/slurmd.pid
SlurmctldLogFile=$folder/slurmctld.log
SlurmdLogFile=$folder/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SwitchType=switch/none
MpiDefault=none
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=$(awk '/^MemTotal/ { print int($2 / 1024) - 64 }' /proc/meminfo) State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP
END
SLURM_CONF=$folder/slurm.conf
export SLURM_CONF
stop() {
    for daemon in slurmd slurmctld; do
        [ ! -s "$folder/$daemon.pid" ] || kill "$(cat "$folder/$daemon.pid")" 2>/dev/null
    done
    i=0
    while [ $i -lt 50 ] && { [ -e "$folder/slurmd.pid" ] || [ -e "$folder/slurmctld.pid" ]; }; do
        sleep 0.2
        i=$((i + 1))
    done
}
trap stop EXIT
slurmctld -c && slurmd || exit 77
i=0
until sinfo -h -o %T 2>/dev/null | grep -q idle; do
    sleep 0.5
    i=$((i + 1))
    [ $i -lt 40 ] || { cat "$folder"/*.log >&2; exit 77; }
done
"$@"
