#!/bin/sh
# A private RabbitMQ node for development and tests: loopback only, its own data, epmd and cookie, no trace after `stop`.
#
#   rabbitmq.sh start DIR AMQP_PORT    boots a node whose everything lives in DIR; prints NADHIR_AMQP_URL...=... lines
#   rabbitmq.sh kill DIR               kill -9 of the node (epmd stays), for tests
#   rabbitmq.sh restart DIR            ends the node if it runs and boots it again on the same data; prints the lines again
#   rabbitmq.sh urls DIR               prints the lines once more
#   rabbitmq.sh ctl DIR ARGS...        rabbitmqctl against this node
#   rabbitmq.sh stop DIR               ends node and epmd; DIR keeps data and logs and may then be removed
#
# Ports: AMQP_PORT, and on loopback AMQP_PORT+10000 (epmd) and +20000 (distribution), or -10000 and -20000 above 45535;
# NADHIR_EPMD_PORT and NADHIR_DIST_PORT override them. Several nodes run side by side when their ports differ.
# As root the node runs as NADHIR_RABBITMQ_USER (default `rabbitmq`, from the package), who must be able to reach DIR.
# Installing: `apt-get install -y --no-install-recommends rabbitmq-server`. Where services may start, its post-install
# leaves a public epmd on 0.0.0.0:4369 and perhaps a public node: stop the service, and end that epmd by its pid.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
bin=/usr/lib/rabbitmq/bin

fail() { echo "rabbitmq.sh: $*" >&2; exit 1; }
usage() { sed -n '4,9s/^# *//p' "$0" >&2; exit 2; }

verb=${1:-}; dir=${2:-}
[ -n "$verb" ] && [ -n "$dir" ] || usage
shift 2

# Operators whose credentials a development node knows; their passwords are their names.
operators="omantel ooredoo vodafone"

load() {
    [ -f "$dir/port" ] || fail "nothing was started in $dir"
    dir=$(cd "$dir" && pwd)
    port=$(cat "$dir/port")
    epmd_port=$(cat "$dir/epmd_port")
    dist_port=$(cat "$dir/dist_port")
}

# Runs a command with this node's environment and nobody's privileges.
as_node() {
    set -- env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME="$dir/home" \
        RABBITMQ_NODENAME="nadhir$port@localhost" RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_NODE_PORT="$port" \
        RABBITMQ_DIST_PORT="$dist_port" RABBITMQ_MNESIA_BASE="$dir/data" RABBITMQ_LOG_BASE="$dir/log" \
        RABBITMQ_PID_FILE="$dir/data/pid" RABBITMQ_ENABLED_PLUGINS_FILE="$dir/conf/enabled_plugins" \
        RABBITMQ_CONFIG_FILE="$dir/conf/rabbitmq" RABBITMQ_CONF_ENV_FILE=/dev/null \
        ERL_EPMD_ADDRESS=127.0.0.1 ERL_EPMD_PORT="$epmd_port" \
        RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}" "$@"
    if [ "$(id -u)" = 0 ]; then
        user=${NADHIR_RABBITMQ_USER:-rabbitmq}
        set -- setpriv --reuid "$user" --regid "$(id -g "$user")" --clear-groups "$@"
    fi
    cd "$dir"
    exec "$@"
}

running() { [ -s "$dir/data/pid" ] && kill -0 "$(cat "$dir/data/pid")" 2>/dev/null; }

gone() { # PID SECONDS: waits until that process has ended
    i=0
    while kill -0 "$1" 2>/dev/null; do
        i=$((i + 1)); [ $i -le $(($2 * 20)) ] || return 1
        sleep 0.05
    done
}

write_settings() {
    mkdir -p "$dir/home" "$dir/data" "$dir/log" "$dir/conf/definitions"
    echo '[].' > "$dir/conf/enabled_plugins"
    # Definitions are loaded by the node while it boots: no separate rabbitmqctl, each of which costs a second.
    {
        printf '{"users":['
        for user in hub hub-drill $operators; do
            [ "$user" = hub ] || printf ','
            printf '{"name":"%s","password":"%s","tags":""}' "$user" "$user"
        done
        printf ']}\n'
    } > "$dir/conf/definitions/10-users.json"
    cp "$here/../rabbitmq/permissions.json" "$dir/conf/definitions/20-permissions.json"
    cat > "$dir/conf/rabbitmq.conf" <<CONF
load_definitions = $dir/conf/definitions
disk_free_limit.absolute = 50MB
raft.wal_max_size_bytes = 67108864
log.file.level = info
CONF
    if [ "$(id -u)" = 0 ]; then chown -R "${NADHIR_RABBITMQ_USER:-rabbitmq}" "$dir/home" "$dir/data" "$dir/log" "$dir/conf"; fi
}

start_epmd() {
    if [ -s "$dir/epmd.pid" ] && kill -0 "$(cat "$dir/epmd.pid")" 2>/dev/null; then return; fi
    (as_node setsid epmd -port "$epmd_port" -address 127.0.0.1) >"$dir/log/epmd" 2>&1 </dev/null &
    echo $! > "$dir/epmd.pid"
}

boot() {
    start_epmd
    rm -f "$dir/data/pid"
    : > "$dir/log/boot"
    # A session of its own, as epmd has: Ctrl-C at the caller's terminal must not end the node half way.
    (as_node setsid "$bin/rabbitmq-server") >"$dir/log/boot" 2>&1 </dev/null &
    shell=$!
    # "completed with N plugins" is the last line of a boot: listeners are open, definitions are loaded.
    i=0
    until grep -q 'completed with' "$dir/log/boot"; do
        kill -0 "$shell" 2>/dev/null || { tail -n 20 "$dir/log/boot" >&2; fail "the node ended while booting; see $dir/log"; }
        i=$((i + 1)); [ $i -le 1200 ] || fail "the node was not up after 60 s; see $dir/log"
        sleep 0.05
    done
}

end_node() { # SIGNAL
    running || return 0
    pid=$(cat "$dir/data/pid")
    kill "-$1" "$pid" 2>/dev/null || true
    gone "$pid" 15 || { kill -KILL "$pid" 2>/dev/null || true; gone "$pid" 5 || fail "process $pid does not end"; }
    rm -f "$dir/data/pid"
}

urls() {
    echo "NADHIR_AMQP_URL=amqp://hub:hub@127.0.0.1:$port/nadhir"
    echo "NADHIR_AMQP_URL_DRILL=amqp://hub-drill:hub-drill@127.0.0.1:$port/nadhir"
    for user in $operators; do
        echo "NADHIR_AMQP_URL_$(echo "$user" | tr '[:lower:]' '[:upper:]')=amqp://$user:$user@127.0.0.1:$port/nadhir"
    done
}

case $verb in
start)
    [ $# = 1 ] || usage
    [ -x $bin/rabbitmq-server ] || fail "no RabbitMQ here: apt-get install -y --no-install-recommends rabbitmq-server"
    mkdir -p "$dir"; dir=$(cd "$dir" && pwd)
    running && fail "a node is running in $dir already"
    port=$1; step=10000; [ "$port" -le 45535 ] || step=-10000
    epmd_port=${NADHIR_EPMD_PORT:-$((port + step))}
    dist_port=${NADHIR_DIST_PORT:-$((port + 2 * step))}
    echo "$port" > "$dir/port"; echo "$epmd_port" > "$dir/epmd_port"; echo "$dist_port" > "$dir/dist_port"
    write_settings
    boot
    urls ;;
restart) load; end_node TERM; boot; urls ;;
kill) load; running || fail "no node is running in $dir"; end_node KILL ;;
urls) load; urls ;;
ctl) load; (as_node "$bin/rabbitmqctl" "$@") ;;
stop)
    load
    end_node TERM
    if [ -s "$dir/epmd.pid" ]; then
        pid=$(cat "$dir/epmd.pid")
        kill "$pid" 2>/dev/null || true
        gone "$pid" 5 || kill -KILL "$pid" 2>/dev/null || true
        rm -f "$dir/epmd.pid"
    fi
    # Erlang's tools start another epmd where they find none.
    (as_node epmd -port "$epmd_port" -kill) >/dev/null 2>&1 || true ;;
*) usage ;;
esac
